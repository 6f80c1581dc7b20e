import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { maxDepth } from "../../src/state/depth.ts";
import { inflate } from "../../src/state/inflate.ts";
import { Damage, links, maxBytes, maxFragment, type Codec, type Part, type View } from "../../src/state/link.ts";

const top = new URL("../../..", import.meta.url).pathname;
const read = (path: string) => readFileSync(join(top, path), "utf8");
const dictionary = read("wasm/links/dictionary-1.txt");
const { encode, decode } = links(dictionary);
const codecs: Codec[] = ["dd1", "dr", "pl"];

const scenarios = readdirSync(join(top, "scenarios"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".json"))
  .sort()
  .map((path) => ({ path, text: read(`scenarios/${path}`) }));

function damage(link: string): Damage {
  try {
    decode(link);
  } catch (error) {
    if (error instanceof Damage) return error;
    throw error;
  }
  return assert.fail(`${link.slice(0, 80)} opens`);
}

test("every link that was released opens for ever, whichever twin made it", () => {
  for (const line of read("wasm/links/testdata/golden-links.txt").trimEnd().split("\n")) {
    const [fragment, request, tab, focus, scenario] = line.split("\t") as [string, string, string, string, string];
    const link = decode(fragment);
    assert.equal(link.scenario, scenario, fragment);
    assert.deepEqual(link.view, { request: Number(request), tab, focus });
    assert.deepEqual(decode(encode(scenario, link.view, link.codec)), link);
  }
});

test("damaged links are told apart as in the other twin", () => {
  for (const line of read("wasm/links/testdata/damaged-links.txt").trimEnd().split("\n")) {
    const [part, fragment, recovered] = line.split("\t") as [Part, string, string];
    const found = damage(fragment);
    assert.equal(found.part, part, fragment);
    assert.equal(JSON.stringify(found.recovered), recovered, fragment);
  }
});

test("a scenario comes back with nothing lost but white space", () => {
  for (const { path, text } of scenarios.filter(({ path }) => !path.startsWith("broken"))) {
    for (const codec of codecs) assert.equal(decode(encode(text, {}, codec)).scenario, JSON.stringify(JSON.parse(text)), `${path} as ${codec}`);
    assert.ok(encode(text).length < encode(text, {}, "dr").length, path);
  }
  assert.equal(decode(encode(' {"a" : [ 1.50 , "x  \\u00e9 \\" y" ] ,\r\n\t"__proto__": 1e2}\n')).scenario, '{"a":[1.50,"x  \\u00e9 \\" y"],"__proto__":1e2}');
});

test("a text that is no JSON is recovered as it was written", () => {
  for (const text of ['{"a": 1,, }', "", "tru e", '\ufeff{ "a": 1 }']) assert.equal(damage(encode(text)).recovered, text);
});

test("the view comes back, a damaged one is left out", () => {
  const views: View[] = [
    { request: 0, tab: "", focus: "" },
    { request: 12, tab: "/accounts/1/resources/arn:aws:s3:::a~1*", focus: "é&=#%\"<> _" },
    { request: 1, tab: "/-", focus: "a." },
  ];
  for (const view of views) assert.deepEqual(decode(encode("{}", view)).view, view);
  for (const parameters of ["&request=-1", "&request=x", "&request=99999999999", "&tab=%", "&tab=%4", "&focus=%ff", "&x", "&", "&view=dark", "&request"]) {
    assert.deepEqual(decode(`#s=1.pl.e30${parameters}`).view, views[0]);
  }
});

test("no link ends in what linkifiers drop", () => {
  let guarded = 0;
  for (let n = 0; n < 200; n++) {
    const fragment = encode(`{"n":"${"~".repeat(n % 7)}${n}"}`, n % 2 ? {} : { tab: "/a-" }, codecs[n % 3]);
    assert.match(fragment, /[A-Za-z0-9]$/);
    if (fragment.endsWith("&x")) guarded++;
  }
  assert.ok(guarded >= 100 && guarded < 200, `${guarded} were guarded`);
});

test("a link is read as it is found in prose", () => {
  const fragment = encode('{"version":1}', { request: 2 });
  for (const found of [fragment, fragment.slice(1), `https://iam.example/play/${fragment}`, `${fragment}.`, `${fragment}),`, `${fragment}\n`]) {
    assert.equal(decode(found).view.request, 2);
  }
});

test("size and depth are limited before anything is parsed", () => {
  assert.equal(damage(encode("a".repeat(maxBytes + 1))).part, "size");
  assert.equal(damage(encode("a".repeat(maxBytes + 1), {}, "pl")).part, "size");
  assert.equal(damage(`#s=1.pl.${"a".repeat(maxFragment)}`).part, "size");
  assert.equal(damage(encode("[".repeat(maxBytes))).part, "depth");
  assert.equal(damage(encode("[".repeat(maxDepth + 1) + "]".repeat(maxDepth + 1))).part, "depth");
  assert.equal(decode(encode("[".repeat(maxDepth) + "]".repeat(maxDepth))).scenario.length, 2 * maxDepth);
});

test("inflating reads what other programs deflate, in every kind of block", () => {
  const noise = Uint8Array.from({ length: 70_000 }, (_, i) => (Math.imul(i ^ (i >>> 7), 2654435761) >>> 13) & 255);
  const text = new TextEncoder().encode(scenarios.map(({ text }) => text).join("\n"));
  const none = new Uint8Array();
  for (const input of [none, noise, text, new Uint8Array(300_000)]) {
    for (const options of [{ level: 0 }, { level: 1 }, { level: 9 }, { strategy: 4 }]) {
      const got = inflate(deflateRawSync(input, options), none, maxBytes);
      assert.equal(got.ending, "whole");
      assert.deepEqual(Buffer.from(got.bytes), Buffer.from(input));
    }
  }
  const words = new TextEncoder().encode(dictionary);
  const packed = deflateRawSync(text.subarray(0, 5000), { level: 9, dictionary: words });
  assert.deepEqual(Buffer.from(inflate(packed, words, maxBytes).bytes), inflateRawSync(packed, { dictionary: words }));
});

test("a stream that is cut anywhere ends early, with the beginning of the text", () => {
  const text = new TextEncoder().encode(scenarios[0]!.text);
  const packed = deflateRawSync(text);
  for (let n = 0; n < packed.length; n++) {
    const got = inflate(packed.subarray(0, n), new Uint8Array(), maxBytes);
    assert.equal(got.ending, "early");
    assert.deepEqual(Buffer.from(got.bytes), Buffer.from(text.subarray(0, got.bytes.length)));
  }
});

test("a bomb stops at the limit", () => {
  const got = inflate(deflateRawSync(new Uint8Array(1000)), new Uint8Array(), 999);
  assert.deepEqual([got.ending, got.bytes.length], ["large", 999]);
});
