import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, Playground, test } from "./page.ts";
import { serveFolder } from "./serve.ts";

const dist = new URL("../../dist", import.meta.url).pathname;

const linked = {
  version: 1,
  title: "Sent by a colleague",
  accounts: { "111122223333": { users: { ali: { policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] } } } },
  requests: [{ name: "Ali reads", principal: "arn:aws:iam::111122223333:user/ali", action: "ec2:DescribeInstances", resource: "*" }],
};

/** running are the servers that a test started; one that was stopped is stopped. */
const running: { stop(): Promise<void> }[] = [];

async function serve(folder: string): Promise<{ address: string; stop(): Promise<void> }> {
  const server = await serveFolder(folder);
  running.push(server);
  return server;
}

/** kept waits until the browser has the whole site, which takes a while on a busy machine. */
async function kept(page: Page): Promise<void> {
  await expect(page.locator("footer")).toContainText("works offline", { timeout: 90_000 });
}

test.afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

test("after one visit everything works with the server stopped", async ({ page, context }) => {
  test.slow();
  const server = await serve("site/dist");
  const playground = new Playground(page);
  await page.goto(server.address);
  await playground.answered();
  await kept(page);
  await server.stop();
  await expect(fetch(server.address)).rejects.toThrow(); // nobody answers any more

  await page.reload();
  await playground.answered();
  await expect(playground.request(/Step 3:/)).toContainText("Allowed:");

  await page.getByRole("button", { name: "Gallery" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Every level must allow" }).click();
  await expect(page.locator("#story-title")).toContainText("Every level must allow");
  await expect(page.getByRole("button", { name: /^Tests/ })).not.toContainText("not as expected");

  // A shared link, to a scenario with one of AWS's policies.
  const friend = await context.newPage();
  await friend.goto(`${server.address}#s=1.pl.${Buffer.from(JSON.stringify(linked)).toString("base64url")}`);
  await expect(friend.locator("body")).toContainText("Sent by a colleague");
  await expect(friend.locator("#answer-word")).toContainText("Allowed");

  await friend.goto(server.address + "scenarios/");
  await friend.getByRole("link", { name: "An explicit deny always wins" }).click();
  await expect(friend.locator("#request-2")).toContainText("Explicitly denied");
  await expect(friend.locator("mark.deny").first()).toHaveCSS("border-left-style", "double");
  await friend.getByRole("link", { name: "Open in the playground" }).click();
  await expect(friend.locator("#story-title")).toContainText("An explicit deny always wins");
});

test("an update is offered and taken on a click, with the work kept", async ({ page }) => {
  test.slow();
  const folder = mkdtempSync(join(tmpdir(), "site-update-"));
  cpSync(dist, folder, { recursive: true });
  const server = await serve(folder);
  const playground = new Playground(page);
  const offer = page.getByText("A new version of the playground is ready.");
  const description = page.locator('meta[name="description"]');
  await page.goto(server.address);
  await playground.answered();
  await kept(page);

  // The next version: a page with another description, and a list of files that says so.
  const edit = (name: string, from: RegExp, to: string) => {
    const text = readFileSync(join(folder, name), "utf8");
    expect(text).toMatch(from);
    writeFileSync(join(folder, name), text.replace(from, to));
  };
  edit("index.html", /(<meta name="description" content=")[^"]*/, "$1The next version");
  edit("sw.js", /(url:"index\.html",revision:")[0-9a-f]+/, "$1next");

  await page.reload();
  await playground.answered();
  await expect(offer).toBeVisible({ timeout: 90_000 });
  await expect(description).not.toHaveAttribute("content", "The next version");

  await page.evaluate(() => Object.assign(globalThis, { here: true }));
  await playground.change((s) => (s.title = "Work in progress"));
  await expect(page.locator("#story-title")).toContainText("Work in progress");
  await expect(offer).toBeVisible();
  expect(await page.evaluate(() => "here" in globalThis)).toBe(true); // nobody reloaded the page

  await page.getByRole("button", { name: "Reload", exact: true }).click();
  await expect(description).toHaveAttribute("content", "The next version");
  await expect(page.locator("#story-title")).toContainText("Work in progress");
  await expect(offer).toHaveCount(0);
  rmSync(folder, { recursive: true, force: true });
});

test("in a whole run of use the browser asks for the site's own files and sends nothing", async ({ playground, page, context }) => {
  const asked: { method: string; url: string; body: string | null }[] = [];
  context.on("request", (r) => asked.push({ method: r.method(), url: r.url(), body: r.postData() }));
  await playground.open();
  await playground.open("#new");
  await playground.change((s) => (s.requests[0].action = "s3:TypedByHand"));
  await expect(playground.word).toContainText("Denied");
  await page.getByRole("button", { name: "Gallery" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "The coffee shop" }).click();
  await playground.answered();
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText(/characters/);
  await page.keyboard.press("Escape");
  await page.goto(`${process.env.SITE}#s=1.pl.${Buffer.from(JSON.stringify(linked)).toString("base64url")}`);
  await expect(page.locator("body")).toContainText("Sent by a colleague");
  await page.goto(process.env.SITE + "scenarios/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The gallery");
  expect(asked.length).toBeGreaterThan(20);
  for (const { method, url, body } of asked) {
    if (url.startsWith("blob:") || url.startsWith("data:")) continue;
    const { origin, pathname, search } = new URL(url);
    expect({ url, method, body, origin: origin + "/", search: search.replace(/^\?__WB_REVISION__=\w+$/, "") }).toEqual({ url, method: "GET", body: null, origin: process.env.SITE!, search: "" });
    expect(existsSync(join(dist, pathname.endsWith("/") ? pathname + "index.html" : pathname)), url).toBe(true);
  }
});
