// What the wizard does with input that is wrong: a message beside the field, everything else kept, and never a failure of the server.

import { axe, expect, signIn, test } from "../support/test.ts";
import { allow, chooseOrganization, describe as describeKey, startDraft, toExpiry, toReview } from "../support/wizard.ts";

test.beforeEach(async ({ page }) => {
  await signIn(page, "operator");
});

test("every step is accessible, with and without complaints", async ({ page }) => {
  test.setTimeout(180_000);
  await page.goto("/keys/new");
  await axe(page);
  await startDraft(page);
  await axe(page);
  await page.getByRole("button", { name: "Continue to description and roles" }).click();
  await expect(page.getByRole("alert")).toBeFocused();
  await axe(page);
  await chooseOrganization(page);
  await axe(page);
  await describeKey(page, "accessible");
  await page.getByLabel("Addresses and ranges").fill("300.1.1.1\n10.0.0.0/8");
  await page.getByRole("button", { name: "Continue to projects" }).click();
  await expect(page.getByRole("alert")).toBeFocused();
  await axe(page);
  await allow(page, "10.0.0.0/8");
  await axe(page);
  await toExpiry(page);
  await page.getByRole("radio", { name: "Until a date" }).check();
  await page.getByRole("button", { name: "Continue to review" }).last().click();
  await expect(page.getByRole("alert")).toBeFocused();
  await axe(page);
  await page.getByRole("radio", { name: "No end" }).check();
  await page.getByRole("button", { name: "Continue to review" }).last().click();
  await expect(page.getByText("The key has no end, so nothing will remind anybody")).toBeVisible();
  await page.locator("summary", { hasText: "exact calls" }).click();
  await page.locator("summary", { hasText: "atlas commands" }).click();
  await axe(page);
  await page.goto("/keys/new");
  await axe(page);
});

test("the keyboard alone suffices, and each step begins at its heading", async ({ page }) => {
  await startDraft(page);
  await expect(page.getByRole("heading", { name: "Whose key will it be?" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "What is it for, and what may it do?" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.type("by keyboard");
  // Enter goes on, and does not press the first of the proposals: the step says what is missing.
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toBeFocused();
  await expect(page.getByLabel("Description")).toHaveValue("by keyboard");
  await expect(page.getByRole("checkbox", { checked: true })).toHaveCount(0);
});

for (const [what, typed, message] of [
  ["an empty description", "", /Give the key a description/],
  ["a description of 251 characters", "x".repeat(251), /at most 250 characters; this is 251/],
  ["a description with a character that cannot be seen", "ci\u202edeploy", /Character 3 is a control or direction mark/],
] as const) {
  test(`${what} is refused beside its field`, async ({ page }) => {
    await startDraft(page);
    await chooseOrganization(page);
    await page.getByRole("checkbox", { name: /Organization Read Only/ }).check();
    await page.getByLabel("Description").fill(typed);
    await page.getByRole("button", { name: "Continue to access list" }).click();
    const field = page.getByLabel("Description");
    await expect(field).toHaveAccessibleDescription(message);
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveValue(typed);
    await expect(page.getByRole("checkbox", { name: /Organization Read Only/ })).toBeChecked();
  });
}

for (const [what, typed, message] of [
  ["an address that is none", "203.0.113.7\n300.1.1.1", /Line 2: “300\.1\.1\.1” is not an IPv4 address: 300 is above 255/],
  ["a prefix that is too long", "10.0.0.1/33", /Line 1: An IPv4 prefix is at most \/32\. Did you mean 10\.0\.0\.1\/32\?/],
  ["an address twice", "203.0.113.7\n\n203.0.113.7/32", /Line 3: 203\.0\.113\.7\/32 is already in line 1/],
  ["no address and no word that this is meant", "", /Write at least one address/],
] as const) {
  test(`${what} is refused by line, and what was typed stays`, async ({ page }) => {
    await startDraft(page);
    await chooseOrganization(page);
    await describeKey(page, "addresses");
    const field = page.getByLabel("Addresses and ranges");
    await field.fill(typed);
    await page.getByRole("button", { name: "Continue to projects" }).click();
    await expect(field).toHaveAccessibleDescription(message);
    await expect(field).toHaveValue(typed);
  });
}

for (const [what, typed, message] of [
  ["no day", "", /Write the day as year-month-day, such as \d{4}-\d\d-\d\d/],
  ["a day in another form", "24.12.2030", /not a day in the form year-month-day/],
  ["a day that is none", "2030-02-30", /The calendar has no day 2030-02-30/],
  ["a day that is over", "2020-01-01", /The day has to come after today/],
  ["a day too far ahead", "2999-01-01", /at most 5 years ahead/],
] as const) {
  test(`${what} as the end is refused beside its field, and the review’s link leads back to it`, async ({ page }) => {
    await startDraft(page);
    await chooseOrganization(page);
    await describeKey(page, "ends");
    await allow(page, "203.0.113.7");
    await toReview(page);
    await page.getByRole("link", { name: "Change expiry" }).click();
    await page.getByRole("radio", { name: "Until a date" }).check();
    const field = page.getByLabel(/^Date/);
    await field.fill(typed);
    await page.getByRole("button", { name: "Continue to review" }).last().click();
    await expect(field).toHaveAccessibleDescription(message);
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveValue(typed);
    await expect(page.getByRole("radio", { name: "Until a date" })).toBeChecked();
    await page.getByRole("radio", { name: /^30 days/ }).check();
    await page.getByRole("button", { name: "Continue to review" }).last().click();
    await expect(page.getByText("needed until")).toBeVisible();
  });
}

test("a list that lets everybody in is possible, is warned about, and needs two approvals", async ({ page }) => {
  await startDraft(page);
  await chooseOrganization(page);
  await describeKey(page, "everybody");
  await allow(page, "0.0.0.0/0\n10.1.2.3/8");
  await page.getByRole("button", { name: "Back" }).click();
  await expect(page.getByText("everybody: one more approval")).toBeVisible();
  await expect(page.getByText("10.1.2.3/8 has host bits; Atlas stores 10.0.0.0/8.")).toBeVisible();
  await page.getByRole("button", { name: "Continue to projects" }).click();
  await toReview(page);
  await expect(page.getByText("2 people other than you")).toBeVisible();
});

test("an organization, a role or a project that the page did not offer is refused", async ({ page }) => {
  await startDraft(page);
  await page.getByRole("radio").first().evaluate((radio: HTMLInputElement) => {
    radio.disabled = false;
    radio.checked = true;
    radio.value = "ffffffffffffffffffffffff";
  });
  await page.getByRole("button", { name: "Continue to description and roles" }).click();
  await expect(page.getByRole("alert")).toContainText("is not connected, or you may not ask for changes in it");

  await chooseOrganization(page);
  await page.getByLabel("Description").fill("forged");
  await page.getByRole("checkbox").first().evaluate((box: HTMLInputElement) => {
    box.checked = true;
    box.value = "ORG_EMPEROR";
  });
  await page.getByRole("button", { name: "Continue to access list" }).click();
  await expect(page.getByRole("alert")).toContainText("“ORG_EMPEROR” is not an organization role of Atlas");
  await expect(page.getByLabel("Description")).toHaveValue("forged");

  await describeKey(page, "forged");
  await allow(page, "203.0.113.7");
  await page.getByRole("group", { name: "Projects", exact: true }).getByRole("checkbox").first().evaluate((box: HTMLInputElement) => {
    box.checked = true;
    box.value = "ffffffffffffffffffffffff";
  });
  await page.getByRole("button", { name: "Continue to expiry" }).click();
  await expect(page.getByRole("alert")).toContainText("Project ffffffffffffffffffffffff is not in this organization");
});

test("a plan other than the one that was reviewed is not submitted", async ({ page }) => {
  await startDraft(page);
  await chooseOrganization(page);
  await describeKey(page, "tampered");
  await allow(page, "203.0.113.7");
  await toReview(page);
  await page.locator("input[name=digest]").evaluate((input: HTMLInputElement) => {
    input.value = "0".repeat(64);
  });
  await page.getByLabel("Reason").fill("Tampered with.");
  await page.getByRole("button", { name: /^Request approval for/ }).click();
  await expect(page.getByRole("alert")).toContainText("The plan is no longer the one you reviewed");
  await expect(page.getByLabel("Reason")).toHaveValue("Tampered with.");
});

test("a step visited out of order says which one comes first", async ({ page }) => {
  const draft = await startDraft(page);
  for (const step of ["description", "access-list", "projects", "expiry", "review"]) {
    const answer = await page.goto(`${draft}/${step}`);
    expect(answer?.status()).toBe(200);
    await expect(page.getByText("First comes “Organization”.")).toBeVisible();
  }
  await page.getByRole("link", { name: "Go to “Organization”" }).click();
  await expect(page.getByRole("heading", { name: "Whose key will it be?" })).toBeVisible();
});

test("a draft that is gone, or another person's, says so and offers to start again", async ({ page, person, problems }) => {
  problems.expect(/status of 404/);
  const draft = await startDraft(page);
  const other = await person("administrator");
  expect((await other.goto(`${draft}/organization`))?.status()).toBe(404);
  await expect(other.getByRole("heading", { name: "This draft is gone" })).toBeVisible();

  await page.locator("summary", { hasText: "Discard draft" }).click();
  await page.getByRole("button", { name: "Discard it" }).click();
  await expect(page).toHaveURL(/\/keys\/new$/);
  for (const address of [`${draft}/organization`, "/keys/new/nonsense/organization", `${draft}/nonsense`]) {
    expect((await page.goto(address))?.status()).toBe(404);
    await expect(page.getByRole("heading", { name: "This draft is gone" })).toBeVisible();
  }
  await page.getByRole("button", { name: "Start again" }).click();
  await expect(page.getByRole("heading", { name: "Whose key will it be?" })).toBeVisible();
});

test("a draft is kept and resumed at the step that was not finished", async ({ page }) => {
  await startDraft(page);
  await chooseOrganization(page);
  await page.getByLabel("Description").fill("to be resumed");
  await page.getByRole("button", { name: "Save and leave" }).click();
  await page.getByRole("link", { name: "Resume to be resumed" }).click();
  await expect(page.getByLabel("Description")).toHaveValue("to be resumed");
});
