import { readFileSync } from "node:fs";
import { links } from "../../src/state/link.ts";
import { article, Embed, expect, scenario, test } from "./host.ts";

const { encode } = links(readFileSync(new URL("../../../wasm/links/dictionary-1.txt", import.meta.url), "utf8"));
const address = (query = "", text = scenario()) => `${process.env.SITE}embed/${query}${encode(text)}`;
const frame = (src: string, more = "") => `<iframe src="${src.replaceAll("&", "&amp;")}" title="A playground" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" width="100%" height="480" ${more}></iframe>`;

/** greeting is a page that speaks the contract by itself; what the frame says is in window.told. */
const greeting = (src: string, hello: string) =>
  article(`${frame(src)}<script>
    window.told = [];
    const frame = document.querySelector("iframe");
    frame.addEventListener("load", () => {
      const { port1, port2 } = new MessageChannel();
      window.port = port1;
      port1.onmessage = (event) => told.push(event.data);
      const send = (message, ...ports) => frame.contentWindow.postMessage(message, "*", ports);
      ${hello}
    });
  </script>`);
const proper = 'send({ iam: 1, type: "hello", nonce: "n" }, port2);';
const told = (page: import("@playwright/test").Page) => page.evaluate(() => (window as any).told as { type: string; [key: string]: unknown }[]);

test("a sandboxed frame without an origin answers, keeps nothing and leaves its address alone", async ({ page, pages, noticed }) => {
  const src = address("?mode=interactive");
  await page.addInitScript(() => addEventListener("securitypolicyviolation", (e) => console.error(`policy refused ${e.violatedDirective} ${e.blockedURI}`)));
  await page.goto(pages.put(article(frame(src))));
  const embed = new Embed(page.frameLocator("iframe"));
  await expect(embed.answer).toHaveText("Answer: Allowed");
  const inside = page.frames().find((one) => one.url().includes("/embed/"))!;
  expect(inside.url()).toBe(src);
  const before = await inside.evaluate(() => history.length);
  expect(await inside.evaluate(() => origin)).toBe("null");
  await embed.element.getByRole("button", { name: /Ali reads/ }).click();
  await expect(embed.answer).toHaveText("Answer: Denied");
  const [opened] = await Promise.all([page.context().waitForEvent("page"), embed.element.getByRole("link", { name: /Open in the playground/ }).click()]);
  expect(opened.url()).toMatch(/#s=1\.dd1\..*&request=1$/);
  expect(await inside.evaluate(() => history.length)).toBe(before);
  expect(page.workers()).toHaveLength(1);
  expect(noticed).toEqual([]);
});

test("in a frame of the playground's own origin nothing is stored either", async ({ page, noticed }) => {
  await page.goto(address("?loading=eager"));
  await expect(new Embed(page).answer).toHaveText("Answer: Allowed");
  expect(await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length, (await navigator.serviceWorker.getRegistrations()).length])).toEqual([0, 0, "", 0, 0]);
  expect(noticed).toEqual([]);
});

test("a frame loads no engine before its click when it says so", async ({ page, pages, asked }) => {
  await page.goto(pages.put(article(frame(address("?loading=click")))));
  const embed = new Embed(page.frameLocator("iframe"));
  await expect(embed.start).toBeVisible();
  expect(asked.filter((url) => /assets/.test(url))).toEqual([]);
  await embed.start.click();
  await expect(embed.answer).toHaveText("Answer: Allowed");
});

test("a damaged link says what is wrong, and so does none", async ({ page, pages }) => {
  await page.goto(pages.put(article(frame(address().slice(0, -40)) + frame(`${process.env.SITE}embed/`))));
  await expect(new Embed(page.frameLocator("iframe >> nth=0")).element.getByRole("alert")).toContainText("its link is damaged");
  await expect(new Embed(page.frameLocator("iframe >> nth=1")).element.getByRole("alert")).toContainText("found no scenario");
});

test("the app itself stands in nobody else's frame", async ({ page, pages }) => {
  await page.goto(pages.put(article(`<iframe src="${process.env.SITE}" title="x"></iframe>`)));
  await expect.poll(() => page.frames()[1]?.url()).toBe("chrome-error://chromewebdata/");
  await expect(page.frameLocator("iframe").locator("#app")).toHaveCount(0);
});

test.describe("the contract", () => {
  test("hello is answered on the port, which then carries what is asked and told", async ({ page, pages }) => {
    await page.goto(pages.put(greeting(address(), proper)));
    const embed = new Embed(page.frameLocator("iframe"));
    await expect(embed.answer).toHaveText("Answer: Allowed");
    await expect.poll(async () => (await told(page)).map((one) => one.type)).toEqual(expect.arrayContaining(["ready", "result", "resize"]));
    const all = await told(page);
    expect(all[0]).toEqual({ iam: 1, type: "ready", nonce: "n", api: 1, mode: "interactive", modes: ["static", "trace", "interactive", "quiz", "compare"] });
    expect(all.find((one) => one.type === "result")).toEqual({ iam: 1, type: "result", request: "Ali lists", decision: "allowed", stage: "identity" });
    await page.evaluate(() => (window as any).port.postMessage({ iam: 1, type: "set-request", request: "Ali reads" }));
    await expect(embed.answer).toHaveText("Answer: Denied");
    await page.evaluate(() => (window as any).port.postMessage({ iam: 1, type: "set-theme", theme: "dark" }));
    await expect(page.frameLocator("iframe").locator("html")).toHaveCSS("color-scheme", "dark");
    await page.evaluate(() => (window as any).port.postMessage({ iam: 1, type: "set-request", request: "Nobody" }));
    await expect.poll(async () => (await told(page)).some((one) => one.type === "error" && String(one.message).includes("Nobody"))).toBe(true);
  });

  test("the scenario's text leaves the frame only when its address says so, and the reader is told", async ({ page, pages }) => {
    await page.goto(pages.put(greeting(address("?expose=scenario"), proper)));
    await expect(page.frameLocator("iframe").getByText("is given what you type here")).toBeVisible();
    await expect.poll(async () => (await told(page)).find((one) => one.type === "result")?.scenario).toContain("ReadReports");
  });

  const strangers: Record<string, string> = {
    "another version": 'send({ iam: 2, type: "hello", nonce: "n" }, port2);',
    "no port": 'send({ iam: 1, type: "hello", nonce: "n" });',
    "two ports": 'send({ iam: 1, type: "hello", nonce: "n" }, port2, new MessageChannel().port2);',
    "no nonce": 'send({ iam: 1, type: "hello" }, port2);',
    "an endless nonce": 'send({ iam: 1, type: "hello", nonce: "n".repeat(1000) }, port2);',
    "a text": 'send("hello", port2);',
    "nothing": "send(null, port2);",
    "another type": 'send({ iam: 1, type: "reset", nonce: "n" }, port2);',
  };
  for (const [name, hello] of Object.entries(strangers)) {
    test(`a greeting with ${name} is not answered, and a proper one after it is`, async ({ page, pages }) => {
      await page.goto(pages.put(greeting(address("?loading=click"), `${hello} const own = new MessageChannel(); own.port1.onmessage = (event) => told.push({ ...event.data, proper: true }); send({ iam: 1, type: "hello", nonce: "m" }, own.port2);`)));
      await expect.poll(async () => (await told(page)).length).toBeGreaterThan(0);
      expect((await told(page)).every((one) => one.proper)).toBe(true);
    });
  }

  test("after the greeting, window messages do nothing, and neither do those of others", async ({ page, pages }) => {
    await page.goto(pages.put(greeting(address("?loading=eager"), `${proper} send({ iam: 1, type: "set-request", request: "Ali reads" }); send({ iam: 1, type: "hello", nonce: "again" }, new MessageChannel().port1);`)));
    const embed = new Embed(page.frameLocator("iframe"));
    await expect(embed.answer).toHaveText("Answer: Allowed");
    expect((await told(page)).filter((one) => one.type === "ready")).toHaveLength(1);
  });

  test("what is unknown, malformed or huge is ignored, and a flood is cut off", async ({ page, pages }) => {
    await page.goto(pages.put(greeting(address("?loading=eager"), proper)));
    const embed = new Embed(page.frameLocator("iframe"));
    await expect(embed.answer).toHaveText("Answer: Allowed");
    await page.evaluate(() => {
      const { port } = window as any;
      const loop: any = { iam: 1, type: "set-request" };
      loop.request = loop;
      for (const message of [null, 1, "reset", [], {}, { iam: 1 }, { iam: 1, type: "evaluate", text: "{}" }, { iam: 1, type: "set-theme", theme: "<b>" }, { iam: 1, type: "set-lang", lang: 7 }, { iam: 1, type: "set-request", request: "x".repeat(100_000) }, loop]) port.postMessage(message);
    });
    await page.evaluate(() => {
      const { port } = window as any;
      for (let i = 0; i < 5000; i++) port.postMessage({ iam: 1, type: "set-request", request: `flood ${i}` });
    });
    await expect(embed.answer).toHaveText("Answer: Allowed");
    const errors = (await told(page)).filter((one) => one.type === "error");
    expect(errors.length).toBeLessThanOrEqual(20);
    expect(errors.every((one) => JSON.stringify(one).length < 1000)).toBe(true);
  });
});

test("host.js gives the frame the height of what it shows", async ({ page, pages, noticed }) => {
  await page.goto(pages.put(article(`<script src="${process.env.SITE}embed/host.js" async></script>${frame(address("?mode=trace"))}`)));
  await expect(new Embed(page.frameLocator("iframe")).answer).toHaveText("Answer: Allowed");
  const fits = () =>
    page.frames().find((one) => one.url().includes("/embed/"))!.evaluate(() => Math.abs(document.documentElement.scrollHeight - innerHeight));
  await expect.poll(fits).toBeLessThanOrEqual(1);
  expect(await page.locator("iframe").evaluate((e) => (e as HTMLIFrameElement).height)).not.toBe("480");
  expect(noticed).toEqual([]);
});

test("a scenario that tries everything does nothing in a frame", async ({ page, pages, noticed }) => {
  const evil = '"><img src=x onerror=alert(1)><script>alert(1)</script>';
  let alerted = false;
  page.on("dialog", (dialog) => {
    alerted = true;
    void dialog.dismiss();
  });
  const text = scenario((s) => {
    s.title = s.requests[0].name = evil;
    s.accounts["111122223333"].policies.ReadReports.Statement[0].Sid = evil;
  }).replace('"version": 1', '"__proto__": {"polluted": true}, "version": 1');
  await page.goto(pages.put(article(frame(address("?mode=trace&request=0", text)))));
  const embed = new Embed(page.frameLocator("iframe"));
  await expect(embed.element).toContainText(evil);
  const inside = page.frames().find((one) => one.url().includes("/embed/"))!;
  expect(await inside.evaluate(() => ({} as any).polluted)).toBeUndefined();
  expect(alerted).toBe(false);
  expect(noticed).toEqual([]);
});
