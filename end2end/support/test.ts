// The `test` that all files here use: one program per file, and pages whose every complaint is a failure.

import { basename } from "node:path";

import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";

import { signIn } from "./people.mjs";
import { Problems } from "./problems.ts";
import { Program } from "./program.mjs";
import { Secrets } from "./secrets.ts";

export { expect };
export { axe } from "./axe.ts";
export { demoPassword, ROLES, signIn } from "./people.mjs";

/** The program of the file that a worker is at, with the secrets planted in it. */
interface Running {
  file: string;
  program: Program;
  secrets: Secrets;
}

class Programs {
  #running: Running | null = null;

  async forFile(file: string): Promise<Running> {
    if (this.#running?.file !== file) {
      await this.end();
      this.#running = { file, program: await Program.start(), secrets: new Secrets() };
    }
    return this.#running;
  }

  async end(): Promise<void> {
    if (!this.#running) return;
    const { file, program, secrets } = this.#running;
    this.#running = null;
    const status = await program.stop();
    const leaks = await secrets.leaks(program);
    await secrets.save("results/answers", basename(file));
    await program.discard();
    expect(leaks, "secrets outside the place where they belong").toEqual([]);
    expect(status, `the program's exit status; it said:\n${program.output}`).toBe(0);
  }
}

interface Fixtures {
  /** The running program: `meridian serve --demo` with an empty data directory. */
  program: Program;
  /** The secrets planted in it, and where they may be. */
  secrets: Secrets;
  /** What the browser complains about; a test that provokes a complaint says so here. */
  problems: Problems;
  /** Somebody else at a browser of their own, signed in: `const approver = await person("approver")`. */
  person: (username: string, password?: string) => Promise<Page>;
}

export const test = base.extend<Fixtures & { running: Running }, { programs: Programs }>({
  programs: [
    async ({}, use) => {
      const programs = new Programs();
      await use(programs);
      await programs.end();
    },
    { scope: "worker" },
  ],
  running: async ({ programs }, use, testInfo) => {
    await use(await programs.forFile(testInfo.file));
  },
  program: async ({ running }, use) => {
    await use(running.program);
  },
  secrets: async ({ running }, use) => {
    await use(running.secrets);
  },
  baseURL: async ({ running }, use) => {
    await use(running.program.url);
  },
  problems: async ({ javaScriptEnabled }, use) => {
    const problems = new Problems();
    // With JavaScript off, Chromium refuses the script that the page asks for, and calls that a policy.
    if (javaScriptEnabled === false) {
      problems.expect(/GET \S+\/pkg\/\S+\.js failed: csp$/);
      // Nor does it use the module that the page asked for ahead of time.
      problems.expect(/pkg\/\S+\.wasm was preloaded using link preload but not used/);
    }
    await use(problems);
    expect(problems.unexpected, "complaints of the browser").toEqual([]);
  },
  context: async ({ context, problems, secrets }, use) => {
    await problems.watch(context);
    secrets.watch(context);
    await use(context);
  },
  person: async ({ browser, problems, secrets, baseURL }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (username, password) => {
      // The options of the test, such as JavaScript being off, hold for these as well.
      const context = await browser.newContext({ baseURL, reducedMotion: "reduce" });
      contexts.push(context);
      await problems.watch(context);
      secrets.watch(context);
      const page = await context.newPage();
      await signIn(page, username, password);
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});
