// Narrowing an entry of a key's access list, with script and without.

import type { Page } from "@playwright/test";

import { axe, expect, signIn, test } from "../support/test.ts";

/** Opens the page of the first key with an entry that can be narrowed. */
async function openKey(page: Page): Promise<void> {
  await page.goto("/keys?used=recent");
  const links = await page.locator("tbody tr th a").evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
  for (const link of links) {
    await page.goto(link);
    if ((await page.getByRole("link", { name: /^Narrow / }).count()) > 0) return;
  }
  throw new Error("no key has an entry that can be narrowed");
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });
    // axe-core needs JavaScript in the page.
    const look = javaScriptEnabled ? axe : async () => {};

    test("a range gives way to the address it was used from, after an approval", async ({ page, person }) => {
      await signIn(page, "operator");
      await openKey(page);
      await look(page);
      const key = page.url();
      // The order stands in the address; entries never used come first by themselves.
      const list = page.getByRole("table", { name: "Access list" });
      await expect(list.getByRole("columnheader", { name: "Last used" })).toHaveAttribute("aria-sort", "ascending");
      await list.getByRole("link", { name: "Last used" }).click();
      await expect(page).toHaveURL(/\?dir=desc$/);
      await expect(list.getByRole("columnheader", { name: "Last used" })).toHaveAttribute("aria-sort", "descending");

      await page.getByRole("link", { name: /^Narrow / }).first().click();
      await expect(page.getByRole("heading", { level: 1, name: /^Narrow / })).toBeVisible();
      await expect(page.getByText("callers from elsewhere in this range will be refused afterwards").first()).toBeVisible();
      await look(page);
      await page.getByRole("button", { name: /^Request approval for \d changes?$/ }).click();
      // Without a reason it comes back and says so beside the field.
      await expect(page.getByLabel("Reason")).toHaveAccessibleDescription(/Say why this is wanted/);
      await look(page);
      await page.getByLabel("Reason").fill("Only the exporter calls from there.");
      await page.getByRole("button", { name: /^Request approval for/ }).click();
      await page.waitForURL(/\/requests\/CR-\d+$/);
      const request = page.url();

      const approver = await person("approver");
      await approver.goto(key);
      await expect(approver.getByText("An open request is about this key.")).toBeVisible();
      await approver.goto(request);
      await look(approver);
      await approver.getByRole("button", { name: /^Approve \d changes?$/ }).click();
      await expect(async () => {
        await page.goto(request);
        await expect(page.getByText("Every call succeeded.")).toBeVisible({ timeout: 500 });
      }).toPass();
      await look(page);
    });
  });
}
