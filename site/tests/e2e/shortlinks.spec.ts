import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { startLocal, startWorker, type Running } from "../worker/servers.ts";
import { article, Embed, expect, scenario, test as base } from "./host.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const top = new URL("../../..", import.meta.url);
const shipped = (path: string) => readFileSync(new URL(`scenarios/${path}.json`, top), "utf8");

const test = base.extend<object, { local: Running; worker: Running }>({
  local: [
    async ({}, use) => {
      const server = await startLocal();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  worker: [
    async ({}, use) => {
      const server = await startWorker();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
});

/** store makes a short link, as a program does. */
async function store(server: Running, text: string): Promise<string> {
  const answer = await fetch(new URL("api/scenarios", server.address), { method: "POST", headers: { "Content-Type": "application/json" }, body: text });
  const said = (await answer.json()) as { url: string; error?: string };
  expect(answer.ok, said.error).toBe(true);
  return said.url;
}

/** complaints are what the browser and its policy find wrong with a page, and every request that leaves its origin. */
async function complaints(page: Page, server: Running): Promise<string[]> {
  const found: string[] = [];
  page.on("console", (m) => {
    if (m.type() === "error") found.push(`console: ${m.text()}`);
  });
  page.on("pageerror", (e) => found.push(`error: ${e.message}`));
  page.on("dialog", (d) => void d.dismiss().then(() => found.push(`dialog: ${d.message()}`)));
  page.on("request", (r) => {
    if (!r.url().startsWith(server.address)) found.push(`request: ${r.url()}`);
  });
  await page.addInitScript(() => addEventListener("securitypolicyviolation", (e) => console.error(`policy refused ${e.violatedDirective} ${e.blockedURI}`)));
  return found;
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { run } = (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe;
    return (await run()).violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html}`));
  });
}

const servers = ["worker", "local"] as const;
for (const name of servers) {
  test(`the page of a short link needs no script and opens in the playground (${name})`, async ({ page, local, worker }) => {
    const server = { local, worker }[name];
    const url = await store(server, shipped("basics/policy-variables"));
    const found = await complaints(page, server);
    // Whoever knows the playground has its service worker, which must leave these pages alone.
    await page.goto(server.address);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.goto(url);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("One policy");
    expect(await page.locator("script").count()).toBe(0);
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await violations(page)).toEqual([]);
      }
    }
    await page.getByRole("link", { name: /in the playground/ }).first().click();
    await expect(page.locator("#answer-word")).toHaveText(/Allowed|Denied/);
    await expect(page.getByRole("button", { name: /^Scenario: One policy/ })).toBeVisible();
    expect(found).toEqual([]);
  });

  test(`a short link stands in a page of another origin as oEmbed says (${name})`, async ({ page, pages, local, worker }) => {
    const server = { local, worker }[name];
    const url = await store(server, scenario());
    const answer = await fetch(`${server.address}oembed?url=${encodeURIComponent(url)}`);
    const { html } = (await answer.json()) as { html: string };
    const found: string[] = [];
    page.on("console", (m) => found.push(m.text()));
    page.on("pageerror", (e) => found.push(e.message));
    await page.goto(pages.put(article(html)));
    const frame = page.frameLocator("iframe");
    await expect(new Embed(frame).answer).toHaveText("Answer: Allowed");
    const [opened] = await Promise.all([page.context().waitForEvent("page"), frame.getByRole("link", { name: /Open in the playground/ }).click()]);
    expect(opened.url().startsWith(`${server.address}#s=1.dd1.`)).toBe(true);
    expect(found).toEqual([]);
  });

  test(`a hostile scenario is shown as text, and a page that is gone says so (${name})`, async ({ page, local, worker }) => {
    const server = { local, worker }[name];
    const script = `</title></style><script>alert(1)</script><img src=x onerror=alert(2)>\u202e`;
    const url = await store(
      server,
      scenario((s) => {
        s.title = s.description = script;
        for (const request of s.requests) request.name = script;
      }),
    );
    const found = await complaints(page, server);
    await page.goto(url);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("<script>alert(1)</script>");
    expect(await page.locator("script, img").count()).toBe(0);
    expect(found).toEqual([]);
    await page.goto(`${url}.svg`);
    expect(await page.evaluate(() => document.querySelectorAll("script, img").length)).toBe(0);
    // Its policy is a sandbox, which refuses what the test itself puts into pages, and says so.
    expect(found.filter((f) => !f.startsWith("console: Blocked script execution"))).toEqual([]);

    const missing = await page.goto(new URL("s/aaaaaaaaaaaa", server.address).href);
    expect(missing!.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("No scenario under this link");
    expect(await violations(page)).toEqual([]);
  });
}

test("a short link is made in the share dialog, sends nothing before it is asked to, and is deleted with its word", async ({ page, local }) => {
  const sent: string[] = [];
  page.on("request", (r) => {
    if (r.method() !== "GET") sent.push(`${r.method()} ${new URL(r.url()).pathname}`);
  });
  await page.goto(`${local.address}#example/basics/nothing-allowed-by-default`);
  await page.getByRole("button", { name: "Share" }).click();
  const dialog = page.getByRole("dialog");
  const make = dialog.getByRole("button", { name: "Send it and make a short link" });
  await expect(make).toBeVisible();
  expect(sent).toEqual([]);
  await make.click();
  const section = dialog.getByRole("region", { name: "Short link" });
  const url = (await section.locator(".mono").first().textContent())!;
  expect(url.startsWith(`${local.address}s/`)).toBe(true);
  expect(sent).toEqual(["POST /api/scenarios"]);
  const token = (await section.locator(".mono").nth(1).textContent())!;
  expect((await fetch(url)).status).toBe(200);

  await page.reload();
  await page.getByRole("button", { name: "Share" }).click();
  await make.click();
  await expect(section).toContainText("was stored there before");

  const id = new URL(url).pathname.slice("/s/".length);
  expect((await fetch(new URL(`api/scenarios/${id}`, local.address), { method: "DELETE", headers: { Authorization: `Bearer ${token}` } })).status).toBe(204);
  expect((await fetch(url)).status).toBe(404);
});

test("a site whose server makes no short links does not offer them", async ({ page }) => {
  await page.goto(process.env.SITE!);
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByRole("dialog").getByRole("button", { name: "Copy" }).first()).toBeVisible();
  await expect(page.getByRole("region", { name: "Short link" })).toHaveCount(0);
});
