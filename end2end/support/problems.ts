// What a browser complains about is a fault of the page: faults of hydration and of the content security policy speak this way only.

import type { BrowserContext, Page } from "@playwright/test";

/** Collects the complaints of all pages of a context. */
export class Problems {
  #found: string[] = [];
  #expected: RegExp[] = [];

  /** Says that a complaint is part of the test, such as the console's note about a page answered with 403. */
  expect(complaint: RegExp): void {
    this.#expected.push(complaint);
  }

  /** The complaints nobody expected. */
  get unexpected(): string[] {
    return this.#found.filter((text) => !this.#expected.some((complaint) => complaint.test(text)));
  }

  /** Listens to a context from before its first page on. */
  async watch(context: BrowserContext): Promise<void> {
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`content security policy: ${event.violatedDirective} blocks ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`);
      });
    });
    context.on("page", (page) => this.#listen(page));
  }

  #listen(page: Page): void {
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        this.#found.push(`${page.url()}: console ${message.type()}: ${message.text()} ${message.location().url}`);
      }
    });
    page.on("pageerror", (error) => this.#found.push(`${page.url()}: ${error.stack ?? error.message}`));
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "unknown";
      // What a page still loads when one leaves it is abandoned, and a download is taken out of the page: neither is a fault.
      if (reason !== "net::ERR_ABORTED") this.#found.push(`${page.url()}: ${request.method()} ${request.url()} failed: ${reason}`);
    });
    page.on("crash", () => this.#found.push(`${page.url()}: the page crashed`));
  }
}
