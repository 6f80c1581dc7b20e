import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, mock, test } from "node:test";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { createServer, type ViteDevServer } from "vite";
import type { Summary } from "../../src/contract/report.ts";
import { links } from "../../src/state/link.ts";
import type { Playground as State, Sources } from "../../src/state/playground.svelte.ts";
import { Shelf } from "../../src/state/shelf.ts";
import { memoryStore, type Store } from "../../src/state/storage.ts";

const top = new URL("../../..", import.meta.url);
const { encode, decode } = links(readFileSync(new URL("wasm/links/dictionary-1.txt", top), "utf8"));

/** The page's state is written in Svelte's language, so it is compiled as the server's side of the page would be. */
let server: ViteDevServer;
let Playground: typeof State;
let asks: (hash: string) => boolean;
before(async () => {
  server = await createServer({ root: new URL("site", top).pathname, configFile: false, plugins: [svelte()], server: { middlewareMode: true, ws: false, watch: null }, appType: "custom", logLevel: "error", optimizeDeps: { noDiscovery: true } });
  ({ Playground, asks } = (await server.ssrLoadModule("/src/state/playground.svelte.ts")) as { Playground: typeof State; asks: typeof asks });
  mock.timers.enable({ apis: ["setTimeout"] });
});
after(() => {
  mock.timers.reset();
  return server.close();
});

const scenario = (title: string) => JSON.stringify({ version: 1, title, accounts: { "111122223333": { users: { ali: {} } } }, requests: [{ name: "one" }, { name: "two" }] });
const summary = (index: number, met: boolean): Summary => ({ index, pointer: `/requests/${index}`, name: ["one", "two"][index]!, decision: "allowed", decidedBy: [], message: "", dependsOn: [], expectation: { met, text: "expected denied", problems: met ? [] : ["expected denied, found allowed"] } });

let ids = 0;

/** visit makes a page with a store that may hold something; the engine answers as told. */
function visit(store: Store, requests: Summary[] = [], errors = 0) {
  const client = {
    ask: (_: string, text: string) => Promise.resolve([{ id: "0", op: "evaluate", requests, diagnostics: Array.from({ length: errors }, () => ({ severity: "error", pointer: "", line: 1, message: text.slice(0, 1) })) }]),
  } as unknown as Sources["client"];
  const never = () => Promise.reject(new Error("not asked for here"));
  return new Playground({
    client,
    store,
    decode: (link) => (link === "#s=offline" ? Promise.reject(new Error("no network")) : Promise.resolve().then(() => decode(link))),
    example: (path) => Promise.resolve(scenario(path)),
    managed: { index: never, library: never, policy: never, shelf: new Shelf("all.json", () => caches, never) },
    now: () => 1,
    id: () => `id-${++ids}`,
  });
}

/** settled lets the clock run, and waits for all that follows: an answer, the keeping of what was opened. */
async function settled(): Promise<void> {
  mock.timers.tick(1000);
  for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
}
const titles = async (store: Store) => (await store.list()).map((s) => s.title).sort();

test("an address asks for something only when it is one of ours", () => {
  for (const hash of ["#new", "#example/basics/x", "#s=1.dd1.x", "#s=", "#s", "#S%3D1"]) assert.ok(asks(hash), hash);
  for (const hash of ["", "#", "#request", "#newer", "#section", "#examples"]) assert.ok(!asks(hash), hash);
});

test("a link becomes a copy beside the work, and shows what its view names", async () => {
  const store = memoryStore();
  const p = visit(store);
  await p.begin("#new", "first");
  await settled();
  await p.follow(encode(scenario("linked"), { request: 1, tab: "/accounts/111122223333/users/ali" }));
  await settled();
  assert.deepEqual(await titles(store), ["A new scenario", "linked"]);
  assert.deepEqual([p.title, p.request, p.selected, p.source], ["linked", 1, "/accounts/111122223333/users/ali", "link"]);
  assert.deepEqual(JSON.parse(p.text), JSON.parse(scenario("linked")));
});

test("a view that names what is not there is left out", async () => {
  const p = visit(memoryStore());
  await p.begin(encode(scenario("linked"), { request: 7, tab: "javascript:alert(1)", focus: "/__proto__/x" }), "first");
  assert.deepEqual([p.request, p.selected, p.pinned], [0, "", null]);
});

test("the same link opens the same copy again, until it was changed", async () => {
  const store = memoryStore();
  const p = visit(store);
  const link = encode(scenario("linked"));
  await p.begin(link, "first");
  const first = p.id;
  await p.follow(link);
  assert.equal(p.id, first);
  p.create();
  await settled();
  await p.follow(link);
  assert.equal(p.id, first);
  p.edit([{ op: "set", pointer: "/title", value: "mine now" }]);
  // At once: the change is not in the store yet, where the copy is as it was.
  await p.follow(link);
  assert.notEqual(p.id, first);
  await settled();
  assert.deepEqual(await titles(store), ["A new scenario", "linked", "mine now"]);
});

test("a copy that came in a link is kept, changed or not", async () => {
  const store = memoryStore();
  const p = visit(store);
  await p.begin(encode(scenario("linked")), "first");
  p.create();
  await settled();
  assert.deepEqual(await titles(store), ["A new scenario", "linked"]);
});

test("a damaged link touches nothing and says what failed; what is recovered opens as a copy", async () => {
  const store = memoryStore();
  const p = visit(store);
  await p.begin("#new", "first");
  const id = p.id;
  const link = encode(scenario("linked"), {}, "pl").slice(0, "#s=1.pl.".length + 4 * 25);
  await p.follow(link);
  assert.deepEqual([p.id, p.broken?.part, p.broken?.link, p.broken?.openable], [id, "JSON", link, true]);
  assert.equal(p.title, "A new scenario");
  p.openRecovered();
  assert.deepEqual([p.broken, p.title, p.source], [null, "linked", "link"]);
  await settled();
  assert.deepEqual(await titles(store), ["A new scenario", "linked"]);
});

test("a damaged link at the start leaves the scenario of the last visit behind it", async () => {
  const store = memoryStore();
  const last = visit(store);
  await last.begin(encode(scenario("mine")), "first");
  await settled();
  const p = visit(store);
  await p.begin("#s=2.dd1.e30", "first");
  assert.deepEqual([p.title, p.broken?.part, p.broken?.openable], ["mine", "version", false]);
});

test("what is too deep is given back and not opened", async () => {
  const p = visit(memoryStore());
  await p.begin(encode("[".repeat(70_000)), "first");
  assert.deepEqual([p.broken?.part, p.broken?.recovered.length, p.broken?.openable], ["depth", 70_000, false]);
  const id = p.id;
  p.openRecovered();
  assert.equal(p.id, id);
});

test("a link that could not be looked at is not called damaged, and can be tried again", async () => {
  const p = visit(memoryStore());
  await p.begin("#s=offline", "first");
  assert.deepEqual([p.broken?.part, p.broken?.message, p.broken?.link], ["program", "no network", "#s=offline"]);
  assert.equal(p.title, "first");
});

test("expectations that the first answer does not meet are drift; those that break by an edit are not", async () => {
  const p = visit(memoryStore(), [summary(0, true), summary(1, false)]);
  await p.begin(encode(scenario("linked")), "first");
  await settled();
  assert.deepEqual(p.drift.map((r) => r.name), ["two"]);
  p.create();
  await settled();
  assert.deepEqual(p.drift, []);
});

test("a scenario with errors is opened and said to have them", async () => {
  const p = visit(memoryStore(), [], 1);
  await p.begin(encode('{"version":1,"requets":[]}'), "first");
  await settled();
  assert.deepEqual([p.faulty, JSON.parse(p.text)], [true, { version: 1, requets: [] }]);
});
