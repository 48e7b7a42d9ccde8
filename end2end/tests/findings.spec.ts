// Findings, and the overview's search and groups.

import { readFile } from "node:fs/promises";

import { axe, expect, signIn, test } from "../support/test.ts";

test("findings say what was seen, why and what to do, and lead to the keys and to the wizard", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto("/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Findings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Findings" })).toBeVisible();
  const wide = page.locator("section.card").filter({ has: page.getByRole("link", { name: /^Narrow / }) }).first();
  await expect(wide).toContainText("What was seen");
  await expect(wide).toContainText("Why it matters");
  await expect(wide).toContainText("What to do");
  const link = wide.getByRole("link", { name: /^Show the/ });
  const count = (await link.textContent())?.match(/\d+/)?.[0] ?? "1";
  await axe(page);
  await link.click();
  await expect(page).toHaveURL(/\/keys\?finding=(any_address|wide_range)$/);
  await expect(page.locator("tbody tr")).toHaveCount(Number(count));
  await page.goBack();
  await page.getByRole("link", { name: /^Narrow / }).first().click();
  await expect(page).toHaveURL(/\/narrow\?entry=/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/arrow/);
});

test("findings of one organization, and the credential report of all", async ({ page }) => {
  await signIn(page, "auditor");
  await page.goto("/findings");
  await page.getByLabel("Organization:").selectOption({ label: "Logistics US" });
  await page.waitForURL(/org=/);
  await expect(page.getByRole("heading", { name: "List not readable" })).toBeVisible();
  await page.getByText("What the columns hold").click();
  await expect(page.getByRole("table", { name: "Columns of the credential report" })).toContainText("last_used_from");
  await axe(page);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Credential report" }).click();
  const lines = (await readFile(await (await downloading).path(), "utf8")).trim().split(/\r?\n/);
  expect(lines[0]).toMatch(/^generated_at,organization,/);
  expect(lines.length).toBeGreaterThan(100);
});

test("the overview finds organizations and groups them by environment", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/");
  await page.getByRole("main").getByRole("searchbox").fill("retail");
  await page.waitForURL("**/?q=retail");
  await expect(page.getByRole("table", { name: "Organizations" }).locator("tbody tr")).toHaveCount(1);
  await page.getByRole("main").getByLabel("Grouped by:").selectOption({ label: "environment" });
  await page.waitForURL(/group=environment/);
  await expect(page.getByRole("table", { name: "Organizations" })).toHaveCount(1);
  await axe(page);
  await page.goto("/?q=nothing-like-this");
  await expect(page.getByText("No organization has that in its name")).toBeVisible();
});

test("nothing of the findings is cut off on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await signIn(page, "operator");
  for (const path of ["/findings", "/search?q=ci", "/?group=environment"]) {
    await page.goto(path);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360);
  }
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("findings are whole", async ({ page }) => {
    await signIn(page, "viewer");
    await page.goto("/findings");
    await expect(page.getByRole("heading", { name: "Owner key", exact: true })).toBeVisible();
    await page.getByRole("link", { name: /^Show the/ }).first().click();
    await expect(page).toHaveURL(/\/keys\?finding=/);
  });
});
