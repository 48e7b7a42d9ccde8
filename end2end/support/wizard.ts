// How a person goes through the wizard that creates an API key.

import { expect, type Page } from "@playwright/test";

/** Begins a draft and returns its address without the step, such as `/keys/new/0199…`. */
export async function startDraft(page: Page): Promise<string> {
  await page.goto("/keys/new");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Whose key will it be?" })).toBeVisible();
  return new URL(page.url()).pathname.replace(/\/organization$/, "");
}

/** Answers the first step with an organization whose writer suffices. */
export async function chooseOrganization(page: Page): Promise<void> {
  await page.locator("label.choice", { hasText: "suffices" }).first().getByRole("radio").check();
  await page.getByRole("button", { name: "Continue to description and roles" }).last().click();
  await expect(page.getByRole("heading", { name: "What is it for, and what may it do?" })).toBeVisible();
}

/** Answers the second step. */
export async function describe(page: Page, description: string, role = "Organization Member"): Promise<void> {
  await page.getByLabel("Description").fill(description);
  await page.getByRole("checkbox", { name: role }).check();
  await page.getByRole("button", { name: "Continue to access list" }).click();
  await expect(page.getByRole("heading", { name: "Where may this key call from?" })).toBeVisible();
}

/** Answers the third step. */
export async function allow(page: Page, lines: string): Promise<void> {
  await page.getByLabel("Addresses and ranges").fill(lines);
  await page.getByRole("button", { name: "Continue to projects" }).click();
  await expect(page.getByRole("heading", { name: "In which projects will it work?" })).toBeVisible();
}

/** Goes on from the fourth step as it stands. */
export async function toExpiry(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Continue to expiry" }).click();
  await expect(page.getByRole("heading", { name: "How long is this key needed?" })).toBeVisible();
}

/** Goes on from the fourth step as it stands, with the end that is proposed. */
export async function toReview(page: Page): Promise<void> {
  await toExpiry(page);
  await page.getByRole("button", { name: "Continue to review" }).click();
  await expect(page.getByRole("heading", { name: "Is this what you want?" })).toBeVisible();
}

/** Asks for a small key and returns the request's number, such as `CR-0002`. */
export async function request(page: Page, description: string): Promise<string> {
  await startDraft(page);
  await chooseOrganization(page);
  await describe(page, description);
  await allow(page, "203.0.113.7");
  await toReview(page);
  await page.getByLabel("Reason").fill("It is needed for a test.");
  await page.getByRole("button", { name: /^Request approval for \d+ changes?$/ }).click();
  await page.waitForURL(/\/requests\/CR-\d+$/);
  return new URL(page.url()).pathname.split("/").pop() ?? "";
}
