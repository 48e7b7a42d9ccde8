// Connecting organizations, looking after their credentials, removing them.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import type { Page } from "@playwright/test";

import { binary } from "../support/program.mjs";
import { axe, demoPassword, expect, signIn, test } from "../support/test.ts";

/** An owner's key of the paying organization. The sandbox alone prints it, and it is the same in the sandbox of the demo. */
async function ownersKey(): Promise<{ publicKey: string; privateKey: string }> {
  const sandbox = spawn(binary(), ["sandbox", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "ignore"] });
  const found = new Map<string, string>();
  for await (const line of createInterface({ input: sandbox.stdout })) {
    const [, name, value] = /^(ATLAS_\w+)=(.*)$/.exec(line) ?? [];
    if (name && value) found.set(name, value);
    if (found.has("ATLAS_PUBLIC_KEY") && found.has("ATLAS_PRIVATE_KEY")) break;
  }
  sandbox.kill();
  await once(sandbox, "exit");
  return { publicKey: found.get("ATLAS_PUBLIC_KEY") ?? "", privateKey: found.get("ATLAS_PRIVATE_KEY") ?? "" };
}

async function openOrganization(page: Page, name: string): Promise<void> {
  await page.goto("/organizations");
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

test("an organization's page shows what its credentials can do, and never their private keys", async ({ page }) => {
  await signIn(page, "administrator");
  await openOrganization(page, "Payments EU");
  const reader = page.locator("section.card", { has: page.getByRole("heading", { name: "Reader", exact: true }) });
  await expect(reader).toContainText("ORG_OWNER");
  await expect(reader.getByRole("listitem").first()).toContainText("Can:");
  await expect(page.getByText("encrypted here, never shown")).toHaveCount(2);
  for (const part of ["Projects", "API keys", "Access lists"]) {
    await expect(page.getByRole("table", { name: /^What was read/ }).getByRole("row", { name: part })).toContainText("complete");
  }
  await page.getByRole("button", { name: "Test again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Payments EU" })).toBeVisible();
  await expect(reader).toContainText("tested");
  await axe(page);
});

test("a wrong key is explained beside its field, and what else was typed stays", async ({ page, secrets }) => {
  const wrong = "00000000-1111-2222-3333-444444444444";
  secrets.plant("a private key that was typed", wrong);
  await signIn(page, "administrator");
  await page.goto("/organizations/new");
  await axe(page);
  const reader = page.locator("section", { has: page.getByRole("heading", { name: "Reader", exact: true }) });
  await reader.getByLabel("Public key").fill("abcdefgh");
  await reader.getByLabel("Private key").fill(wrong);
  await page.getByLabel("Label").fill("Finance");
  await page.getByLabel("Environment").fill("prod");
  await page.getByRole("button", { name: "Test and connect" }).click();
  await expect(page.getByRole("alert")).toContainText("One thing needs attention");
  await expect(reader.getByLabel("Private key")).toHaveAttribute("aria-invalid", "true");
  await expect(reader).toContainText("Atlas does not accept this API key");
  await expect(reader.getByLabel("Public key")).toHaveValue("abcdefgh");
  await expect(reader.getByLabel("Private key")).toHaveValue("");
  await expect(page.getByLabel("Label")).toHaveValue("Finance");
  await expect(page.getByLabel("Environment")).toHaveValue("prod");
  await axe(page);
});

test("a connection can be labelled without typing its keys again", async ({ page }) => {
  await signIn(page, "administrator");
  await openOrganization(page, "Retail Platform");
  await page.getByRole("link", { name: "Replace credentials" }).click();
  await axe(page);
  await page.getByLabel("Label").fill("Retail");
  await page.getByLabel("Environment").fill("staging");
  await page.getByRole("button", { name: "Test and save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Retail" })).toBeVisible();
  await page.goto("/organizations");
  await expect(page.getByRole("row", { name: "Retail" })).toContainText("staging");
});

test("a writer can be removed, and the page says what that means", async ({ page }) => {
  await signIn(page, "administrator");
  await openOrganization(page, "Payments EU");
  await page.getByText("Remove the writer").first().click();
  await axe(page);
  await page.getByRole("button", { name: "Remove the writer" }).click();
  await expect(page.getByText("Without a writer Meridian cannot carry them out")).toBeVisible();
  await expect(page.getByRole("link", { name: "Add a writer" })).toBeVisible();
});

test("an organization is removed only when its name is typed, and can be connected again", async ({ page, secrets }) => {
  const key = await ownersKey();
  secrets.plant("an owner's private key", key.privateKey);
  await signIn(page, "administrator");

  await page.goto("/organizations/new");
  const reader = page.locator("section", { has: page.getByRole("heading", { name: "Reader", exact: true }) });
  await reader.getByLabel("Public key").fill(key.publicKey);
  await reader.getByLabel("Private key").fill(key.privateKey);
  await page.getByRole("button", { name: "Test and connect" }).click();
  await expect(reader).toContainText("which is connected already");

  await openOrganization(page, "Group Finance");
  await page.getByText("Remove this organization", { exact: true }).click();
  await page.getByLabel("Name of the organization").fill("Group");
  await page.getByRole("button", { name: "Remove the organization" }).click();
  await expect(page.getByLabel("Name of the organization")).toHaveValue("Group");
  await expect(page.getByRole("alert")).toContainText("Type the organization’s name, Group Finance");
  await page.getByLabel("Name of the organization").fill("Group Finance");
  await page.getByRole("button", { name: "Remove the organization" }).click();
  await page.waitForURL("**/organizations");
  await expect(page.getByRole("link", { name: "Group Finance" })).toHaveCount(0);

  await page.goto("/organizations/new");
  await reader.getByLabel("Public key").fill(key.publicKey);
  await reader.getByLabel("Private key").fill(key.privateKey);
  await page.getByLabel("Label").fill("Finance");
  await page.getByRole("button", { name: "Test and connect" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Finance" })).toBeVisible();
  // The first reading begins by itself, and the page keeps itself up to date meanwhile.
  await expect(page.getByText("healthy").first()).toBeVisible({ timeout: 30_000 });
  await page.goto("/keys?q=Meridian+reader");
  await expect(page.getByRole("row", { name: "Finance" })).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a wrong key is explained just the same", async ({ page }) => {
    await signIn(page, "administrator");
    await page.goto("/organizations/new");
    const reader = page.locator("section", { has: page.getByRole("heading", { name: "Reader", exact: true }) });
    await reader.getByLabel("Public key").fill("abcdefgh");
    await reader.getByLabel("Private key").fill(demoPassword("viewer"));
    await page.getByRole("button", { name: "Test and connect" }).click();
    await expect(page).toHaveURL(/\/organizations\/new\?attempt=/);
    await expect(reader).toContainText("Atlas does not accept this API key");
    await expect(reader.getByLabel("Public key")).toHaveValue("abcdefgh");
  });
});
