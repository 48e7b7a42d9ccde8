// The whole story with two people: ask for a key, let somebody else approve, see the private key once, read it all in the log.

import { demoPassword, expect, signIn, test } from "../support/test.ts";
import type { Page } from "@playwright/test";

/** Goes through the wizard as an operator and returns the path of the request. */
async function ask(page: Page, description: string): Promise<string> {
  await page.goto("/keys");
  await page.getByRole("link", { name: "Create API key" }).click();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("radio", { name: /Payments EU/ }).check();
  await page.getByRole("button", { name: /^Continue/ }).click();
  await page.getByLabel("Description", { exact: true }).fill(description);
  await page.getByRole("checkbox", { name: /ORG_MEMBER/ }).check();
  await page.getByRole("button", { name: /^Continue/ }).click();
  await page.getByLabel("Addresses and ranges").fill("203.0.113.7 # build runner\n198.51.100.0/28");
  await page.getByRole("button", { name: /^Continue/ }).click();
  await page.locator('input[name^="picked["]').first().check();
  await page.locator('input[name^="picked_roles["][value="GROUP_READ_ONLY"]').check();
  await page.getByRole("button", { name: "Add the picked projects" }).click();
  await page.getByRole("button", { name: "Continue to expiry" }).click();
  await expect(page.getByRole("radio", { name: "90 days" })).toBeChecked();
  await page.getByRole("radio", { name: "180 days" }).check();
  await page.getByRole("button", { name: "Continue to review" }).last().click();
  await expect(page.getByText(description).first()).toBeVisible();
  await page.getByLabel("Reason").fill("The pipeline moves to new runners.");
  await page.getByRole("button", { name: /^Request approval for/ }).click();
  await expect(page).toHaveURL(/\/requests\/CR-\d+$/);
  return new URL(page.url()).pathname;
}

/** Reloads until the page says so: without script nothing else would. */
async function reloadUntil(page: Page, text: string): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(text, { exact: true }).first()).toBeVisible({ timeout: 500 });
  }).toPass();
}

/** Reveals the private key, as the requester at the request's page, and returns it. */
async function reveal(page: Page): Promise<string> {
  await page.getByRole("link", { name: /Reveal/ }).click();
  await page.getByLabel("Password").fill(demoPassword("operator"));
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: /Reveal/ }).click();
  expect((await answer).status()).toBe(200);
  const key = page.getByText(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  return ((await key.first().textContent()) ?? "").trim();
}

async function story(page: Page, approver: Page, auditor: Page, description: string): Promise<string> {
  const request = await ask(page, description);

  // One's own request: the buttons are there, and say why they do nothing.
  await expect(page.getByText("somebody else has to decide about it").first()).toBeVisible();

  await approver.goto(request);
  await approver.getByRole("button", { name: /^Approve \d+ changes/ }).click();
  await expect(approver.getByText("approved", { exact: true }).first()).toBeVisible();

  await page.goto(request);
  await reloadUntil(page, "Applied");

  // The private key, once.
  const shown = await reveal(page);
  await page.goto(`${request}/secret`);
  await expect(page.getByText(shown)).toHaveCount(0);

  await page.goto("/keys?q=" + encodeURIComponent(description));
  await expect(page.getByRole("link", { name: description })).toBeVisible();
  await expect(page.getByRole("row", { name: description })).toContainText(/in 1(79|80) d/);

  await auditor.goto("/log?request=" + request.split("/").pop());
  for (const sentence of [/^Submitted/, /^Approved/, /^Saw the private key/]) {
    await expect(auditor.getByText(sentence).first()).toBeVisible();
  }
  return shown;
}

test("two people create a key", async ({ page, person, secrets }) => {
  const approver = await person("approver");
  const auditor = await person("auditor");
  await signIn(page, "operator");
  const key = await story(page, approver, auditor, "ci-runner-story");
  secrets.plant("the private key", key, /^POST \/requests\/CR-\d+\/secret$/);
  expect(await secrets.answersWith(key)).toHaveLength(1);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("two people create a key all the same", async ({ page, person, secrets }) => {
    const approver = await person("approver");
    const auditor = await person("auditor");
    await signIn(page, "operator");
    const request = await ask(page, "ci-runner-plain");
    await approver.goto(request);
    await approver.getByRole("button", { name: /^Approve \d+ changes/ }).click();
    await page.goto(request);
    await reloadUntil(page, "Applied");
    const shown = await reveal(page);
    secrets.plant("the private key", shown, /^POST \/requests\/CR-\d+\/secret$/);
    await auditor.goto("/log?request=" + request.split("/").pop());
    await expect(auditor.getByRole("link", { name: request.split("/").pop() }).first()).toBeVisible();
  });
});
