// The log: who reads it, what its filters select, what an entry says.

import { expect, signIn, test } from "../support/test.ts";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("the log is filtered by an address that can be kept", async ({ page }) => {
      await signIn(page, "auditor");
      await page.goto("/log");
      if (javaScriptEnabled) {
        // A choice made before the island runs is not noticed: choose until it is.
        await expect(async () => {
          await page.getByLabel("Area").selectOption("connection");
          await expect(page).toHaveURL(/[?&]area=connection/, { timeout: 1_000 });
        }).toPass();
      } else {
        await page.getByLabel("Area").selectOption("connection");
        await page.getByRole("button", { name: "Apply" }).click();
        await expect(page).toHaveURL(/[?&]area=connection/);
      }
      await expect(page.getByText("Connected Payments EU.")).toBeVisible();
      await expect(page.getByText("Signed in.")).toHaveCount(0);

      await page.goto("/log?actor=auditor&area=session");
      await expect(page.getByText("Signed in.").first()).toBeVisible();
      await expect(page.getByText("Connected Payments EU.")).toHaveCount(0);

      await page.goto("/log?actor=nobody-of-this-name");
      await expect(page.getByRole("heading", { name: "No entry matches" })).toBeVisible();
      await page.getByRole("link", { name: "Clear filters" }).first().click();
      await expect(page).toHaveURL(/\/log$/);
    });

    test("an entry unfolds its details with the whole hash", async ({ page }) => {
      await signIn(page, "auditor");
      await page.goto("/log");
      const first = page.locator("tbody tr").first();
      await first.locator("summary").click();
      await expect(first.locator("code.whole")).toHaveText(/^[0-9a-f]{64}$/);
      await expect(page.locator("#log-head")).toHaveText((await first.locator("code.whole").textContent()) ?? "");
    });
  });
}

test("values that make no sense are left out instead of failing", async ({ page }) => {
  await signIn(page, "auditor");
  for (const query of ["page=0", "page=-1", "page=999999999999", "area=nothing", "request=x", "from=2026-13-99", "to=yesterday", "org=1", "actor=%25%00"]) {
    expect((await page.goto(`/log?${query}`))?.status(), query).toBe(200);
  }
});

test("whoever may not read the log is told which role it takes", async ({ person, problems }) => {
  problems.expect(/status of 403/);
  const page = await person("operator");
  expect((await page.goto("/log"))?.status()).toBe(403);
  await expect(page.getByText("It takes the role auditor")).toBeVisible();
});
