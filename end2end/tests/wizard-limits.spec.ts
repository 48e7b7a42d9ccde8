// The wizard at its limits: forms nobody could have filled in, and organizations with many projects.

import { allow, describe as describeKey, startDraft } from "../support/wizard.ts";
import { axe, expect, signIn, test } from "../support/test.ts";

test.beforeEach(async ({ page }) => {
  await signIn(page, "operator");
});

test("forms of the wrong size or type are refused without a failure", async ({ page, baseURL }) => {
  const draft = (await startDraft(page)).split("/").pop() ?? "";
  const url = "/api/drafts/save-description";
  const headers = { Origin: baseURL ?? "", "Sec-Fetch-Site": "same-origin", Accept: "text/html" };
  const oversize = await page.request.post(url, { headers, form: { draft, description: "x".repeat(3_000_000) }, maxRedirects: 0 });
  expect(oversize.status()).toBe(413);
  const types = await page.request.post(url, { headers: { ...headers, "Content-Type": "application/xml" }, data: "<draft/>", maxRedirects: 0 });
  expect(types.status()).toBeGreaterThanOrEqual(300);
  expect(types.status()).toBeLessThan(500);
  const forged = await page.request.post(url, { headers: { ...headers, Origin: "https://elsewhere.example", "Sec-Fetch-Site": "cross-site" }, form: { draft }, maxRedirects: 0 });
  expect(forged.status()).toBe(403);
});

test("projects are found by name, and adding none says what is missing and keeps the roles", async ({ page }) => {
  await startDraft(page);
  // An organization with enough projects for a search.
  await page.locator("label.choice", { hasText: "Retail Platform" }).getByRole("radio").check();
  await page.getByRole("button", { name: "Continue to description and roles" }).last().click();
  await describeKey(page, "finds projects");
  await allow(page, "203.0.113.7");
  const projects = page.getByRole("group", { name: "Projects", exact: true });
  const all = await projects.getByRole("checkbox").count();
  const name = ((await projects.locator(".label").last().textContent()) ?? "").trim();
  await page.getByRole("searchbox", { name: "Find a project" }).fill(name.toUpperCase());
  await expect(projects.getByText(/^\d+ found$/)).toBeVisible();
  expect(await projects.getByRole("checkbox").count()).toBeLessThan(all);
  await page.getByRole("checkbox", { name: /^Project Read Only/ }).check();
  await page.getByRole("button", { name: "Add the picked projects" }).click();
  await expect(page.getByRole("alert")).toContainText("Pick at least one project");
  await expect(projects).toHaveAccessibleDescription(/Pick at least one project/);
  await expect(page.getByRole("checkbox", { name: /^Project Read Only/ })).toBeChecked();
  await axe(page);
  await page.getByRole("checkbox", { name }).first().check();
  await page.getByRole("button", { name: "Add the picked projects" }).click();
  await expect(page.getByRole("heading", { name: "1 project chosen" })).toBeVisible();
});
