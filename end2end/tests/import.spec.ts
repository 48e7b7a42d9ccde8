// Connecting several organizations from a file.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import type { Page } from "@playwright/test";

import { binary } from "../support/program.mjs";
import { axe, expect, signIn, test } from "../support/test.ts";

interface Key {
  publicKey: string;
  privateKey: string;
}

const WRONG = "0f1e2d3c-1111-2222-3333-444455556666";

/** An owner's key of Group Finance. The sandbox alone prints it, and it is the same in the sandbox of the demo. */
async function ownersKey(): Promise<Key> {
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

async function removeGroupFinance(page: Page): Promise<void> {
  await page.goto("/organizations");
  await page.getByRole("link", { name: /^(Group Finance|Finance)$/ }).click();
  await page.getByText("Remove this organization", { exact: true }).click();
  await page.getByLabel("Name of the organization").fill("Group Finance");
  await page.getByRole("button", { name: "Remove the organization" }).click();
  await page.waitForURL("**/organizations");
}

const field = (page: Page) => page.getByLabel("CSV table, or the Atlas CLI’s config.toml");

/** What both tests do; `look` looks at the page where that is possible. */
async function leadsFromBadRowsToTheList(
  page: Page,
  key: Key,
  put: (text: string) => Promise<void>,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  await signIn(page, "administrator");
  await removeGroupFinance(page);
  await page.getByRole("link", { name: "Import several" }).click();
  await look(page);
  await put(`public_key,private_key,label\n${key.publicKey},${key.privateKey},Finance\nabcdefgh,${WRONG},Other\n`);
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByText("1 organization can be added, 1 cannot.")).toBeVisible();
  const table = page.getByRole("table", { name: "What was found" });
  await expect(table.getByRole("row", { name: "Line 2" })).toContainText("Group Finance");
  await expect(table.getByRole("row", { name: "Line 3" })).toContainText("Atlas does not accept this API key");
  await look(page);
  await page.getByRole("button", { name: "Add the good row only" }).click();
  await expect(page.getByText("One organization was added.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Finance", exact: true })).toBeVisible();
}

test("a file that is chosen goes into the field, and its good rows are added when one says so", async ({ page, secrets }) => {
  const key = await ownersKey();
  secrets.plant("an owner's private key", key.privateKey);
  secrets.plant("a private key that does not work", WRONG);
  await leadsFromBadRowsToTheList(page, key, async (text) => {
    await page.getByLabel("Or choose a file").setInputFiles({ name: "all.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await expect(field(page)).toHaveValue(text);
    await expect(page.getByText("all.csv stands in the field above.")).toBeVisible();
  }, axe);
});

test("a profile of an organization that is connected is told, and nothing can be added", async ({ page, secrets }) => {
  const key = await ownersKey();
  secrets.plant("an owner's private key, once more", key.privateKey);
  await signIn(page, "administrator");
  await page.goto("/organizations/import");
  // Without an address the profile is of the real Atlas.
  const allowed = (await page.getByText("Addresses of Atlas that are allowed here").textContent()) ?? "";
  const sandbox = /http:\/\/127\.0\.0\.1:\d+/.exec(allowed)?.[0] ?? "";
  await field(page).fill(
    `[default]\npublic_api_key = "${key.publicKey}"\nprivate_api_key = "${key.privateKey}"\nops_manager_url = "${sandbox}/"\n\n[me]\naccess_token = "eyJ"\n`,
  );
  await page.getByRole("button", { name: "Check" }).click();
  const table = page.getByRole("table", { name: "What was found" });
  await expect(table.getByRole("row", { name: "Profile default" })).toContainText("which is connected already");
  await expect(table.getByRole("row", { name: "Profile me" })).toContainText("It signs in as a person");
  await expect(page.getByText("Nothing can be added.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Add/ })).toHaveCount(0);
  await axe(page);
});

test("others than administrators may not import", async ({ page, problems }) => {
  problems.expect(/status of 403/);
  await signIn(page, "operator");
  await page.goto("/organizations");
  await expect(page.getByRole("link", { name: "Import several" })).toHaveCount(0);
  await page.goto("/organizations/import");
  await expect(page.getByRole("heading", { name: "You may not connect organizations" })).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the same works with a table that is pasted", async ({ page, secrets }) => {
    const key = await ownersKey();
    secrets.plant("an owner's private key, without script", key.privateKey);
    await leadsFromBadRowsToTheList(page, key, async (text) => {
      await expect(page.getByLabel("Or choose a file")).toBeHidden();
      await field(page).fill(text);
      // axe-core needs JavaScript in the page.
    }, async () => {});
  });

  test("a file that cannot be read is explained and does not come back", async ({ page }) => {
    await signIn(page, "administrator");
    await page.goto("/organizations/import");
    await field(page).fill(`abcdefgh,${WRONG}`);
    await page.getByRole("button", { name: "Check" }).click();
    await expect(page).toHaveURL(/\/organizations\/import\?attempt=/);
    await expect(page.getByRole("alert")).toContainText("The first row must hold the names of the columns");
    await expect(page.getByText("Paste the file again.")).toBeVisible();
    await expect(field(page)).toHaveValue("");
  });
});
