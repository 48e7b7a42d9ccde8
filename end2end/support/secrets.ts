// Secrets that a test planted must not be found anywhere but where they belong: this looks through all that the program said.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { BrowserContext, Response } from "@playwright/test";

import type { Program } from "./program.mjs";

/** One answer of the program, as the browser got it. */
interface Answer {
  request: string;
  text: string;
}

/** A value that must stay where it is. */
interface Secret {
  name: string;
  forms: Buffer[];
  allowed: RegExp | null;
}

/** Records every answer, knows every planted secret, and finds the one in the other. */
export class Secrets {
  #answers: Answer[] = [];
  #reading = new Set<Promise<void>>();
  #secrets: Secret[] = [];
  #seen = new Set<string>();

  /**
   * Notes a secret. It may appear in answers to requests that match `allowedIn` ("POST /reveal"), and nowhere else; never in the
   * program's output or its files.
   */
  plant(name: string, value: string, allowedIn: RegExp | null = null): void {
    if (value.length < 8) throw new Error(`${name} is too short to be looked for`);
    const bytes = Buffer.from(value);
    const forms = [value, encodeURIComponent(value), bytes.toString("base64").replace(/=+$/, ""), bytes.toString("hex")];
    this.#secrets.push({ name, forms: [...new Set(forms)].map((form) => Buffer.from(form)), allowed: allowedIn });
  }

  /** Records the answers that a context gets, from now on. */
  watch(context: BrowserContext): void {
    context.on("response", (response) => {
      const reading = this.#record(response).finally(() => this.#reading.delete(reading));
      this.#reading.add(reading);
    });
  }

  async #record(response: Response): Promise<void> {
    const address = new URL(response.url());
    const request = `${response.request().method()} ${address.pathname}${address.search}`;
    const headers = await response.headersArray().catch(() => []);
    const isSite = /\.(wasm|woff2|js|css|svg)$/.test(address.pathname);
    // The same file of the site again and again says nothing new.
    if (isSite && this.#seen.has(address.pathname)) return;
    this.#seen.add(address.pathname);
    for (const { name, value } of headers) {
      // The one place where a session's id belongs; what it is, is told to all others.
      const session = name.toLowerCase() === "set-cookie" ? /^[^=]+=([^;]{16,})/.exec(value)?.[1] : undefined;
      if (session && !this.#secrets.some((secret) => secret.forms[0]?.equals(Buffer.from(session)))) this.plant("a session id", session);
    }
    const shown = headers.filter(({ name }) => name.toLowerCase() !== "set-cookie").map(({ name, value }) => `${name}: ${value}`);
    // A redirect has no body, and the browser drops that of a page one has left.
    const body = await response.body().catch(() => Buffer.alloc(0));
    this.#answers.push({ request, text: `${response.status()}\n${shown.join("\n")}\n\n${body.toString("latin1")}` });
  }

  /** All places where a planted secret is and should not be. */
  async leaks(program: Program): Promise<string[]> {
    await Promise.all(this.#reading);
    const files = await program.files();
    const leaks: string[] = [];
    for (const { name, forms, allowed } of this.#secrets) {
      for (const form of forms) {
        const latin = form.toString("latin1");
        for (const answer of this.#answers) {
          if (!allowed?.test(answer.request) && (answer.text.includes(latin) || answer.request.includes(latin))) {
            leaks.push(`${name} is in the answer to ${answer.request}`);
          }
        }
        if (program.output.includes(form.toString())) leaks.push(`${name} is in the program's output`);
        for (const [file, content] of files) {
          if (content.includes(form)) leaks.push(`${name} is in the file ${file}`);
        }
      }
    }
    return [...new Set(leaks)];
  }

  /** Answers, in which requests, contain `value`: to see that a secret was shown exactly once. */
  async answersWith(value: string): Promise<string[]> {
    await Promise.all(this.#reading);
    return this.#answers.filter(({ text }) => text.includes(value)).map(({ request }) => request);
  }

  /** Keeps what was recorded, for somebody who wants to look for more. */
  async save(folder: string, name: string): Promise<void> {
    await Promise.all(this.#reading);
    await mkdir(folder, { recursive: true });
    const text = this.#answers.map((answer) => `${answer.request}\n${answer.text}\n\n`).join("");
    await writeFile(join(folder, `${name}.answers`), text, "latin1");
  }
}
