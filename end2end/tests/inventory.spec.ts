// What was read from Atlas: organizations, API keys, projects. Nothing here changes anything.

import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { axe, expect, signIn, test } from "../support/test.ts";

/** The rows of the page's table. */
const rows = (page: Page) => page.locator("tbody tr");

/** The number in "1–50 of 135", or in "135 keys in 4 organizations." */
function number(text: string | null, pattern: RegExp): number {
  const found = pattern.exec(text ?? "")?.[1];
  if (!found) throw new Error(`${pattern} is not in ${text}`);
  return Number(found.replaceAll(",", ""));
}

const total = async (page: Page) => number(await page.locator(".lead").textContent(), /([\d,]+) keys? in/);

test("the overview greets, says what waits, and lists every organization with its health", async ({ page }) => {
  await signIn(page, "approver");
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Hello, Asha" })).toBeVisible();
  await expect(page.getByText("One request waits for you")).toBeVisible();
  await expect(page.getByRole("table", { name: "Requests that wait for you" })).toContainText("cost-report-nightly");
  const organizations = page.getByRole("table", { name: "Organizations" });
  for (const name of ["Group Finance", "Logistics US", "Payments EU", "Retail Platform"]) {
    await expect(organizations.getByRole("row", { name })).toContainText(/healthy|partly read/);
  }
  await axe(page);
});

test("organizations are found by name, and the filter stands in the address", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/organizations");
  await expect(rows(page)).toHaveCount(4);
  await page.getByRole("searchbox", { name: "Name, environment or id" }).fill("logi");
  await page.waitForURL("**/organizations?q=logi");
  await expect(rows(page)).toHaveCount(1);
  await axe(page);
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(rows(page)).toHaveCount(4);
  await page.getByRole("link", { name: "Logistics US" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Logistics US" })).toBeVisible();
  await axe(page);
});

test("what the connection may not read is called not readable and names the role, never zero", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/keys?finding=list_not_readable");
  const row = rows(page).first();
  await expect(row).toContainText("Logistics US");
  await expect(row.locator('[data-label="Entries"]')).toHaveText("not readable: needs Organization Owner");
  await expect(row.locator('[data-label="Last used"]')).toHaveText("not readable: needs Organization Owner");
  await row.getByRole("link").first().click();
  await expect(page.getByText("needs the role Organization Owner").first()).toBeVisible();
  await axe(page);
});

test("keys are sorted, paged and filtered by the address, and going back restores the view", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto("/keys");
  await expect(rows(page)).toHaveCount(50);
  const age = page.getByRole("columnheader", { name: "Age" });
  await age.getByRole("link").click();
  await expect(page).toHaveURL(/\/keys\?sort=age$/);
  await expect(age).toHaveAttribute("aria-sort", "ascending");
  await age.getByRole("link").click();
  await expect(page).toHaveURL(/\/keys\?sort=age&dir=desc$/);
  await expect(age).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/\/keys\?sort=age&dir=desc&page=2$/);
  await expect(page.getByText(/^51–100 of/)).toBeVisible();
  await page.getByLabel("Finding:").selectOption({ label: "Owner key" });
  await page.waitForURL(/finding=owner_role/);
  await expect(page).toHaveURL(/sort=age/);
  for (const row of await rows(page).all()) await expect(row).toContainText(/Owner (key|without list)/);
  await page.goBack();
  await expect(page.getByText(/^51–100 of/)).toBeVisible();
});

test("an address finds the keys whose list allows it", async ({ page }) => {
  await signIn(page, "auditor");
  await page.goto("/keys");
  await page.getByRole("searchbox").fill("203.0.113.42");
  await page.waitForURL("**/keys?q=203.0.113.42");
  await expect(page.getByRole("searchbox")).toBeFocused();
  const found = await rows(page).count();
  expect(found).toBeGreaterThan(0);
  expect(number(await page.locator(".lead").textContent(), /^([\d,]+) of/)).toBeLessThan(await total(page));
  // One of them is opened, to see that its list has a range with that address.
  await rows(page).first().getByRole("link").first().click();
  await expect(page.getByRole("table", { name: /^Access list/ })).toContainText(/203\.0\.113\.|0\.0\.0\.0\/0/);
});

test("colours change without losing the filters", async ({ page }) => {
  await signIn(page, "operator");
  for (const path of ["/keys", "/keys?q=Terraform&sort=age"]) {
    await page.goto(path);
    const address = page.url();
    await page.getByRole("button", { name: "Dark" }).click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    expect(page.url()).toBe(address);
    await page.getByRole("button", { name: "As the system" }).click();
    await expect(page.locator("html")).not.toHaveAttribute("data-theme");
  }
});

test("a filter chosen before the page's script runs is applied when it does", async ({ page }) => {
  await signIn(page, "viewer");
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/projects");
  await page.getByLabel("Organization:").selectOption({ label: "Group Finance" });
  go();
  await page.waitForURL(/org=/);
  await expect(rows(page)).toHaveCount(3);
  // Going back is no choice: the page is as its address says.
  await page.goBack();
  await expect(page).toHaveURL(/\/projects$/);
  await expect(page.getByLabel("Organization:")).toHaveValue("");
});

test("nonsense in the address is left out", async ({ page }) => {
  await signIn(page, "viewer");
  for (const path of ["/keys?sort=colour&page=-1&finding=7&org=x", "/projects?page=99999999999999999999", "/organizations?state=grand&sort=1"]) {
    expect((await page.goto(path))?.status(), path).toBe(200);
    expect(await rows(page).count(), path).toBeGreaterThan(3);
  }
});

test("the export has a line for each key that the filter selects", async ({ page }) => {
  await signIn(page, "auditor");
  await page.goto("/keys?finding=owner_role");
  const selected = number(await page.locator(".lead").textContent(), /^([\d,]+) of/);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  const file = await (await downloading).path();
  const lines = (await readFile(file, "utf8")).trim().split(/\r?\n/);
  expect(lines).toHaveLength(selected + 1);
  expect(lines[0]).toContain("public_key");
  for (const line of lines.slice(1)) expect(line).toContain("ORG_OWNER");
});

test("a key's page tells what it may do, from where, and how to see the same elsewhere", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto("/keys?q=Meridian+writer");
  await rows(page).first().getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Meridian writer" })).toBeVisible();
  await expect(page.getByText("It reaches every project.")).toBeVisible();
  await expect(page.getByRole("table", { name: /^Access list/ })).toContainText("127.0.0.1");
  await expect(page.getByRole("button", { name: "Copy public key" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Copy id" })).toBeVisible();
  await page.getByText("The same with the Atlas CLI").click();
  await expect(page.getByText(/^atlas organizations apiKeys describe/)).toBeVisible();
  await axe(page);
  // The public key leads to the same page, for somebody who has only that.
  const publicKey = await page.locator("dd code").first().textContent();
  const org = new URL(page.url()).pathname.split("/")[2];
  await page.goto(`/keys/${org}/${publicKey}`);
  await expect(page.getByRole("heading", { level: 1, name: "Meridian writer" })).toBeVisible();
});

test("projects of all organizations are in one table", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/projects");
  await expect(page.getByText("43 projects in 4 organizations.")).toBeVisible();
  await page.getByLabel("Organization:").selectOption({ label: "Group Finance" });
  await page.waitForURL(/org=/);
  await expect(rows(page)).toHaveCount(3);
  await axe(page);
});

test("what one may not do is there, with the reason", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/keys");
  await expect(page.getByRole("button", { name: /^Create API key ?, not available: .*operator/ })).toBeVisible();
  await page.goto("/organizations");
  await expect(page.getByRole("button", { name: /^Connect an organization ?, not available: .*administrator/ })).toBeVisible();
});

test("what is not there is answered with 404 and a way on, and so is what one may not see", async ({ page, problems }) => {
  problems.expect(/status of 40[34]/);
  await signIn(page, "viewer");
  for (const path of ["/keys/5f1a2b3c4d5e6f7081920a1b/nokey", "/organizations/5f1a2b3c4d5e6f7081920a1b", "/organizations/x"]) {
    expect((await page.goto(path))?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  }
  expect((await page.goto("/organizations/new"))?.status()).toBe(403);
  await expect(page.getByRole("heading", { name: "You may not connect organizations" })).toBeVisible();
});

test("nothing is cut off and nothing scrolls sideways on a phone", async ({ page }) => {
  await signIn(page, "operator");
  await page.setViewportSize({ width: 360, height: 780 });
  await page.goto("/keys?q=Meridian+writer");
  const key = await rows(page).first().getByRole("link").first().getAttribute("href");
  const organization = await rows(page).first().getByRole("link").nth(1).getAttribute("href");
  for (const path of ["/", "/organizations", "/keys", "/projects", key ?? "", organization ?? ""]) {
    await page.goto(path);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), path).toBe(0);
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("filters have a button, and refreshing comes back to the same view", async ({ page }) => {
    await signIn(page, "operator");
    await page.goto("/keys?sort=age");
    await page.getByRole("searchbox").fill("Terraform");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect(page).toHaveURL(/sort=age/);
    await expect(page).toHaveURL(/q=Terraform/);
    for (const row of await rows(page).all()) await expect(row).toContainText("Terraform");
    const address = page.url();
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(page).toHaveURL(/\/keys\?q=Terraform&sort=age$/);
    expect(new URL(address).searchParams.get("q")).toBe("Terraform");
  });
});
