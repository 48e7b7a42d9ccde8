// Search over everything: the palette, which the keyboard alone can use, and the page behind it.

import type { Page } from "@playwright/test";

import { axe, expect, signIn, test } from "../support/test.ts";

const palette = (page: Page) => page.getByRole("dialog", { name: "Find anything" });
const field = (page: Page) => palette(page).getByRole("searchbox");

/** Opens the palette with its shortcut, as soon as its island runs. */
async function open(page: Page): Promise<void> {
  await expect(async () => {
    await page.keyboard.press("Control+k");
    await expect(field(page)).toBeFocused({ timeout: 1_000 });
  }).toPass();
}

test("Ctrl K finds while one types, the arrows choose, Enter opens", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto("/keys");
  await open(page);
  await expect(palette(page).getByRole("link", { name: "Create an API key" })).toBeVisible();
  await page.keyboard.type("retail");
  await expect(palette(page).getByRole("link", { name: "Retail Platform" }).first()).toBeVisible();
  await axe(page);
  await page.keyboard.press("ArrowDown");
  await expect(palette(page).getByRole("link").first()).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(field(page)).toBeFocused();
  // The first result is the one that is meant.
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Retail Platform" })).toBeVisible();
});

test("Enter that is faster than the answer waits for it", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto("/");
  await open(page);
  await page.keyboard.type("payments eu");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Payments EU" })).toBeVisible();
});

test("Escape closes and gives the focus back; keys in other fields stay theirs", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/keys");
  const filter = page.getByRole("searchbox", { name: "Description, public key or address" });
  await filter.focus();
  for (const key of ["/", "?", "k"]) await page.keyboard.press(key);
  await expect(palette(page)).toBeHidden();
  await page.goto("/projects");
  await open(page);
  await page.keyboard.press("Escape");
  const link = page.getByRole("complementary").getByRole("link", { name: "Find anything" });
  await link.click();
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(palette(page)).toBeHidden();
  await expect(link).toBeFocused();
});

test("an address finds the keys that allow it", async ({ page }) => {
  await signIn(page, "auditor");
  await page.goto("/");
  await open(page);
  await page.keyboard.type("203.0.113.42");
  const keys = palette(page).getByRole("region", { name: "API keys that allow this address" });
  await expect(keys.getByRole("link").first()).toContainText(/by 203\.0\.113\.42|by 203/);
  await keys.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/keys\/[0-9a-f]{24}\/[0-9a-f]{24}$/);
});

test("on a phone the button in the bar opens it", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, "viewer");
  await page.goto("/keys");
  await open(page);
  await page.keyboard.press("Escape");
  await page.getByRole("banner").getByRole("link", { name: "Find anything" }).click();
  await expect(field(page)).toBeFocused();
  await page.keyboard.type("logistics");
  await expect(palette(page).getByRole("link", { name: "Logistics US" }).first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await axe(page);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("the same link leads to a page that finds the same", async ({ page }) => {
    await signIn(page, "operator");
    await page.goto("/");
    await page.getByRole("complementary").getByRole("link", { name: "Find anything" }).click();
    await page.getByRole("main").getByRole("searchbox").fill("logi");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page).toHaveURL(/\/search\?q=logi$/);
    await page.getByRole("region", { name: "Organizations" }).getByRole("link", { name: "Logistics US" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Logistics US" })).toBeVisible();
  });
});
