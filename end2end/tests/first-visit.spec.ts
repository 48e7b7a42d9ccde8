// What a browser gets when it comes for the first time.

import { axe, expect, test } from "../support/test.ts";

test("a stranger is led to the sign-in page, which needs nobody else's files", async ({ page, baseURL }) => {
  const hosts = new Set<string>();
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByRole("heading", { name: "Sign in", exact: true })).toBeVisible();
  expect([...hosts]).toEqual([baseURL]);
});

test("the sign-in page is accessible in both themes", async ({ page }) => {
  await page.goto("/sign-in");
  await axe(page);
});

test("the page is set in the typeface that comes with it, and its islands start", async ({ page }) => {
  const started = page.waitForResponse((response) => response.url().endsWith(".wasm"));
  await page.goto("/sign-in");
  expect((await started).headers()["content-type"]).toBe("application/wasm");
  const loaded = await page.evaluate(async () => {
    await document.fonts.ready;
    return [...document.fonts].filter((font) => font.status === "loaded").map((font) => font.family.replaceAll('"', ""));
  });
  expect(loaded).toContain("Inter");
});

test("the nonce stands on scripts alone", async ({ page }) => {
  const html = await (await page.goto("/sign-in"))?.text() ?? "";
  const nonce = /<script[^>]* nonce="([^"]+)"/.exec(html)?.[1] ?? "missing";
  expect(html.split(nonce).length).toBe(html.split(` nonce="${nonce}"`).length);
  expect(html).toContain(` nonce="${nonce}"`);
  expect(html).toMatch(/<link rel="modulepreload"[^>]* crossorigin="anonymous"/);
});

test("choosing colours leaves one exactly where one was", async ({ page }) => {
  for (const path of ["/sign-in", "/sign-in?next=/keys%3Fsort%3Dage"]) {
    await page.goto(path);
    const address = page.url();
    await page.getByRole("button", { name: "Dark" }).click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    expect(page.url()).toBe(address);
    await page.getByRole("button", { name: "As the system" }).click();
    await expect(page.locator("html")).not.toHaveAttribute("data-theme");
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the form to sign in is there all the same", async ({ page }) => {
    await page.goto("/sign-in");
    await expect(page.getByLabel("Username")).toBeVisible();
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  });
});
