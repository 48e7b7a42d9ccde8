// Starts the program under test and looks after it. Plain JavaScript, so that shots.mjs can use it without a build step.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const CHECKOUT = resolve(import.meta.dirname, "../..");

/** The browser: the one named by CHROMIUM, or Debian's. */
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** How Chromium is started everywhere here: it talks to our program and to nobody else. */
export const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Where the built program is. */
export function binary() {
  if (process.env.MERIDIAN_BIN) return process.env.MERIDIAN_BIN;
  const built = join(process.env.CARGO_TARGET_DIR ?? join(CHECKOUT, "target"), "debug/meridian");
  if (!existsSync(built)) throw new Error(`${built} does not exist; run \`cargo xtask build\` first`);
  return built;
}

/** A running program, with a data directory of its own that goes away with it. */
export class Program {
  #child;
  #closed;
  #lines = [];

  /** The address of its first page, without a slash at the end. */
  url = "";
  /** Its data directory. */
  data = "";

  /**
   * Starts the program on a free port of 127.0.0.1 and waits until it says that it is ready.
   *
   * @param {{ arguments?: string[], environment?: Record<string, string>, data?: string }} [options]
   */
  static async start(options = {}) {
    const program = new Program();
    program.data = options.data ?? (await mkdtemp(join(tmpdir(), "meridian-end2end-")));
    await program.#start(options.arguments ?? ["serve", "--demo"], options.environment ?? {});
    return program;
  }

  async #start(args, environment) {
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("MERIDIAN_") && name !== "DATABASE_URL");
    this.#child = spawn(binary(), args, {
      cwd: this.data,
      env: { ...Object.fromEntries(own), MERIDIAN_DATA_DIR: this.data, MERIDIAN_LISTEN: "127.0.0.1:0", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#closed = once(this.#child, "close");
    const listening = new Promise((resolve, reject) => {
      for (const stream of [this.#child.stdout, this.#child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          this.#lines.push(line);
          const address = /listening on (https?:\/\/[^\s/"]+)/i.exec(line);
          if (address) resolve(address[1]);
        });
      }
      this.#child.on("error", reject);
      this.#closed.then(([status]) => reject(new Error(`the program ended (${status}) before it was ready:\n${this.output}`)), reject);
    });
    this.url = await listening;
    const ready = await fetch(`${this.url}/health/ready`);
    if (!ready.ok) {
      await this.kill();
      throw new Error(`the program listens but is not ready (${ready.status}):\n${this.output}`);
    }
  }

  /** All it has written to standard output and standard error so far. */
  get output() {
    return this.#lines.join("\n");
  }

  /** Its process id. */
  get pid() {
    return this.#child.pid;
  }

  /** Asks it to end, as a supervisor would, and waits for it. Returns its exit status. */
  async stop() {
    return this.#end("SIGTERM");
  }

  /** Ends it at once, as a power cut would. */
  async kill() {
    return this.#end("SIGKILL");
  }

  async #end(signal) {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
    const [status] = await this.#closed;
    return status;
  }

  /** The content of every file in its data directory, by name. */
  async files() {
    const files = new Map();
    for (const entry of await readdir(this.data, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath ?? entry.path, entry.name);
      files.set(path.slice(this.data.length + 1), await readFile(path));
    }
    return files;
  }

  /** Removes the data directory. */
  async discard() {
    await rm(this.data, { recursive: true, force: true });
  }
}
