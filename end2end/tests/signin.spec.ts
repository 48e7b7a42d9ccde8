// Signing in and out, at the form and with the accounts of the demo.

import { expect, signIn, test } from "../support/test.ts";

const WRONG = "The username or the password is wrong. Check both, then try again.";

test("somebody who signs in comes to the page they asked for", async ({ page }) => {
  await page.goto("/keys?page=1");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel("Username").fill("viewer");
  await page.getByLabel("Password", { exact: true }).fill("demo-viewer-password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/keys\?page=1$/);
});

test("nobody is sent to another site", async ({ page, baseURL }) => {
  for (const next of ["//example.org", "/\\example.org", "https://example.org/", "javascript:alert(1)"]) {
    await page.context().clearCookies();
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await page.getByLabel("Username").fill("viewer");
    await page.getByLabel("Password", { exact: true }).fill("demo-viewer-password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL(`${baseURL}/`);
  }
});

test("an account of the demo signs in with one button", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: /^Sign in as .*, auditor$/ }).click();
  await expect(page).not.toHaveURL(/sign-in/);
  await page.goto("/account");
  await expect(page.getByText("You sign in as auditor.")).toBeVisible();
});

test("signing out ends the session here and on the server", async ({ page, baseURL }) => {
  await signIn(page, "viewer");
  const before = await page.context().cookies();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  expect((await page.context().cookies()).filter(({ name }) => before.some((cookie) => cookie.name === name))).toEqual([]);

  // Whoever kept the cookie has nothing.
  await page.context().addCookies(before);
  await page.goto("/account");
  await expect(page).toHaveURL(new RegExp(`^${baseURL}/sign-in`));
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a refused form says why beside its field and keeps the name, never the password", async ({ page }) => {
      await page.goto("/sign-in");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(page.getByText("Enter your username.")).toBeVisible();
      await expect(page.getByText("Enter your password.")).toBeVisible();

      // An account that does not exist is answered like one that does.
      for (const username of ["operator", "nobody-of-this-name"]) {
        await page.getByLabel("Username").fill(username);
        await page.getByLabel("Password", { exact: true }).fill("certainly not this one");
        await page.getByRole("button", { name: "Sign in", exact: true }).click();
        await expect(page.getByText(WRONG)).toBeVisible();
        await expect(page.getByLabel("Username")).toHaveValue(username);
        await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
      }
    });
  });
}
