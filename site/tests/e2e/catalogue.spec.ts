import { expect, Playground, test } from "./page.ts";

const misspelt = {
  version: 1,
  accounts: { "111122223333": { users: { ali: { inline: { Own: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:GetObjects", Resource: "*" } } } } } } },
  requests: [{ name: "Ali reads", principal: "arn:aws:iam::111122223333:user/ali", action: "s3:GetObject", resource: "arn:aws:s3:::b/k" }],
};

test("an action that AWS does not have is found in the shipped catalogue", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open(`#s=1.pl.${Buffer.from(JSON.stringify(misspelt)).toString("base64url")}`);
  await page.getByRole("button", { name: /^Problems 1/ }).click();
  await expect(page.locator("body")).toContainText(/"s3:GetObjects" is not an action in the catalogue of \d{4}-\d\d-\d\d/);
});
