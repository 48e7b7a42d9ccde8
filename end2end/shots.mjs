// Pictures of pages, to look at: light and dark, narrow, usual and wide.
//
//   node end2end/shots.mjs OUT_DIR /path1 /path2 … [--as operator] [--base URL] [--widths 360,1440,2560] [--themes light,dark] [--no-js]
//
// Starts `meridian serve --demo` (MERIDIAN_BIN, or the last dev build) unless --base names one that runs. Says what the
// browser complains about and which pages scroll sideways.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { chromium } from "@playwright/test";

import { demoPassword, signIn } from "./support/people.mjs";
import { CHROMIUM, CHROMIUM_ARGUMENTS, Program } from "./support/program.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    as: { type: "string" },
    password: { type: "string" },
    base: { type: "string" },
    widths: { type: "string", default: "360,1440,2560" },
    themes: { type: "string", default: "light,dark" },
    "no-js": { type: "boolean", default: false },
  },
});
const [folder, ...paths] = positionals;
if (!folder || paths.length === 0) {
  console.error("usage: node end2end/shots.mjs OUT_DIR /path… [--as ROLE] [--password TEXT] [--base URL] [--widths N,N] [--themes light,dark] [--no-js]");
  process.exit(2);
}

await mkdir(folder, { recursive: true });
const program = values.base ? null : await Program.start();
const baseURL = values.base ?? program?.url;
const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS, chromiumSandbox: false });
let complaints = 0;
try {
  const context = await browser.newContext({ baseURL, locale: "en-GB", timezoneId: "UTC", javaScriptEnabled: !values["no-js"] });
  const page = await context.newPage();
  const complain = (text) => {
    complaints += 1;
    console.log(`! ${page.url()}: ${text}`);
  };
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complain(message.text()));
  page.on("pageerror", (error) => complain(error.message));
  if (values.as) await signIn(page, values.as, values.password ?? demoPassword(values.as));
  for (const path of paths) {
    for (const width of values.widths.split(",").map(Number)) {
      await page.setViewportSize({ width, height: width < 600 ? 780 : 900 });
      for (const theme of values.themes.split(",")) {
        await page.emulateMedia({ colorScheme: theme === "dark" ? "dark" : "light" });
        const answer = await page.goto(path);
        if (!values["no-js"]) await page.evaluate(() => document.fonts.ready.then(() => undefined));
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (sideways > 0) complain(`scrolls ${sideways} px sideways at ${width} px`);
        const name = path.replace(/^\//, "").replace(/[^a-z0-9]+/gi, "-").replace(/-+$/, "") || "home";
        const file = join(folder, `${name}-${theme}-${width}.png`);
        await page.screenshot({ path: file, fullPage: true });
        console.log(`${answer?.status()} ${file}`);
      }
    }
  }
} finally {
  await browser.close();
  await program?.stop();
  await program?.discard();
}
process.exitCode = complaints > 0 ? 1 : 0;
