import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Locator, Page } from "@playwright/test";
import { links } from "../../src/state/link.ts";
import { qr } from "../../src/state/qr.ts";
import { expect, test, type Playground } from "./page.ts";

// Little here is about being offline, and fetching the whole site for every page takes its time.
test.use({ serviceWorkers: "block" });

const top = new URL("../../..", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, top), "utf8");
const { encode, decode } = links(read("wasm/links/dictionary-1.txt"));
const golden = read("wasm/links/testdata/golden-links.txt").trimEnd().split("\n").map((line) => line.split("\t") as [string, string, string, string, string]);
const damaged = read("wasm/links/testdata/damaged-links.txt").trimEnd().split("\n").map((line) => line.split("\t") as [string, string, string]);
const variables = read("scenarios/basics/policy-variables.json");
const compact = (text: string) => JSON.stringify(JSON.parse(text));

/** work makes a scenario of the user's own that a link must not touch. */
async function work(playground: Playground): Promise<void> {
  await playground.open("#new");
  await playground.change((s) => (s.title = "My own work"));
  await expect(playground.page.getByRole("button", { name: "Scenario: My own work" })).toBeVisible();
}

/** follow goes to another fragment of the open page, as a click on a link in the same tab does. */
async function follow(playground: Playground, fragment: string): Promise<void> {
  await playground.page.evaluate((hash) => (location.hash = hash), fragment);
}

async function scenarios(playground: Playground): Promise<string[]> {
  const page = playground.page;
  await page.getByRole("button", { name: /^Scenario:/ }).click();
  const names = await page.locator(".menu [role=separator] ~ [role=menuitem] .menu-label").allTextContents();
  await page.keyboard.press("Escape");
  return names;
}

for (const codec of ["dd1", "dr", "pl"]) {
  test(`golden links of the codec ${codec} open, with what they hold`, async ({ playground, page }) => {
    const links = golden.filter(([fragment]) => fragment.startsWith(`#s=1.${codec}.`));
    expect(links.length).toBeGreaterThan(1);
    await playground.open();
    for (const [fragment, , , , scenario] of links) {
      await page.evaluate((hash) => (location.hash = hash), fragment);
      await expect.poll(async () => compact(await playground.whole()), { message: fragment.slice(0, 60) }).toBe(compact(scenario));
      expect(new URL(page.url()).hash).toBe("");
    }
  });
}

test("a link restores the request and the open tab", async ({ playground }) => {
  await playground.open(encode(variables, { request: 2, tab: "/accounts/111122223333/users/jon" }));
  await expect(playground.request(/Jon lists/)).toHaveAttribute("aria-current", "true");
  await expect(playground.editor.getByRole("tab", { selected: true })).toContainText("jon");
});

test("a link opens beside the work, and the same link once", async ({ playground }) => {
  await work(playground);
  const fragment = encode(variables);
  await follow(playground, fragment);
  await expect(playground.page.locator("#story-title")).toContainText("One policy");
  expect(await scenarios(playground)).toEqual(expect.arrayContaining(["My own work", expect.stringContaining("One policy")]));
  await playground.page.reload();
  await playground.answered();
  await follow(playground, fragment);
  await expect(playground.page).toHaveURL(process.env.SITE!);
  expect((await scenarios(playground)).filter((name) => name.startsWith("One policy"))).toHaveLength(1);
  await playground.change((s) => (s.title = "One policy, edited"));
  await follow(playground, fragment);
  await expect(playground.page.locator("#story-title")).toContainText("One policy, a home");
  expect((await scenarios(playground)).filter((name) => name.startsWith("One policy"))).toHaveLength(2);
});

test("what the author of a link wrote is shown as theirs, and as plain text", async ({ playground, page }) => {
  const scenario = JSON.parse(variables) as { description: string };
  scenario.description = "**bold** [Sign in](https://evil.example/) <img src=x onerror=alert(1)>";
  await playground.open(encode(JSON.stringify(scenario)));
  const note = page.locator("#request .note");
  await expect(note).toContainText("Note from whoever made this link");
  await expect(note).toContainText(scenario.description);
  await expect(note.locator("a, b, strong, img")).toHaveCount(0);
});

test("an expectation that no longer holds is said, with its request", async ({ playground, page }) => {
  const scenario = JSON.parse(variables) as { requests: { expect: unknown }[] };
  scenario.requests[1]!.expect = "allowed";
  await playground.open(encode(JSON.stringify(scenario)));
  const notice = page.locator(".notice.warning");
  await expect(notice).toContainText("1 expectation in this link no longer holds. “Ida cannot write to Jon's folder”: expected allowed, found implicitDeny.");
  await notice.getByRole("button", { name: "Show the test" }).click();
  await expect(page.locator("#tests").getByRole("row").filter({ hasText: "Ida cannot write" })).toContainText("expected allowed");
  await expect(playground.request(/Ida cannot write/)).toHaveAttribute("aria-current", "true");
});

test("a link whose scenario has errors opens with its problems", async ({ playground, page }) => {
  await page.goto(process.env.SITE! + encode('{"version":1,"accounts":{},"requets":[]}'));
  await expect(page.locator("#tests")).toContainText("requets");
  expect(compact(await playground.whole())).toBe('{"version":1,"accounts":{},"requets":[]}');
});

test("every damaged link opens a page that says what is wrong, and nothing is lost", async ({ playground, page }) => {
  await work(playground);
  const links = damaged.filter(([, fragment]) => fragment.startsWith("#s="));
  expect(links.length).toBeGreaterThan(15);
  for (const [part, fragment, recovered] of links) {
    await follow(playground, fragment);
    await expect(page.getByRole("heading", { level: 1 }), fragment).toContainText(/damaged|newer playground/);
    await expect(page.locator("dd").first()).toHaveText(
      { version: "the version of its format", codec: "the name of its packing", base64: "its characters", compression: "its packed text", text: "the text inside", JSON: "the text inside" }[part]!,
    );
    const box = page.getByRole("textbox", { name: "The recovered text" });
    const want = JSON.parse(recovered) as string;
    if (want) expect((await box.inputValue()).replaceAll("\r", "\n")).toBe(want.replaceAll("\r\n", "\n").replaceAll("\r", "\n"));
    else await expect(box).toHaveCount(0);
    await page.getByRole("button", { name: "Go to the playground" }).click();
    await expect(page.locator("#story-title")).toHaveText("My own work");
  }
  expect(await scenarios(playground)).toHaveLength(1);
});

test("what is recovered of a cut link opens as a scenario", async ({ playground, page }) => {
  const whole = encode(variables);
  await page.goto(process.env.SITE! + whole.slice(0, Math.floor(whole.length * 0.7)));
  await expect(page.getByRole("heading", { level: 1 })).toContainText("damaged");
  await expect(page.getByText(/cut long links/)).toBeVisible();
  await page.getByRole("button", { name: "Open what was recovered" }).click();
  await expect(page.locator("#story-title")).toContainText("One policy");
  expect(JSON.parse(await playground.whole())).toHaveProperty("accounts");
});

test("hostile links neither run nor hang nor lose anything", async ({ playground, page }) => {
  await work(playground);
  for (const scenario of ["[".repeat(1 << 20), "a".repeat((1 << 20) + 1)]) {
    await follow(playground, encode(scenario));
    await expect(page.getByRole("heading", { level: 1 })).toContainText("too large");
    await page.getByRole("button", { name: "Go to the playground" }).click();
  }
  const whole = encode("[".repeat(500_000));
  await follow(playground, whole.slice(0, -40));
  await expect(page.getByRole("heading", { level: 1 })).toContainText("damaged");
  await expect(page.getByRole("button", { name: "Open what was recovered" })).toHaveCount(0);
  await page.getByRole("button", { name: "Go to the playground" }).click();
  await follow(playground, encode('{"version":1,"__proto__":{"title":"x"},"title":"<img src=x onerror=alert(1)>","accounts":{"__proto__":{}}}', { tab: "javascript:alert(1)", focus: "/__proto__" }));
  await expect(page.locator("#story-title")).toHaveText("<img src=x onerror=alert(1)>");
  expect(await page.evaluate(() => "title" in {})).toBe(false);
  expect(await scenarios(playground)).toContain("My own work");
});

test.describe("offline", () => {
  test.use({ serviceWorkers: "allow" });

  test("a link opens without a network after one visit, and its fragment goes to no server", async ({ playground, page, context }) => {
    const asked: string[] = [];
    context.on("request", (r) => asked.push(r.url()));
    await playground.open();
    await expect(page.locator("footer")).toContainText("works offline");
    await context.setOffline(true);
    const fragment = encode(variables);
    await page.goto("about:blank");
    await playground.open(fragment);
    await expect(page.locator("#story-title")).toContainText("One policy");
    expect(asked.filter((url) => url.split("#")[0]!.includes(fragment.slice(10, 40)))).toEqual([]);
  });
});

test("in a frame the address stays as the host wrote it", async ({ playground, page }) => {
  await playground.open();
  const fragment = encode(variables);
  // The page allows no frames of its own, so another one of the same origin holds it.
  await page.route(process.env.SITE! + "host.html", (route) => route.fulfill({ contentType: "text/html", body: `<iframe src="./${fragment}" width="900" height="700"></iframe>` }));
  await page.goto(process.env.SITE! + "host.html");
  const frame = page.frameLocator("iframe");
  await expect(frame.locator("#story-title")).toContainText("One policy");
  expect(await frame.locator("html").evaluate(() => location.hash)).toBe(fragment);
});

/** share opens the dialog and waits until the link is there. */
async function share(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share" });
  await expect(dialog.getByRole("textbox", { name: "The link" })).toHaveValue(/#s=1\.dd1\./);
  return dialog;
}

const linkIn = (dialog: Locator) => dialog.getByRole("textbox", { name: "The link" }).inputValue();

/** decisions reads the answers from the list of tests. */
async function decisions(page: Page): Promise<string[]> {
  const rows = page.locator("#tests tbody tr");
  if (!(await rows.first().isVisible())) await page.getByRole("button", { name: /^Tests/ }).click();
  await expect(rows.first()).toBeVisible();
  return rows.locator("td:nth-child(2)").allTextContents();
}

/** secret is a scenario with details that should not travel. */
const secret = JSON.stringify({
  version: 1,
  title: "Payroll of 830415926535",
  accounts: {
    "830415926535": {
      name: "payroll",
      users: { zoe: { tags: { mail: "zoe@acme-corp.com" }, inline: { Read: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::pay-*/*", Condition: { IpAddress: { "aws:SourceIp": "52.95.110.0/24" } } } } } } },
      resources: { "arn:aws:s3:::pay-2026": {} },
    },
  },
  requests: [
    { name: "Zoe reads from the office", principal: "arn:aws:iam::830415926535:user/zoe", action: "s3:GetObject", resource: "arn:aws:s3:::pay-2026/a", context: { "aws:SourceIp": "52.95.110.7" }, expect: "allowed" },
    { name: "Zoe reads from elsewhere", principal: "arn:aws:iam::830415926535:user/zoe", action: "s3:GetObject", resource: "arn:aws:s3:::pay-2026/a", context: { "aws:SourceIp": "52.95.111.7" }, expect: "implicitDeny" },
  ],
});

test("a link that is copied opens elsewhere with the same answers, at the same place", async ({ playground, page, context, browser }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await playground.open("#example/basics/policy-variables");
  await playground.request(/Jon lists his own/).click();
  const want = await decisions(page);
  const dialog = await share(page);
  await dialog.getByRole("button", { name: "Copy link" }).click();
  await expect(dialog.getByText("Copied.")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(await linkIn(dialog));
  const other = await (await browser.newContext()).newPage();
  await other.goto(link);
  await expect(other.locator("#answer-word")).toHaveText(/Allowed/);
  expect(await decisions(other)).toEqual(want);
  await expect(other.locator("#world .requests .pick").filter({ hasText: "Jon lists his own" })).toHaveAttribute("aria-current", "true");
  await other.context().close();
});

test("what the link carries is listed, and details are replaced by stand-ins that change no answer", async ({ playground, page }) => {
  await playground.open(encode(secret));
  const dialog = await share(page);
  await dialog.getByText("1 user", { exact: true }).click();
  await expect(dialog.locator(".items").filter({ visible: true })).toHaveText("zoe");
  await expect(dialog.getByText("All 2 answers stay the same")).toBeVisible();
  let sent = decode(await linkIn(dialog)).scenario;
  for (const detail of ["830415926535", "zoe@acme-corp.com", "52.95.110.7"]) expect(sent).not.toContain(detail);
  expect(sent).toContain("user/zoe");
  await dialog.getByRole("checkbox", { name: /^Names/ }).check();
  await expect(dialog.getByText("All 2 answers stay the same")).toBeVisible();
  await expect(dialog.getByRole("row", { name: /^pay-2026/ })).toContainText("the pattern “pay-*” may speak of it by a part");
  await dialog.getByText(/\d+ details replaced/).click();
  await expect(dialog.getByRole("row", { name: "830415926535 111122223333" })).toBeVisible();
  sent = decode(await linkIn(dialog)).scenario;
  expect(sent).not.toContain("zoe");
  for (const box of await dialog.getByRole("group", { name: "Replace before sharing" }).getByRole("checkbox").all()) await box.uncheck();
  expect(decode(await linkIn(dialog)).scenario).toBe(secret);
  // What is open here stays as it was.
  await page.keyboard.press("Escape");
  expect(compact(await playground.whole())).toBe(secret);
});

test("the place of the view is in the link when it is wanted, under its new name", async ({ playground, page }) => {
  await playground.open(encode(secret, { request: 1, tab: "/accounts/830415926535/users/zoe" }));
  const dialog = await share(page);
  await dialog.getByRole("checkbox", { name: /^Names/ }).check();
  expect(decode(await linkIn(dialog)).view).toMatchObject({ request: 1, tab: "/accounts/111122223333/users/user-1" });
  await dialog.getByRole("checkbox", { name: "Open at this request and tab" }).uncheck();
  expect(decode(await linkIn(dialog)).view).toEqual({ request: 0, tab: "", focus: "" });
});

test("the QR code is the one of the link", async ({ playground, page }) => {
  await playground.open("#new");
  const dialog = await share(page);
  const code = dialog.getByRole("img", { name: "The link as a QR code" });
  expect(await code.locator("path").getAttribute("d")).toBe(qr(await linkIn(dialog))!.path);
});

test("the length is measured in three bands, with what to do", async ({ playground, page }) => {
  const sized = (size: number) => JSON.stringify({ version: 1, title: Array.from({ length: size }, (_, i) => String.fromCharCode(97 + ((Math.imul(i ^ (i >>> 3), 2654435761) >>> 11) % 26))).join(""), accounts: {} });
  await playground.page.goto(process.env.SITE! + encode(sized(100)));
  let dialog = await share(page);
  await expect(dialog).toContainText("characters: fine anywhere");
  await page.keyboard.press("Escape");
  await follow(playground, encode(sized(6000)));
  await expect(page.locator("#story-title")).toHaveText(/^[a-z]{6000}$/);
  dialog = await share(page);
  await expect(dialog).toContainText("chat and mail programs may cut it");
  await expect(dialog).toContainText("too long for a QR code");
  await page.keyboard.press("Escape");
  await follow(playground, encode(sized(20_000)));
  await expect(page.locator("#story-title")).toHaveText(/^[a-z]{20000}$/);
  dialog = await share(page);
  await expect(dialog).toContainText("too long for most programs: send the file instead");
  await expect(dialog.getByRole("button", { name: "Download the file" })).toHaveClass(/primary/);
  const [download] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name: "Download the file" }).click()]);
  expect(download.suggestedFilename()).toMatch(/^[a-z]{60}\.json$/);
  expect(compact(readFileSync(await download.path(), "utf8"))).toBe(sized(20_000));
});

test("where the clipboard is denied the link is selected, and the page says so", async ({ playground, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new DOMException("denied", "NotAllowedError")) } });
  });
  await playground.open("#new");
  const dialog = await share(page);
  await dialog.getByRole("button", { name: "Copy link" }).click();
  await expect(dialog.getByText("does not let this page copy")).toBeVisible();
  expect(await dialog.getByRole("textbox", { name: "The link" }).evaluate((box: HTMLTextAreaElement) => document.activeElement === box && box.selectionEnd - box.selectionStart === box.value.length)).toBe(true);
});

test("sharing sends nothing to anybody", async ({ playground, page, context }) => {
  const sent: string[] = [];
  await playground.open(encode(secret));
  context.on("request", (r) => {
    if (r.method() !== "GET" || r.url().includes("#") || /s=1\./.test(r.url())) sent.push(`${r.method()} ${r.url()}`);
  });
  const dialog = await share(page);
  await dialog.getByRole("checkbox", { name: /^Names/ }).check();
  await dialog.getByRole("tab", { name: "For a page" }).click();
  await expect(dialog.getByRole("textbox", { name: /^To paste/ })).toHaveValue(/<iam-playground/);
  await expect(dialog.getByText("Short link")).toHaveCount(0);
  expect(sent.map((one) => one.split("#")[0])).toEqual([]);
});

test("a short link is made only where the server offers it, and only when asked for", async ({ playground, page, allowed }) => {
  allowed.push(/status of 507/);
  const posted: { type: string | undefined; body: string | null }[] = [];
  await page.route(process.env.SITE!, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace("</head>", '<meta name="short-links" content="api/scenarios"></head>') });
  });
  let full = true;
  await page.route("**/api/scenarios", (route) => {
    posted.push({ type: route.request().headers()["content-type"], body: route.request().postData() });
    return full ? route.fulfill({ status: 507, json: { error: "found no room" } }) : route.fulfill({ status: 201, json: { id: "k3j5h2", url: "s/k3j5h2", token: "keep-me" } });
  });
  await playground.open(encode(secret));
  const dialog = await share(page);
  await expect(dialog).toContainText("sends the scenario to this page's server");
  expect(posted).toEqual([]);
  await dialog.getByRole("button", { name: "Send it and make a short link" }).click();
  await expect(dialog.getByText("No short link was made: found no room")).toBeVisible();
  full = false;
  await dialog.getByRole("button", { name: "Send it and make a short link" }).click();
  await expect(dialog.getByText(process.env.SITE! + "s/k3j5h2")).toBeVisible();
  await expect(dialog.getByText("keep-me")).toBeVisible();
  await expect(dialog).toContainText("the only way to delete");
  expect(posted.at(-1)!.type).toBe("application/json");
  expect(compact(posted.at(-1)!.body!)).toBe(decode(await linkIn(dialog)).scenario);
  expect(posted.at(-1)!.body).not.toContain("830415926535");
  // Another choice of details is another scenario, which nobody has sent yet.
  await dialog.getByRole("checkbox", { name: /^Names/ }).check();
  await expect(dialog.getByText("keep-me")).toHaveCount(0);
});

test("the snippet for a page can be seen at three widths, in a frame of its own", async ({ playground, page }) => {
  await playground.open("#example/basics/policy-variables");
  const dialog = await share(page);
  await dialog.getByRole("tab", { name: "For a page" }).click();
  await dialog.getByRole("combobox", { name: "Kind of page" }).selectOption("iframe");
  await dialog.getByRole("combobox", { name: "Request" }).selectOption("Jon lists his own folder");
  await dialog.getByRole("combobox", { name: "What readers can do" }).selectOption("trace");
  await expect(dialog.getByRole("textbox", { name: "To paste: iframe" })).toHaveValue(/embed\/\?mode=trace&#38;request=Jon\+lists\+his\+own\+folder#s=1\.dd1\..*sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"/);
  for (const width of [320, 1100]) {
    await dialog.getByRole("button", { name: `${width} pixels` }).click();
    const frame = dialog.locator("iframe");
    await expect(frame).toHaveAttribute("width", String(width));
    await expect(frame.contentFrame().getByText(/Allowed/).first()).toBeVisible({ timeout: 20_000 });
  }
});

test("sharing is done with the keyboard alone", async ({ playground, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await playground.open("#new");
  await page.getByRole("button", { name: "Share", exact: true }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Share" });
  await expect(dialog.getByRole("textbox", { name: "The link" })).toHaveValue(/#s=/);
  const reach = async (target: Locator) => {
    for (let i = 0; i < 40 && !(await target.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("Tab");
    await expect(target).toBeFocused();
  };
  await reach(dialog.getByRole("tab", { name: "Link", exact: true }));
  await page.keyboard.press("ArrowRight");
  await expect(dialog.getByRole("textbox", { name: /^To paste/ })).toBeVisible();
  await reach(dialog.getByRole("button", { name: "Copy link" }));
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("Copied.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Share", exact: true })).toBeFocused();
});

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
for (const [width, height] of [[1440, 900], [768, 1024], [360, 740]] as const) {
  for (const scheme of ["light", "dark"] as const) {
    test(`axe finds nothing in what is shared and in a damaged link at ${width} pixels, ${scheme}, and nothing is wider than the page`, async ({ playground, page }) => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: scheme });
      const check = async (where: string) => {
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => {
          const run = (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe;
          return (await run.run({ resultTypes: ["violations"] })).violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 160)} ${n.failureSummary}`).join(" | ")}`);
        });
        expect(violations, where).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), where).toBeLessThanOrEqual(0);
        expect(await page.evaluate(() => [...document.querySelectorAll(".dialog-body")].map((e) => e.scrollWidth - e.clientWidth).filter((d) => d > 0)), where).toEqual([]);
      };
      await page.goto(process.env.SITE! + damaged.find(([part, , recovered]) => part === "compression" && recovered.length > 10)![1]);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await check("damaged link");
      await follow(playground, encode(secret));
      await playground.answered();
      await check("note");
      const dialog = await share(page);
      await dialog.getByRole("checkbox", { name: /^Names/ }).check();
      await dialog.getByText(/\d+ details replaced/).click();
      await dialog.getByText("1 user", { exact: true }).click();
      await expect(dialog.getByText("All 2 answers stay the same")).toBeVisible();
      await check("link");
      await dialog.getByRole("tab", { name: "For a page" }).click();
      await check("for a page");
    });
  }
}
