// axe-core finds nothing on any page, light or dark.

import { axe, test } from "../support/test.ts";

const ADMINISTRATOR = ["/", "/organizations", "/organizations/new", "/organizations/import", "/log", "/people", "/people/new", "/account", "/nothing-here"];
const OPERATOR = ["/projects", "/keys?q=nothing-like-this", "/keys/new", "/findings", "/search", "/search?q=ci", "/search?q=203.0.113.7", "/search?q=nothing-like-this", "/requests", "/requests?tab=mine", "/requests/CR-0001", "/log"];

for (const [role, paths] of [["administrator", ADMINISTRATOR] as const, ["operator", OPERATOR] as const]) {
  test(`the pages of an ${role} are accessible in both themes`, async ({ person, problems }) => {
    test.setTimeout(180_000);
    // Pages that are not there, or not for this person, are looked at on purpose.
    problems.expect(/status of (403|404)/);
    const page = await person(role);
    for (const path of paths) {
      await page.goto(path);
      await axe(page);
    }
  });
}

test("the tables and pages of single things are accessible in both themes", async ({ person, problems }) => {
  test.setTimeout(180_000);
  problems.expect(/status of (403|404)/);
  const page = await person("operator");
  await page.goto("/keys?org=&finding=owner_role");
  await axe(page);
  await page.locator("tbody a").first().click();
  await axe(page);
  await page.goto("/organizations");
  await page.locator("tbody a").first().click();
  await axe(page);
  await page.goto("/link/nothing");
  await axe(page);
});
