import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActionChange, Compared } from "../../src/contract/author.ts";
import { Comparer, count, denied, grouped, pasted, type Comparison } from "../../src/state/compare.ts";

type Decision = ActionChange["before"]["decision"];
const answer = (decision: Decision) => ({ decision, decidedBy: [], on: "" });
const change = (service: string, level: ActionChange["level"], actions: string[], before: Decision = "implicitDeny", after: Decision = "allowed"): ActionChange => ({ service, level, principal: "ali", resource: "*", via: "", actions, before: answer(before), after: answer(after) });

/** probes answers as the program does: one action changes in every probe. */
function probes(total: number, asked: [number, number][] = [], limit = total) {
  return (_before: string, _after: string, from: number, most: number): Promise<Compared> => {
    asked.push([from, most]);
    const done = Math.min(from + most, limit);
    const actions = Array.from({ length: done - from }, (_, i) => `s3:A${from + i}`);
    return Promise.resolve({
      id: "0", op: "compare", problems: [], open: [], total, done, finished: done === limit, stopped: total > limit,
      requests: from === 0 ? [{ name: "r", indexBefore: 0, indexAfter: 0, edited: false, before: answer("allowed"), after: answer("implicitDeny") }] : [],
      asked: from === 0 ? 3 : 0,
      changes: actions.length ? [change("s3", "Write", actions)] : [],
    });
  };
}

test("a comparison comes in parts, and what a part's end cut in two is one again", async () => {
  const parts: Comparison[] = [];
  assert.equal(await new Comparer(probes(1000), () => 0).compare("a", "b", (known) => parts.push(known)), "done");
  assert.ok(parts.length > 1);
  const last = parts.at(-1)!;
  assert.equal(last.requests.length, 1);
  assert.equal(last.asked, 3);
  assert.equal(last.changes.length, 1);
  assert.deepEqual(last.changes[0]!.actions, Array.from({ length: 1000 }, (_, i) => `s3:A${i}`));
  assert.equal(parts[0]!.changes[0]!.actions.length, 100, "an earlier part is not written over");
});

test("parts grow while they are quick and shrink when they are slow", async () => {
  for (const [took, grows] of [[1, true], [1000, false]] as const) {
    const asked: [number, number][] = [];
    let now = 0;
    await new Comparer(probes(500, asked), () => (now += took)).compare("a", "b", () => {});
    const sizes = asked.map(([, most]) => most);
    assert.ok(grows ? sizes[1]! > sizes[0]! : sizes[1]! < sizes[0]!, String(sizes));
    assert.ok(Math.min(...sizes) > 0);
  }
});

test("a newer comparison ends an older one, and stopping ends any", async () => {
  const comparer = new Comparer(probes(10_000), () => 0);
  const told: string[] = [];
  const first = comparer.compare("a", "b", () => told.push("first"));
  const second = comparer.compare("a", "c", () => told.push("second"));
  assert.equal(await first, "ended");
  assert.equal(await second, "done");
  assert.ok(!told.includes("first"));
  const third = comparer.compare("a", "d", () => told.push("third"));
  comparer.stop();
  assert.equal(await third, "ended");
  assert.ok(!told.includes("third"));
});

test("no answer, and an answer that does not go on, end a comparison as failed", async () => {
  assert.equal(await new Comparer(() => Promise.resolve(null), () => 0).compare("a", "b", () => {}), "failed");
  const stuck = probes(100);
  assert.equal(await new Comparer((b, a) => stuck(b, a, 0, 0), () => 0).compare("a", "b", () => {}), "failed");
});

test("a comparison that is stopped at the limit says so", async () => {
  let last: Comparison | null = null;
  await new Comparer(probes(900, [], 300), () => 0).compare("a", "b", (known) => (last = known));
  assert.deepEqual([last!["done"], last!["total"], last!["stopped"]], [300, 900, true]);
});

test("changes are grouped by access level, the most far-reaching first, then by service", () => {
  const list = [change("s3", "List", ["a"]), change("sqs", "Write", ["b"]), change("s3", "Write", ["c", "d"]), change("iam", "Permissions management", ["e"]), change("s3", "Write", ["f"])];
  assert.deepEqual(grouped(list).map((g) => `${g.level} ${g.service} ${g.changes.length}`), ["Permissions management iam 1", "Write s3 2", "Write sqs 1", "List s3 1"]);
  assert.equal(count(list), 6);
});

test("a denial that stays one is told apart", () => {
  assert.ok(denied(change("s3", "Write", ["a"], "implicitDeny", "explicitDeny")));
  for (const other of [change("s3", "Write", ["a"], "explicitDeny", "allowed"), change("s3", "Write", ["a"], "allowed", "implicitDeny"), change("s3", "Write", ["a"], "invalid", "depends")]) assert.ok(!denied(other));
});

test("a pasted policy takes the place of the open one, a pasted scenario that of all", () => {
  const text = '{\n  "accounts": {\n    "111122223333": {\n      "policies": {\n        "P": { "Statement": [] }\n      }\n    }\n  }\n}\n';
  const pointer = "/accounts/111122223333/policies/P";
  const made = pasted(text, pointer, ' {"Statement": [{"Effect": "Deny"}]} \n');
  assert.equal(made.problem, "");
  assert.deepEqual(JSON.parse(made.text).accounts["111122223333"].policies.P, { Statement: [{ Effect: "Deny" }] });
  assert.ok(made.text.startsWith(text.slice(0, text.indexOf('{ "Statement"'))), "the rest stays byte for byte");
  assert.equal(pasted(text, pointer, '{"accounts": {}}').text, '{"accounts": {}}');
});

test("what is pasted and is neither is refused with what was found", () => {
  const text = '{"accounts": {"1": {}}}';
  for (const [given, pointer, says] of [
    ['{"a":\n\n nope}', null, /no JSON from line 3 on/],
    ["[]", null, /neither accounts nor a Statement/],
    ['"text"', null, /neither accounts nor a Statement/],
    ['{"Statement": []}', null, /no policy is open/],
    ['{"Statement": []}', "/accounts/2/policies/P", /no policy is open/],
  ] as const) {
    const made = pasted(text, pointer, given);
    assert.equal(made.text, "");
    assert.match(made.problem, says);
  }
});
