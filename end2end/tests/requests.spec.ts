// Requests: the list, the verdicts, and what those see who may not decide.

import { axe, expect, signIn, test } from "../support/test.ts";
import { request } from "../support/wizard.ts";

test("a request is denied with a reason, which the person who asked reads", async ({ page, person }) => {
  await signIn(page, "operator");
  const number = await request(page, "to be denied");
  const approver = await person("approver");
  await approver.goto(`/requests/${number}`);
  await axe(approver);
  await approver.locator("summary", { hasText: "Deny" }).click();
  await approver.getByRole("button", { name: "Deny this request" }).click();
  // Without a reason it comes back open, and says so beside the field.
  await expect(approver.getByLabel("Reason")).toHaveAccessibleDescription(/Say why not/);
  await axe(approver);
  await approver.getByLabel("Reason").fill("Please use the /32 of the runner.");
  await approver.getByRole("button", { name: "Deny this request" }).click();
  await expect(approver.getByText("Asha Raman denied it.")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Please use the /32 of the runner.").first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^Approve/ })).toHaveCount(0);
});

test("a request can be taken back by the person who asked, and is decided no more", async ({ page, person }) => {
  await signIn(page, "operator");
  const number = await request(page, "to be taken back");
  const approver = await person("approver");
  await approver.goto(`/requests/${number}`);
  await page.locator("summary", { hasText: "Take back" }).click();
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByText("You took it back.")).toBeVisible();
  // The approver still sees the old page.
  await approver.getByRole("button", { name: /^Approve \d+ changes$/ }).click();
  await expect(approver.getByRole("alert").first()).toContainText("withdrawn");
});

test("the list shows who waits for whom, and each view says when it is empty", async ({ page, person }) => {
  await signIn(page, "operator");
  const number = await request(page, "in the list");
  const approver = await person("approver");
  await approver.goto("/requests");
  await expect(approver).toHaveTitle(/^\(\d+\) Requests/);
  await expect(approver.getByRole("row", { name: new RegExp(number) })).toContainText("0 of 1");
  await axe(approver);
  await approver.getByRole("navigation", { name: "Views" }).getByRole("link", { name: /^Mine/ }).click();
  await expect(approver.getByRole("heading", { name: "You have not asked for anything yet" })).toBeVisible();
  await axe(approver);
  await page.goto("/requests");
  await expect(page.getByRole("heading", { name: "Nothing can need you" })).toBeVisible();
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: /^Mine/ }).click();
  await expect(page.getByRole("row", { name: new RegExp(number) })).toContainText("You");
});

test("a request that is not there says so", async ({ page, problems }) => {
  problems.expect(/status of 404/);
  await signIn(page, "operator");
  for (const address of ["/requests/CR-9999", "/requests/nonsense", "/requests/CR-9999/secret"]) {
    expect((await page.goto(address))?.status()).toBe(404);
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  }
});
