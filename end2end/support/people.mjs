// The accounts of `meridian serve --demo`, and how a person signs in.

/** One account for each role; in the demo its name is the role's. */
export const ROLES = ["viewer", "operator", "approver", "administrator", "auditor"];

/**
 * The password of a demo account, as the sign-in page of the demo shows it.
 *
 * @param {string} role
 */
export function demoPassword(role) {
  return `demo-${role}-password`;
}

/**
 * Signs in by the form, as a person does.
 *
 * @param {import("@playwright/test").Page} page
 * @param {string} username a role of the demo, or any other account together with its password
 * @param {string} [password]
 */
export async function signIn(page, username, password = demoPassword(username)) {
  await page.goto("/sign-in");
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}
