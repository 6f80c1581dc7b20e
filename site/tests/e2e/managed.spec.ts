import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { expect, Playground, test } from "./page.ts";
import { serveFolder } from "./serve.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const athena = "arn:aws:iam::aws:policy/AmazonAthenaFullAccess";

/** scenario has a user with some policies who queries Athena. */
const scenario = (...policies: string[]) => ({
  version: 1,
  title: "Athena",
  accounts: { "111122223333": { users: { ali: { policies } } } },
  requests: [{ name: "Ali queries", principal: "arn:aws:iam::111122223333:user/ali", action: "athena:StartQueryExecution", resource: "arn:aws:athena:eu-west-1:111122223333:workgroup/w" }],
});
const link = (value: object) => `#s=1.pl.${Buffer.from(JSON.stringify(value)).toString("base64url")}`;

/** browse opens the list from the form of the user. */
async function browse(page: Page): Promise<void> {
  await page.locator("#world .world").getByRole("treeitem", { name: /ali/ }).click();
  await page.getByRole("button", { name: /^Browse all 1,[0-9]+ of AWS's policies/ }).click();
}

async function pick(page: Page, words: string, name: string): Promise<void> {
  await page.getByRole("searchbox", { name: "Search by name" }).fill(words);
  await page.getByRole("list", { name: "Policies" }).getByRole("button", { name: new RegExp(`^${name}`) }).click();
  await expect(page.getByRole("dialog").getByRole("heading", { name })).toBeVisible();
}

test("a policy beyond those at hand is found, read and attached, and the decision changes; its text is fetched once", async ({ playground, page }) => {
  const asked: string[] = [];
  page.on("request", (r) => {
    if (r.url().includes("/managed/")) asked.push(new URL(r.url()).pathname);
  });
  await playground.open(link(scenario()));
  await expect(playground.word).toContainText("Denied");
  await browse(page);
  await expect(page.getByRole("searchbox", { name: "Search by name" })).toBeFocused();
  await pick(page, "athena full", "AmazonAthenaFullAccess");
  await expect(page.getByRole("dialog").getByLabel("Text of AmazonAthenaFullAccess")).toContainText('"athena:*"');
  await expect(playground.word).toContainText("Denied");
  await page.getByRole("button", { name: "Attach to ali" }).click();
  await expect(page.getByRole("dialog")).toContainText("attached to ali");
  await page.keyboard.press("Escape");
  await expect(playground.word).toContainText("Allowed");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(playground.word).toContainText("Denied");
  await page.getByRole("button", { name: "Redo", exact: true }).click();
  await expect(playground.word).toContainText("Allowed");
  expect(asked).toEqual(["/managed/AmazonAthenaFullAccess.json"]);
});

test("a scenario that names one is answered with it, and until it is here the answer says that it is unknown", async ({ playground, page }) => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/managed/AmazonAthenaFullAccess.json", async (route) => {
    await held;
    await route.continue();
  });
  await playground.open(link(scenario(athena)));
  await expect(playground.word).toContainText("Depends");
  release();
  await expect(playground.word).toContainText("Allowed");
});

test("a name that AWS does not have is asked of nobody", async ({ playground, page }) => {
  const asked: string[] = [];
  page.on("request", (r) => asked.push(r.url()));
  await playground.open(link(scenario("arn:aws:iam::aws:policy/AmazonAthenaFullAcces")));
  await expect(playground.word).toContainText("Depends");
  await page.getByRole("button", { name: /^Problems [1-9]/ }).click();
  await expect(page.locator("body")).toContainText("AmazonAthenaFullAcces");
  expect(asked.filter((url) => url.includes("/managed/"))).toEqual([]);
});

test("a copy is a policy of the account's own, which can be edited; what is for AWS's own roles cannot be attached", async ({ playground, page }) => {
  await playground.open(link(scenario()));
  await browse(page);
  await page.getByRole("combobox", { name: "Group" }).selectOption({ label: "Service-linked roles (357)" });
  await pick(page, "autoscaling", "AutoScalingServiceRolePolicy");
  await expect(page.getByRole("dialog").locator(".preview")).toContainText("cannot be attached to anything else");
  await expect(page.getByRole("button", { name: /^Attach/ })).toHaveCount(0);
  await page.getByRole("combobox", { name: "Group" }).selectOption("");
  await pick(page, "athena full", "AmazonAthenaFullAccess");
  await page.getByRole("button", { name: "Edit a copy" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await playground.change((s) => {
    expect(Object.keys(s.accounts["111122223333"].policies)).toEqual(["AmazonAthenaFullAccess"]);
    s.accounts["111122223333"].users.ali.policies = ["AmazonAthenaFullAccess"];
  });
  await expect(playground.word).toContainText("Allowed");
});

test("by keyboard: search, go down the list, open, read", async ({ playground, page }) => {
  await playground.open(link(scenario()));
  await browse(page);
  await expect(page.getByRole("searchbox", { name: "Search by name" })).toBeFocused();
  await page.keyboard.type("billing");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("list", { name: "Policies" }).getByRole("button").first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel(/^Text of .*Billing/)).toContainText('"Version"');
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("searchbox", { name: "Search by name" })).toBeFocused();
});

test.describe("with the server stopped", () => {
  test.use({ allowed: [/Failed to load resource/] });

  test("what was fetched once is there, and what was not is said to be missing and counts as unknown", async ({ playground, page, context }) => {
    test.slow();
    const server = await serveFolder("site/dist");
    const site = process.env.SITE!;
    process.env.SITE = server.address;
    try {
      await page.goto(server.address);
      await playground.answered();
      await expect(page.locator("footer")).toContainText("works offline", { timeout: 90_000 });
      await page.reload(); // the first visit is not the service worker's
      await playground.answered();
      await page.goto(server.address + link(scenario(athena)));
      await expect(playground.word).toContainText("Allowed");

      const timestream = "arn:aws:iam::aws:policy/AmazonTimestreamFullAccess";
      const without = await context.newPage();
      await without.goto(server.address);
      await without.locator("footer").getByText(/policies of/).waitFor();
      await server.stop();
      await expect(fetch(server.address)).rejects.toThrow();

      await without.goto(server.address + link(scenario(athena)));
      await expect(without.locator("#answer-word")).toContainText("Allowed"); // fetched before, on another page
      await without.goto(server.address + link(scenario(timestream)));
      await expect(without.getByText("AWS's policy AmazonTimestreamFullAccess could not be fetched: the site cannot be reached")).toBeVisible();
      await expect(without.locator("#answer-word")).toContainText("Depends");
      await without.close();
    } finally {
      await server.stop();
      process.env.SITE = site;
    }
  });

  test("each opens when all are kept, until they are removed", async ({ playground, page }) => {
    test.slow();
    const server = await serveFolder("site/dist");
    const site = process.env.SITE!;
    process.env.SITE = server.address;
    try {
      await page.goto(server.address + link(scenario()));
      await playground.answered();
      await page.locator("footer").getByRole("button", { name: /^policies of/ }).click();
      await page.getByRole("button", { name: /^Make everything available offline \(\d+ KB\)/ }).click();
      await expect(page.getByRole("dialog")).toContainText("All of them are kept in this browser", { timeout: 30_000 });
      await page.keyboard.press("Escape");
      await expect(page.locator("footer")).toContainText("works offline", { timeout: 90_000 });
      await server.stop();
      await expect(fetch(server.address)).rejects.toThrow();

      await page.reload();
      await expect(page.locator("footer")).toContainText("all policies of");
      await browse(page);
      await pick(page, "athena full", "AmazonAthenaFullAccess");
      await page.getByRole("button", { name: "Attach to ali" }).click();
      await page.keyboard.press("Escape");
      await expect(playground.word).toContainText("Allowed");

      await page.locator("footer").getByRole("button", { name: /^all policies of/ }).click();
      await page.getByRole("button", { name: "Remove", exact: true }).click();
      await pick(page, "timestream full", "AmazonTimestreamFullAccess");
      await expect(page.getByRole("dialog").getByRole("alert")).toContainText("could not be fetched: the site cannot be reached");
      await expect(page.getByRole("dialog").getByRole("button", { name: "Try again" })).toBeVisible();
    } finally {
      await server.stop();
      process.env.SITE = site;
    }
  });
});

test.describe("where the browser keeps nothing", () => {
  test("all of them last as long as the page, and that is said", async ({ playground, page }) => {
    await page.addInitScript(() => {
      const refuse = () => Promise.reject(new DOMException("denied", "SecurityError"));
      Object.assign(CacheStorage.prototype, { open: refuse, match: refuse });
    });
    await playground.open(link(scenario()));
    await page.locator("footer").getByRole("button", { name: /^policies of/ }).click();
    await page.getByRole("button", { name: /^Make everything available offline/ }).click();
    await expect(page.getByRole("dialog")).toContainText("All of them are here until you close the page");
  });
});

for (const [width, height] of [[1440, 900], [768, 1024], [360, 740]] as const)
  for (const scheme of ["light", "dark"] as const)
    test(`axe finds nothing in the list at ${width} pixels, ${scheme}, and nothing is wider than the page`, async ({ playground, page }) => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: scheme });
      await playground.open(link(scenario()));
      await page.getByRole("button", { name: /^Scenario:/ }).click();
      await page.getByRole("menuitem", { name: /AWS managed policies/ }).click();
      const check = async (where: string) => {
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => {
          const run = (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe;
          return (await run.run({ resultTypes: ["violations"] })).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`);
        });
        expect(violations, where).toEqual([]);
        expect(await page.evaluate(() => Math.max(document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll("[role=dialog], .dialog-body")].map((e) => e.scrollWidth - e.clientWidth))), where).toBeLessThanOrEqual(0);
      };
      await expect(page.getByRole("list", { name: "Policies" }).getByRole("button").first()).toBeVisible();
      await check("list");
      await pick(page, "athena full", "AmazonAthenaFullAccess");
      await expect(page.getByLabel("Text of AmazonAthenaFullAccess")).toContainText("athena");
      await check("policy");
      if (width > 700) return;
      await page.getByRole("button", { name: "All policies" }).click();
      await expect(page.getByRole("list", { name: "Policies" }).getByRole("button", { name: /^AmazonAthenaFullAccess/ })).toBeFocused();
    });
