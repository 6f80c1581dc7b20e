import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { createServer, type ViteDevServer } from "vite";
import { Author } from "../../src/state/author.ts";
import type { AuthorClient } from "../../src/engine/author.ts";
import { libraryOf, readLibrary, type ManagedEntry } from "../../src/state/library.ts";
import type { Managed as State, ManagedSources } from "../../src/state/managed.svelte.ts";
import { Shelf } from "../../src/state/shelf.ts";

/** The state is written in Svelte's language, so it is compiled as the server's side of the page would be. */
let server: ViteDevServer;
let Managed: typeof State;
before(async () => {
  server = await createServer({ root: new URL("../..", import.meta.url).pathname, configFile: false, plugins: [svelte()], server: { middlewareMode: true, ws: false, watch: null }, appType: "custom", logLevel: "error", optimizeDeps: { noDiscovery: true } });
  ({ Managed } = (await server.ssrLoadModule("/src/state/managed.svelte.ts")) as { Managed: typeof State });
});
after(() => server.close());

const arn = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const entry = (name: string, version = "v2"): ManagedEntry => ({ name, arn: arn(name), path: "/", version, date: "2026-08-01", curated: name === "Curated" });
const document = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "athena:*", Resource: "*" } };
const file = (...entries: ManagedEntry[]) => JSON.stringify({ date: "2026-08-26", policies: entries.map(({ curated: _, ...e }) => ({ ...e, document })) });

/** caches is a browser's room for files, in memory; denied refuses it as a browser does. */
function caches(denied = false) {
  const files = new Map<string, string>();
  const refuse = () => Promise.reject(new DOMException("denied", "SecurityError"));
  const room = {
    match: async (url: string) => (files.has(url) ? new Response(files.get(url)) : undefined),
    open: async () => ({ put: async (url: string, response: Response) => void files.set(url, await response.text()) }),
    delete: async () => (files.clear(), true),
  };
  return { files, room: () => (denied ? { match: refuse, open: refuse, delete: refuse } : room) as unknown as CacheStorage };
}

/** visit makes the state of a page; online says what the site does when it is asked for a file. */
function visit(options: { online?: () => boolean; answer?: (name: string) => string; kept?: ReturnType<typeof caches>; all?: string; index?: ManagedSources["index"] } = {}) {
  const asked: string[] = [];
  const given: string[] = [];
  let came = 0;
  const online = options.online ?? (() => true);
  const reach = <T>(what: string, value: () => T): Promise<T> => {
    asked.push(what);
    return online() ? Promise.resolve().then(value) : Promise.reject(new Error("the site cannot be reached"));
  };
  const kept = options.kept ?? caches();
  const managed = new Managed({
    index: options.index ?? (() => Promise.resolve({ date: "2026-08-26", bytes: 9, packed: 3, policies: [entry("Athena"), entry("Curated"), entry("Other")] })),
    library: () => Promise.resolve(readLibrary(file(entry("Curated")))),
    policy: (name) => reach(name, () => (options.answer ?? ((n) => file(entry(n))))(name)),
    shelf: new Shelf("all.json", kept.room, (url) => reach(url, () => new Response(options.all ?? file(entry("Athena"), entry("Other"))))),
    give: async (text, name) => void given.push(`${name}: ${readLibrary(text).date}`),
    came: () => void came++,
  });
  return { managed, asked, given, kept, came: () => came };
}

const settled = async () => {
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
};

test("a policy that a scenario names is fetched once and given to the engine once", async () => {
  const { managed, asked, given, came } = visit();
  for (let times = 0; times < 3; times++) managed.need([arn("Athena")]);
  assert.equal(managed.settled(arn("Athena")), false);
  await settled();
  managed.need([arn("Athena")]);
  await settled();
  assert.deepEqual([asked, given, came(), managed.settled(arn("Athena"))], [["Athena"], [`library ${arn("Athena")}: 2026-08-26`], 1, true]);
  assert.equal(managed.policies.get(arn("Athena"))!.text, JSON.stringify(document, null, 2));
});

test("the engine gets the text that the page shows, byte for byte", () => {
  const policy = readLibrary(file(entry("Athena"))).policies.get(arn("Athena"))!;
  const text = libraryOf("2026-08-26", policy);
  assert.ok(text.includes(`"document":${policy.text}}`));
  assert.deepEqual(readLibrary(text).policies.get(arn("Athena")), policy);
});

test("what AWS's list does not name is never asked of the site", async () => {
  const { managed, asked, given } = visit();
  managed.need([arn("Athen"), arn("../../secret"), arn("all"), "arn:aws:iam::aws:policy/"]);
  await settled();
  assert.deepEqual([asked, given, [...managed.missing]], [[], [], []]);
  assert.ok(managed.settled(arn("Athen")));
});

test("a policy that is only looked at is not given to the engine", async () => {
  const { managed, given } = visit();
  assert.equal(await managed.open(arn("Athena")), true);
  assert.deepEqual(given, []);
  managed.need([arn("Athena")]);
  await settled();
  assert.equal(given.length, 1);
});

test("a curated policy comes with the library, not by itself", async () => {
  const { managed, asked, given } = visit();
  managed.need([arn("Curated")]);
  await settled();
  assert.deepEqual([asked, given], [[], ["library: 2026-08-26"]]);
});

test("what could not be fetched is said to be missing, and asked for again only by retry", async () => {
  let online = false;
  const { managed, asked, given, came } = visit({ online: () => online });
  managed.need([arn("Athena")]);
  await settled();
  managed.need([arn("Athena")]);
  await settled();
  assert.deepEqual([[...managed.missing], asked, came()], [[[arn("Athena"), "the site cannot be reached"]], ["Athena"], 1]);
  online = true;
  managed.retry();
  assert.deepEqual([managed.missing.size, came()], [0, 2]);
  managed.need([arn("Athena")]);
  await settled();
  assert.deepEqual([managed.missing.size, given.length, came()], [0, 1, 3]);
});

test("a site that answers with something else gives no policy", async () => {
  for (const [answer, reason] of [["<!doctype html>", "the site gave something else"], [file(entry("Other")), "the site gave another policy"]] as const) {
    const { managed, given } = visit({ answer: () => answer });
    managed.need([arn("Athena")]);
    await settled();
    assert.deepEqual([[...managed.missing.values()], given], [[reason], []]);
  }
});

test("a list that could not be had is asked for again", async () => {
  let times = 0;
  const { managed, given } = visit({ index: () => (times++ === 0 ? Promise.reject(new Error("offline")) : Promise.resolve({ date: "2026-08-26", bytes: 0, packed: 0, policies: [entry("Athena")] })) });
  managed.need([arn("Athena")]);
  await settled();
  assert.deepEqual([...managed.missing.values()], ["offline"]);
  managed.retry();
  managed.need([arn("Athena")]);
  await settled();
  assert.deepEqual([times, given.length], [2, 1]);
});

test("what is kept opens without the site, on this visit and the next, until it is removed", async () => {
  let online = true;
  const first = visit({ online: () => online });
  await first.managed.keep();
  assert.equal(first.managed.keeping.state, "yes");
  online = false;
  assert.equal(await first.managed.open(arn("Other")), true);
  const next = visit({ online: () => online, kept: first.kept });
  await next.managed.look();
  assert.equal(next.managed.keeping.state, "yes");
  assert.equal(await next.managed.open(arn("Athena")), true);
  assert.deepEqual([first.asked, next.asked], [["all.json"], []]);
  await next.managed.remove();
  assert.deepEqual([next.managed.keeping.state, first.kept.files.size], ["no", 0]);
  assert.equal(await next.managed.open(arn("Other")), false);
});

test("keeping all fetches what was missing", async () => {
  let online = false;
  const { managed, came } = visit({ online: () => online });
  await managed.open(arn("Athena"));
  online = true;
  await managed.keep();
  assert.deepEqual([managed.missing.size, came()], [0, 1]);
  assert.equal(await managed.open(arn("Athena")), true);
});

test("where the browser keeps nothing, all of them last as long as the page, and that is said", async () => {
  let online = true;
  const { managed } = visit({ online: () => online, kept: caches(true) });
  await managed.look();
  assert.equal(managed.keeping.state, "no");
  await managed.keep();
  assert.equal(managed.keeping.state, "session");
  online = false;
  assert.equal(await managed.open(arn("Athena")), true);
});

test("what is kept of another version gives way to the site, and stands in where there is none", async () => {
  for (const online of [true, false]) {
    const kept = caches();
    kept.files.set("all.json", file(entry("Athena", "v1")));
    const { managed, asked } = visit({ online: () => online, kept });
    await managed.open(arn("Athena"));
    assert.deepEqual([asked, managed.policies.get(arn("Athena"))?.version], [["Athena"], online ? "v2" : "v1"]);
  }
});

test("all that cannot be read is not kept", async () => {
  const { managed, kept } = visit({ all: "{" });
  await managed.keep();
  assert.deepEqual([managed.keeping.state, kept.files.size], ["failed", 0]);
});

test("the author has each policy once, whether it came before the author began or after", async () => {
  const prepared: string[] = [];
  const client = { prepare: (op: { op: string }, name = op.op) => (prepared.push(name), Promise.resolve([])) } as unknown as AuthorClient;
  const author = new Author(() => client, () => Promise.resolve({ schema: "", catalog: "", library: "", arns: [] }));
  assert.equal(author.give(new Map([["a", "{}"]])), true);
  await author.begin();
  assert.equal(author.give(new Map([["a", "{}"], ["b", "{}"]])), true);
  assert.equal(author.give(new Map([["b", "{}"]])), false);
  assert.deepEqual(prepared.filter((name) => name.startsWith("library")), ["library", "library a", "library b"]);
});
