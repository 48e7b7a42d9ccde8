// Text stays text, strangers stay outside, and other sites cannot act for anybody.

import { expect, signIn, test } from "../support/test.ts";

const MARKUP = `<img src=x onerror="document.title='hurt'">`;

test("what people type is shown as text, in pages and in forms that come back", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto("/people/new");
  await page.getByLabel("Username").fill(`"></textarea>${MARKUP}`);
  await page.getByLabel("Name", { exact: true }).fill(MARKUP);
  await page.getByRole("button", { name: "Add and make a link" }).click();
  await expect(page.getByLabel("Username")).toHaveValue(`"></textarea>${MARKUP}`);
  await page.getByLabel("Username").fill("marked-up");
  await page.getByRole("button", { name: "Add and make a link" }).click();
  await expect(page.getByRole("heading", { name: MARKUP, level: 1 })).toBeVisible();

  for (const path of ["/people", `/log?actor=${encodeURIComponent(MARKUP)}`, `/sign-in?next=${encodeURIComponent(`/"${MARKUP}`)}`, `/${encodeURIComponent(MARKUP)}`]) {
    const answer = await page.request.get(path);
    expect(await answer.text(), path).not.toContain("<img src=x");
  }
  await page.goto("/people");
  await expect(page.getByRole("link", { name: MARKUP })).toBeVisible();
  await expect(page.locator("img")).toHaveCount(0);
  await expect(page).not.toHaveTitle("hurt");
});

test("every page forbids scripts and styles that are not its own", async ({ page }) => {
  await signIn(page, "administrator");
  for (const path of ["/", "/people", "/people/new", "/account", "/log"]) {
    const answer = await page.goto(path);
    const policy = answer?.headers()["content-security-policy"] ?? "";
    expect(policy, path).toContain("script-src");
    expect(policy, path).not.toContain("unsafe-inline");
    await expect(page.locator("[style], [onclick], [onload], [onerror]"), path).toHaveCount(0);
  }
});

test("a form that another site sends is refused", async ({ page }) => {
  await signIn(page, "viewer");
  for (const site of ["cross-site", "same-site"]) {
    const answer = await page.request.post("/api/people/end-other-sessions", {
      headers: { "sec-fetch-site": site, accept: "text/html" },
      form: {},
      maxRedirects: 0,
    });
    expect(answer.status(), site).toBe(403);
  }
});

test("a refused form is there again for whoever sent it, and for no stranger", async ({ page, person }) => {
  await signIn(page, "administrator");
  await page.goto("/people/new");
  await page.getByLabel("Username").fill("half typed");
  await page.getByRole("button", { name: "Add and make a link" }).click();
  await expect(page).toHaveURL(/attempt=/);
  const address = page.url();
  await expect(page.getByLabel("Username")).toHaveValue("half typed");

  const other = await person("administrator");
  await other.goto(address);
  // The same person at another browser sees it; a stranger is led to the sign-in page.
  await expect(other.getByLabel("Username")).toHaveValue("half typed");
  await page.context().clearCookies();
  await page.goto(address);
  await expect(page).toHaveURL(/\/sign-in/);
});
