// People: adding one, their one-time link, their roles, the end of their account.

import { expect, signIn, test } from "../support/test.ts";
import type { Page } from "@playwright/test";

const PASSWORD = "plum lantern gravel orbit";

/** Adds a person who sees everything and asks for changes in Payments EU; returns their one-time link. */
async function add(page: Page, username: string, name: string): Promise<string> {
  await page.goto("/people/new");
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("checkbox", { name: /^Viewer Sees/ }).check();
  await page.locator("summary", { hasText: "Roles in single organizations" }).click();
  await page.getByRole("checkbox", { name: "Operator in Payments EU" }).check();
  await page.getByRole("button", { name: "Add and make a link" }).click();
  await expect(page).toHaveURL(/\/people\/[0-9a-f-]{36}$/);
  return ((await page.locator("#link-value").textContent()) ?? "").trim();
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });
    const username = javaScriptEnabled ? "zoe" : "yves";

    test("a new person chooses a password by a link that works once, and loses the account again", async ({ page, browser, problems, secrets, baseURL }) => {
      // The dead link is answered as what it is.
      problems.expect(/status of 404/);
      secrets.plant("a chosen password", PASSWORD);
      await signIn(page, "administrator");
      const link = await add(page, username, "Zoë O’Neil");
      const theirs = page.url();
      const context = await browser.newContext({ baseURL });
      await problems.watch(context);
      secrets.watch(context);
      const other = await context.newPage();

      await other.goto(link);
      await expect(other.getByText("Hello, Zoë O’Neil.")).toBeVisible();
      await other.getByLabel("Password", { exact: true }).fill("short");
      await other.getByLabel("Password again").fill("short");
      await other.getByRole("button", { name: "Set this password" }).click();
      await expect(other.getByText("Use at least 12 characters.").first()).toBeVisible();
      await other.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await other.getByLabel("Password again").fill(PASSWORD);
      await other.getByRole("button", { name: "Set this password" }).click();
      await expect(other.getByText("Your password is set.")).toBeVisible();
      await other.goto(link);
      await expect(other.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();

      await signIn(other, username, PASSWORD);
      await other.goto("/account");
      await expect(other.getByText("Payments EU", { exact: true })).toBeVisible();

      await page.goto(theirs);
      await expect(page.getByRole("checkbox", { name: "Operator in Payments EU" })).toBeChecked();
      await page.getByRole("checkbox", { name: "Operator in Payments EU" }).uncheck();
      await page.getByRole("checkbox", { name: /^Approver Also/ }).check();
      await page.getByRole("button", { name: "Save roles" }).click();
      await expect(page.getByText("The roles are saved.")).toBeVisible();
      await expect(page.getByRole("checkbox", { name: /^Approver Also/ })).toBeChecked();
      await other.goto("/account");
      await expect(other.getByText("Payments EU", { exact: true })).toBeHidden();

      await page.locator("summary", { hasText: "Close account" }).click();
      await page.getByRole("button", { name: "Close account" }).click();
      await expect(page.getByText("account closed")).toBeVisible();
      await other.goto("/account");
      await expect(other).toHaveURL(/\/sign-in/);
      await context.close();
    });

    test("a refused form keeps what was typed and ticked", async ({ page }) => {
      await signIn(page, "administrator");
      await page.goto("/people/new");
      await page.getByLabel("Username").fill("two words");
      await page.getByLabel("Name", { exact: true }).fill("Bi\u202Edi");
      await page.getByRole("checkbox", { name: /^Auditor Sees/ }).check();
      await page.getByRole("button", { name: "Add and make a link" }).click();
      await expect(page.getByText("2 things need attention")).toBeVisible();
      await expect(page.getByLabel("Username")).toHaveValue("two words");
      await expect(page.getByRole("checkbox", { name: /^Auditor Sees/ })).toBeChecked();
      await expect(page.getByRole("checkbox", { name: /^Viewer Sees/ })).not.toBeChecked();
    });
  });
}

test("nobody else sees or adds people", async ({ person, problems }) => {
  problems.expect(/status of 403/);
  const page = await person("operator");
  await expect(page.getByRole("link", { name: "People" })).toHaveCount(0);
  for (const path of ["/people", "/people/new"]) {
    expect((await page.goto(path))?.status()).toBe(403);
    await expect(page.getByText("It takes the role administrator")).toBeVisible();
  }
});

test("one's own password is changed, and other sessions end", async ({ page, person, secrets }) => {
  const changed = "copper window seventeen moss";
  secrets.plant("a changed password", changed);
  await signIn(page, "auditor");
  const other = await person("auditor");
  await page.goto("/account");
  await page.getByLabel("Current password").fill("demo-auditor-password");
  await page.getByLabel("New password", { exact: true }).fill(changed);
  await page.getByLabel("New password again").fill(changed);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();
  await other.goto("/account");
  await expect(other).toHaveURL(/\/sign-in/);
});
