import { expect, Playground, test } from "./page.ts";
import { serveFolder } from "./serve.ts";

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

test("AWS's policies that were fetched once are there with the server stopped, and one file has all of them", async ({ page }) => {
  const server = await serveFolder("site/dist");
  try {
    const playground = new Playground(page);
    await page.goto(server.address);
    await playground.answered();
    await expect(page.locator("footer")).toContainText("works offline");
    await page.reload(); // the first visit is not the service worker's
    await playground.answered();

    const names = (file: string) => page.evaluate(async (file) => ((await (await fetch(file)).json()) as { policies: { name: string }[] }).policies.map((p) => p.name), file);
    expect(await names("managed/AmazonAthenaFullAccess.json")).toEqual(["AmazonAthenaFullAccess"]);
    expect((await names("managed/all.json")).length).toBeGreaterThan(1500);
    await server.stop();
    expect(await names("managed/AmazonAthenaFullAccess.json")).toEqual(["AmazonAthenaFullAccess"]);
    expect(await names("managed/all.json")).toContain("AmazonRedshiftFullAccess");
    await expect(names("managed/AmazonRedshiftFullAccess.json")).rejects.toThrow();
  } finally {
    await server.stop();
  }
});
