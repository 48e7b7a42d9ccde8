import { defineConfig } from "@playwright/test";

import { CHROMIUM, CHROMIUM_ARGUMENTS } from "./support/program.mjs";

export default defineConfig({
  testDir: "tests",
  outputDir: "results",
  // Each worker has a browser and a program of its own; the machines that run this have two cores.
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    headless: true,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    contextOptions: { reducedMotion: "reduce" },
    trace: "retain-on-failure",
    launchOptions: { executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS, chromiumSandbox: false },
  },
});
