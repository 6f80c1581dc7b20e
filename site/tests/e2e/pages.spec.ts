import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test, type Page } from "@playwright/test";

const axe = fileURLToPath(import.meta.resolve("axe-core/axe.min.js"));
const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const pages = readdirSync(dist + "scenarios", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html") && name !== "index.html");

async function widths(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page leads to the list, the list to every scenario, and each into the playground", async ({ page }) => {
    await page.goto(process.env.SITE!);
    await page.getByRole("link", { name: /scenarios of its gallery/ }).click();
    await expect(page).toHaveURL(/\/scenarios\/$/);
    expect(await page.locator(".cards a").count()).toBe(pages.length);
    await page.getByRole("link", { name: "An explicit deny always wins" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("An explicit deny always wins");
    await expect(page.locator("#request-2")).toContainText("Explicitly denied");
    await expect(page.locator("#request-2 .message")).toContainText("is not authorized to perform: s3:DeleteObject");
    await page.getByRole("navigation").getByRole("link", { name: "The policies" }).click();
    await expect(page.locator("mark.deny")).toContainText("NeverDeleteFromArchive");
    const background = await page.locator("mark.deny").evaluate((mark) => getComputedStyle(mark).backgroundColor);
    expect(background).not.toBe("rgba(0, 0, 0, 0)"); // the style is allowed by the page's own policy
    await expect(page.getByRole("link", { name: "Open in the playground" })).toHaveAttribute("href", "../../#example/basics/explicit-deny-wins");
  });

  test("a rule has its number, AWS's page, its scenario and what its tests prove", async ({ page }) => {
    await page.goto(process.env.SITE! + "rules/#7.3-role");
    const rule = page.getByRole("article", { name: "A grant to a role stays within its limits" });
    await expect(rule).toBeInViewport();
    await expect(rule.getByRole("link", { name: "Policies and permissions" })).toHaveAttribute("href", /^https:\/\/docs\.aws\.amazon\.com\//);
    await rule.getByText(/^What the tests prove/).click();
    await expect(rule.getByRole("listitem").first()).toContainText("a role named in the resource policy needs no identity policy");
    await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Across accounts" }).click();
    await expect(page).toHaveURL(/#7\.4$/);
    await rule.getByRole("link", { name: /^read the answers/ }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Naming a role, or one of its sessions");
    await page.locator("#request-1 .stages").getByRole("link", { name: "Rule 7.3" }).first().click();
    await expect(page).toHaveURL(/\/rules\/#7\.3-/);
  });

  test("the keyboard reaches the content first", async ({ page }) => {
    await page.goto(process.env.SITE! + "scenarios/basics/explicit-deny-wins.html");
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/#main$/);
  });
});

for (const name of ["../rules/", "index.html", "tutorials/iam-basics.html", "organizations/every-level-must-allow.html", "unknown/whether-mfa-was-used.html", "special/pass-role-the-second-check.html"])
  for (const colorScheme of ["light", "dark"] as const)
    test(`${name} is accessible and fits a phone, in ${colorScheme} colours`, async ({ browser }) => {
      // The policy of the page refuses scripts, and so does it those that look at it.
      const context = await browser.newContext({ bypassCSP: true, colorScheme, viewport: { width: 360, height: 740 } });
      const page = await context.newPage();
      await page.goto(process.env.SITE! + "scenarios/" + name);
      expect(await widths(page)).toBe(0);
      await page.addScriptTag({ path: axe });
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run();
        return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`);
      });
      expect(found).toEqual([]);
      await context.close();
    });

test("a page opens its scenario in the playground", async ({ page }) => {
  await page.goto(process.env.SITE! + "scenarios/basics/explicit-deny-wins.html");
  await page.getByRole("link", { name: "Open in the playground" }).click();
  await expect(page.locator("#answer-word")).toHaveText(/Allowed|Denied/);
  await expect(page.locator("#story-title")).toContainText("An explicit deny always wins");
});

test("a step and an element lead to their rules", async ({ page, context }) => {
  await page.goto(process.env.SITE! + "#example/resource-policies/role-arn-or-session-arn");
  const steps = page.getByRole("list", { name: "The steps in AWS’s order" });
  await steps.getByRole("button", { name: /^Resource-based policy/ }).click();
  const link = steps.getByRole("link", { name: "Rule 7.3 about: Resource-based policy (new tab)" });
  const [book] = await Promise.all([context.waitForEvent("page"), link.click()]);
  await expect(book).toHaveURL(/\/rules\/#7\.3-role$/);
  await expect(book.locator("article:target")).toContainText("A grant to a role stays within its limits");
  await page.getByRole("button", { name: /^Elements of/ }).first().click();
  await expect(page.getByRole("link", { name: /^Rule 3\.1 about: Action/ }).first()).toHaveAttribute("href", "./rules/#3.1-wildcards");
});

test("no page holds a script, a style of its own or an address of another origin to load", () => {
  for (const name of [...pages, "../rules/index.html"]) {
    const text = readFileSync(`${dist}scenarios/${name}`, "utf8");
    expect(text, name).not.toMatch(/<script|<style|<img|<iframe| on[a-z]+=| style=|src=/);
    expect(text.match(/<link rel="stylesheet" href="([^"]*)"/)?.[1], name).toMatch(/^(\.\.\/)+scenarios\/pages\.css$/);
  }
});

test.describe("the playground in a single file", () => {
  const file = "file://" + dist + "iam-playground.html";

  test("it opens from disk, answers, edits, opens the gallery and makes links, and asks nobody for anything", async ({ page, context }) => {
    const asked: string[] = [];
    const wrong: string[] = [];
    context.on("request", (r) => asked.push(r.url()));
    page.on("pageerror", (e) => wrong.push(e.message));
    page.on("console", (m) => m.type() === "error" && wrong.push(m.text()));
    await page.addInitScript(() => addEventListener("securitypolicyviolation", (e) => console.error(`policy refused ${e.violatedDirective}: ${e.blockedURI}`)));
    await page.goto(file);
    await expect(page.locator("#answer-word")).toContainText("Denied");
    await expect(page.locator("footer")).toContainText("works offline");
    await expect(page.locator(".sources").first()).toContainText(/Rule \d/);
    await expect(page.locator('a[href*="rules/"]')).toHaveCount(0); // there is no page to lead to

    await page.getByRole("button", { name: "Gallery" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "An explicit deny always wins" }).click();
    await expect(page.locator("#story-title")).toContainText("An explicit deny always wins");
    await expect(page.locator("#answer-word")).toContainText("Allowed");

    const editor = page.locator("#editor");
    await editor.getByRole("tab", { name: /^Scenario/ }).click();
    await editor.getByRole("button", { name: "Plain text", exact: true }).click();
    const text = editor.locator("textarea.plain");
    await text.fill((await text.inputValue()).replace('"Action": "*"', '"Action": "ec2:*"'));
    await expect(page.locator("#answer-word")).toContainText("Denied");
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await expect(page.getByRole("dialog")).toContainText(/characters/);

    expect(wrong).toEqual([]);
    expect(asked.filter((url) => url !== file && !url.startsWith("blob:") && !url.startsWith("data:"))).toEqual([]);
  });

  test("it opens links", async ({ page }) => {
    const scenario = JSON.stringify({ version: 1, title: "From a link", accounts: { "111122223333": { users: { ali: {} } } }, requests: [{ name: "r", principal: "arn:aws:iam::111122223333:user/ali", action: "sts:GetCallerIdentity", resource: "*" }] });
    await page.goto(`${file}#s=1.pl.${Buffer.from(scenario).toString("base64url")}`);
    await expect(page.locator("#answer-word")).toContainText("Allowed");
    await expect(page.locator("body")).toContainText("From a link");
  });
});
