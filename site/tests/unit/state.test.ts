import assert from "node:assert/strict";
import { test } from "node:test";
import type { Explain, StatementReport, Summary } from "../../src/contract/report.ts";
import { change, staleLabel } from "../../src/state/announce.ts";
import { apply } from "../../src/state/edit.ts";
import { add, attach, detach, expectation, fresh, renamed, setContext, type Setting } from "../../src/state/forms.ts";
import * as past from "../../src/state/history.ts";
import { marks } from "../../src/state/marks.ts";
import { place, tabOf } from "../../src/state/place.ts";
import { kept, memoryStore, openStore, room, trimmed } from "../../src/state/storage.ts";
import { relevant } from "../../src/state/tabs.ts";
import { parse } from "../../src/state/tree.ts";
import { resourceKind, shortArn, world } from "../../src/state/world.ts";

const scenario = `{
  "version": 1,
  "accounts": {
    "111122223333": {
      "name": "production",
      "policies": { "P": { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": ["s3:GetObject", "s3:List*"], "Resource": "*" }] } },
      "groups": { "dev": { "policies": ["P", "arn:aws:iam::aws:policy/AmazonS3FullAccess"] } },
      "users": { "ali": { "groups": ["dev"], "policies": ["P"], "boundary": "P", "path": "/team/" } },
      "roles": { "R": { "trust": {}, "sessions": { "s": { "policies": ["P"] } } } },
      "resources": { "arn:aws:s3:::b": {}, "arn:aws:ec2:eu-west-1:111122223333:instance/i-1": { "role": "R" } }
    }
  },
  "requests": [
    { "name": "one", "principal": "arn:aws:iam::111122223333:user/team/ali", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/x", "context": { "aws:SourceIp": "203.0.113.7" }, "expect": "allowed" },
    { "name": "two", "principal": "arn:aws:sts::111122223333:assumed-role/R/s", "action": "sts:AssumeRole", "resource": "arn:aws:iam::111122223333:role/R" }
  ]
}`;
const root = parse(scenario);
const account = "/accounts/111122223333";

test("every pointer lies in the thing that has a tab", () => {
  for (const [pointer, kind, at] of [
    ["", "scenario", ""],
    ["/title", "scenario", ""],
    [`${account}/name`, "account", account],
    [`${account}/users/ali/groups/0`, "user", `${account}/users/ali`],
    [`${account}/users/ali/inline/I/Statement/0`, "policy", `${account}/users/ali/inline/I`],
    [`${account}/roles/R/trust/Statement`, "policy", `${account}/roles/R/trust`],
    [`${account}/roles/R/sessions/s/tags`, "session", `${account}/roles/R/sessions/s`],
    [`${account}/resources/arn:aws:s3:::b/policy/Statement/0`, "policy", `${account}/resources/arn:aws:s3:::b/policy`],
    ["/organization/root/units/A/units/B/scps/0", "unit", "/organization/root/units/A/units/B"],
    ["/organization/policies/X/Statement", "policy", "/organization/policies/X"],
    ["/requests/3/context/aws:SourceIp", "request", "/requests/3"],
    ["/accounts/__proto__/users/constructor", "user", "/accounts/__proto__/users/constructor"],
  ] as const) {
    const found = place(pointer);
    assert.deepEqual([found.kind, found.pointer], [kind, at], pointer);
  }
  assert.equal(tabOf("arn:aws:iam::aws:policy/X#/Statement/0"), "arn:aws:iam::aws:policy/X");
});

test("the world is read as lists", () => {
  const w = world(root, [], [{ name: "AmazonS3FullAccess", arn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" }], new Set());
  assert.deepEqual(w.accounts[0]!.children.map((c) => [c.kind, c.name, c.detail]), [
    ["user", "ali", "user in dev"],
    ["group", "dev", "group of 1"],
    ["role", "R", "role"],
    ["resource", "b", "bucket"],
    ["resource", "i-1", "instance with role R"],
    ["policy", "P", "used 4×"],
  ]);
  assert.equal(w.policies.find((p) => p.source === "aws")!.used, 1);
  assert.ok(w.principals.some((p) => p.value === "arn:aws:iam::111122223333:user/team/ali"));
  assert.deepEqual(w.actions.filter((a) => a.seen).map((a) => a.value), ["s3:GetObject", "sts:AssumeRole"]);
});

test("a world of the wrong shape has less in it and does no harm", () => {
  for (const text of ["", "[]", "null", '{"accounts": []}', '{"accounts": {"1": null}, "requests": {"a": 1}}', '{"__proto__": {"accounts": 1}, "accounts": {"__proto__": {"users": {"__proto__": 4}}}}'])
    assert.ok(world(parse(text), [], [], new Set()).requests.length === 0, text);
});

test("short names are what people say", () => {
  assert.equal(shortArn("arn:aws:s3:::acme/q.csv"), "acme/q.csv");
  assert.equal(shortArn("arn:aws:sts::1:assumed-role/R/s"), "R as s");
  assert.equal(shortArn("arn:aws:iam::1:user/team/ali"), "team/ali");
  assert.equal(shortArn("anonymous"), "anonymous");
  assert.equal(resourceKind("arn:aws:dynamodb:eu-west-1:1:table/T"), "table");
});

const settings: { rule: string; key: string; setting: Setting; want: string }[] = [
  { rule: "a key is written with its values", key: "aws:TagKeys", setting: { state: "typed", values: ["a", "b"], multi: true }, want: '"aws:TagKeys":["a","b"]' },
  { rule: "the spelling that is there stays", key: "AWS:sourceip", setting: { state: "typed", values: ["10.0.0.1"], multi: false }, want: '"context":{"aws:SourceIp":"10.0.0.1"}' },
  { rule: "absent is written as null", key: "aws:SourceIp", setting: { state: "absent" }, want: '"context":{"aws:SourceIp":null}' },
  { rule: "an unknown key is listed and no longer written", key: "aws:SourceIp", setting: { state: "unknown" }, want: '"unknown":["aws:SourceIp"]' },
];
for (const { rule, key, setting, want } of settings) {
  test(rule, () => {
    const text = apply(scenario, setContext(root, "/requests/0", key, setting));
    assert.ok(JSON.stringify((JSON.parse(text) as { requests: unknown[] }).requests[0]).includes(want));
  });
}
test("a key left to the world leaves nothing behind", () => {
  const once = apply(scenario, setContext(root, "/requests/0", "aws:SourceIp", { state: "unknown" }));
  const twice = apply(once, setContext(parse(once), "/requests/0", "aws:SourceIp", { state: "implied" }));
  const request = (JSON.parse(twice) as { requests: object[] }).requests[0]!;
  assert.equal("context" in request || "unknown" in request, false);
});

test("a policy is attached once, and detached", () => {
  const list = `${account}/users/ali/policies`;
  assert.deepEqual(attach(root, list, "P"), []);
  const text = apply(scenario, attach(root, list, "arn:aws:iam::aws:policy/ReadOnlyAccess"));
  assert.match(text, /"policies": \["P", "arn:aws:iam::aws:policy\/ReadOnlyAccess"\]/);
  assert.match(apply(text, detach(parse(text), list, "P")), /"policies": \["arn:aws:iam::aws:policy\/ReadOnlyAccess"\]/);
});

test("new things have new names", () => {
  assert.equal(fresh(["a", "a-2"], "a"), "a-3");
  for (const kind of ["user", "group", "role", "resource", "endpoint", "policy"] as const) {
    const made = add(root, kind, account);
    const text = apply(scenario, made.edits);
    assert.equal(place(made.select).kind, kind);
    assert.ok(JSON.parse(text));
  }
  assert.deepEqual(place(add(root, "account", "").select).kind, "account");
});

test("a new request starts from the last one, without its expectation", () => {
  const made = add(root, "request", "", "/requests/0", scenario);
  const requests = (JSON.parse(apply(scenario, made.edits)) as { requests: Record<string, unknown>[] }).requests;
  assert.equal(made.select, "/requests/2");
  assert.equal(requests[2]!.name, "one (copy)");
  assert.equal(requests[2]!.action, "s3:GetObject");
  assert.equal("expect" in requests[2]!, false);
});

test("what points at a renamed thing follows it", () => {
  const policy = renamed(root, `${account}/policies/P`, "Q").map((e) => e.pointer);
  assert.deepEqual(policy, [
    `${account}/users/ali/policies/0`,
    `${account}/users/ali/boundary`,
    `${account}/groups/dev/policies/0`,
    `${account}/roles/R/sessions/s/policies/0`,
  ]);
  assert.deepEqual(renamed(root, `${account}/users/ali`, "bob"), [{ op: "set", pointer: "/requests/0/principal", value: "arn:aws:iam::111122223333:user/team/bob" }]);
  assert.deepEqual(renamed(root, `${account}/roles/R`, "S").map((e) => (e.op === "set" ? e.value : null)), [
    "arn:aws:sts::111122223333:assumed-role/S/s",
    "arn:aws:iam::111122223333:role/S",
    "S",
  ]);
  assert.deepEqual(renamed(root, `${account}/resources/arn:aws:s3:::b`, "arn:aws:s3:::c").map((e) => e.pointer), ["/requests/0/resource"]);
});

test("the organization follows an account that gets another ID", () => {
  const text = JSON.stringify({ organization: { managementAccount: "999988887777", delegatedAdministrators: ["444455556666", "111122223333"], root: { accounts: ["999988887777"], units: { Apps: { accounts: ["111122223333"] } } }, accountPolicies: { "111122223333": {} } }, accounts: { "111122223333": {} } });
  const edits = renamed(parse(text), "/accounts/111122223333", "222233334444");
  assert.deepEqual((JSON.parse(apply(text, edits)) as { organization: object }).organization, {
    managementAccount: "999988887777",
    delegatedAdministrators: ["444455556666", "222233334444"],
    root: { accounts: ["999988887777"], units: { Apps: { accounts: ["222233334444"] } } },
    accountPolicies: { "222233334444": {} },
  });
});

test("ARNs are of their account's partition", () => {
  const china = parse('{"accounts": {"111122223333": {"partition": "aws-cn", "users": {"ali": {}}, "roles": {"R": {}}}}, "requests": [{"principal": "arn:aws-cn:iam::111122223333:user/ali"}]}');
  const w = world(china, [], [], new Set());
  assert.deepEqual(w.principals.slice(0, 3).map((p) => p.value), ["arn:aws-cn:iam::111122223333:user/ali", "arn:aws-cn:sts::111122223333:assumed-role/R/session", "arn:aws-cn:iam::111122223333:root"]);
  assert.deepEqual(renamed(china, "/accounts/111122223333/users/ali", "bob"), [{ op: "set", pointer: "/requests/0/principal", value: "arn:aws-cn:iam::111122223333:user/bob" }]);
});

const state = (text: string, label: string, when: number) => ({ text, drafts: new Map<string, string>(), label, when });

test("a word typed in one go is one step; a pause begins another", () => {
  let h = past.begin("", 0);
  h = past.push(h, state("a", "typed", 100), true);
  h = past.push(h, state("ab", "typed", 200), true);
  h = past.push(h, state("abc", "typed", 200 + past.pause), true);
  assert.deepEqual(h.states.map((s) => s.text), ["", "ab", "abc"]);
  h = past.undo(h);
  assert.equal(past.current(h).text, "ab");
  h = past.push(h, state("x", "form", 5000), false);
  assert.equal(past.current(past.redo(h)).text, "x");
  assert.deepEqual(past.restore(h, 0, 6000).states.map((s) => s.text), ["", "ab", "x", ""]);
});

test("a history keeps its newest states, and the browser thirty of them", () => {
  let h = past.begin("0", 0);
  for (let i = 1; i < past.limit + 20; i++) h = past.push(h, state(String(i), "form", i), false);
  assert.equal(h.states.length, past.limit);
  const t = trimmed(h);
  assert.equal(t.states.length, kept);
  assert.equal(past.current(t).text, past.current(h).text);
  const back = trimmed({ ...h, at: 3 });
  assert.equal(past.current(back).text, h.states[3]!.text);
  assert.equal(back.states.length, kept);
});

test("a history of large texts keeps what there is room for, the current state always", () => {
  let h = past.begin("0", 0);
  for (let i = 1; i < 6; i++) h = past.push(h, state(String(i).repeat(room / 2), "form", i), false);
  assert.deepEqual(trimmed(h).states.map((s) => s.text[0]), ["3", "4", "5"]);
  h = past.push(h, state("x".repeat(3 * room), "form", 9), false);
  assert.equal(past.current(trimmed(h)).text[0], "x");
});

test("where the browser denies storage, memory stands in and says so", async () => {
  const store = await openStore(() => {
    throw new Error("denied");
  });
  assert.equal(store.denied, true);
  assert.deepEqual(await memoryStore().list(), []);
});

const summary = (name: string, decision: Summary["decision"]): Summary => ({ index: 0, pointer: "/requests/0", name, decision, decidedBy: ["identity"], message: "", dependsOn: [] });

test("a change is said as a change, and only once", () => {
  assert.equal(change(summary("r", "implicitDeny"), summary("r", "allowed")), "r: now allowed, was denied");
  assert.equal(change(summary("r", "allowed"), summary("r", "allowed")), "");
  assert.equal(change(null, summary("r", "depends")), "r: depends on what is not known");
  assert.equal(staleLabel(7, "P"), "from before the syntax error at line 7 of P");
});

test("an answer kept as expectation names who decided", () => {
  assert.deepEqual(expectation(summary("r", "allowed")), { decision: "allowed", decidedBy: ["identity"] });
  assert.deepEqual(expectation({ ...summary("r", "depends"), dependsOn: [{ kind: "key", name: "aws:SourceIp", pointer: "", ways: [] }] }), { decision: "depends", dependsOn: ["aws:SourceIp"] });
});

const element = (name: "Action" | "Resource", outcome: "yes" | "no") => ({ element: name, pointer: `/p/Statement/0/${name}`, outcome, reason: "", text: `${name} text`, rule: "", comparisons: [] });
const statement = (relevance: StatementReport["relevance"], outcome: "yes" | "no"): StatementReport => ({
  pointer: "/p/Statement/0", sid: "", effect: "Allow", index: 0, policy: "/p", layer: "identity", relevance, failing: outcome === "no" ? 1 : 0, reason: "", text: "sentence",
  elements: [element("Action", outcome), element("Resource", "yes")],
});
const explain = (...statements: StatementReport[]) => ({ statements, dependsOn: [], policies: [{ pointer: "/p" }, { pointer: "/q" }] }) as unknown as Explain;
const locate = (pointer: string) => ({ start: pointer.length, end: pointer.length + 5 });

test("a statement that decided is marked as a whole, with its sentence", () => {
  const m = marks(explain(statement("decided", "yes")), "/p", locate);
  assert.deepEqual(m.inlays.map((i) => [i.tone, i.text]), [["yes", "✓ sentence"]]);
  assert.deepEqual(m.lines.map((l) => l.pointer), ["/p/Statement/0"]);
});
test("a near miss is marked at the element in the way", () => {
  const m = marks(explain(statement("nearMiss", "no")), "/p", locate);
  assert.deepEqual(m.inlays.map((i) => [i.tone, i.text, i.pointer]), [["no", "✕ Action text", "/p/Statement/0/Action"]]);
});
test("a statement far from matching speaks quietly and colours nothing", () => {
  const m = marks(explain(statement("noMatch", "no")), "/p", locate);
  assert.deepEqual([m.lines.length, m.inlays[0]!.tone], [0, "quiet"]);
});
test("a statement that nobody knows is marked where the answer depends on it", () => {
  const open = (pointer: string) => ({ ...explain(), dependsOn: [{ kind: "part", name: "a macro", pointer, ways: [] }] }) as Explain;
  assert.deepEqual(marks(open("/p/Statement/1"), "/p", locate).lines.map((l) => [l.tone, l.pointer]), [["unknown", "/p/Statement/1"]]);
  for (const other of ["/p/Statement/1/Resource", "/q/Statement/1"]) assert.equal(marks(open(other), "/p", locate).lines.length, 0);
});
test("marks of another policy are not shown", () => assert.equal(marks(explain(statement("decided", "yes")), "/q", locate).inlays.length, 0));
test("the policy that decided comes first", () => assert.deepEqual(relevant(explain({ ...statement("decided", "yes"), policy: "/q" }, statement("noMatch", "no"))), ["/q", "/p"]));
