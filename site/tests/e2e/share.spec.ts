import { readFileSync } from "node:fs";
import { links } from "../../src/state/link.ts";
import { expect, test, type Playground } from "./page.ts";

const top = new URL("../../..", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, top), "utf8");
const { encode } = links(read("wasm/links/dictionary-1.txt"));
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

test("golden links of every codec open, with what they hold", async ({ playground }) => {
  const codecs = new Set<string>();
  for (const [fragment, , , , scenario] of golden) {
    codecs.add(fragment.split(".")[1]!);
    await playground.page.goto("about:blank");
    await playground.page.goto(process.env.SITE! + fragment);
    await expect(playground.page.getByRole("button", { name: /^Scenario:/ })).toBeVisible();
    expect(compact(await playground.whole()), fragment.slice(0, 60)).toBe(compact(scenario));
    expect(new URL(playground.page.url()).hash).toBe("");
  }
  expect([...codecs].sort()).toEqual(["dd1", "dr", "pl"]);
});

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
