import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { net, standIns } from "../../src/state/addresses.ts";
import { kinds, redact, type Kind } from "../../src/state/redact.ts";
import { find, parse, tokens } from "../../src/state/tree.ts";

const top = new URL("../../..", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "redact-"));
after(() => rmSync(folder, { recursive: true }));
execFileSync("go", ["build", "-o", join(folder, "iamplay"), "./scripts/iamplay"], { cwd: top });

/** real makes a shipped scenario look like one from real life: none of its details are those of the documentation. */
function real(text: string): string {
  const accounts = new Map<string, string>();
  return text
    .replace(/(?<!\d)\d{12}(?!\d)/g, (id) => accounts.get(id) ?? accounts.set(id, String(830_415_926_535 + 7919 * accounts.size)).get(id)!)
    .replaceAll("203.0.", "52.95.").replaceAll("192.0.2.", "54.12.9.").replaceAll("198.51.100.", "18.7.44.")
    .replaceAll("2001:db8", "2a05:d018").replaceAll("2001:0DB8", "2A05:D018")
    .replaceAll("o-exampleorgid", "o-k3j5h2g9f1").replace(/EXAMPLE(?=[":\\])/g, "Q7ZK2WY").replaceAll("@example.com", "@acme-corp.com");
}

const corpus = readdirSync(join(top, "scenarios"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".json") && !path.startsWith("broken"))
  .sort()
  .map((path) => ({ path, text: real(readFileSync(join(top, "scenarios", path), "utf8")) }));

/** answers holds texts to their expectations with the command line, and gives what it says about those that fail. */
function answers(name: string, texts: { path: string; text: string }[]): string {
  const files = texts.map(({ path, text }) => {
    const file = join(folder, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  });
  try {
    execFileSync(join(folder, "iamplay"), ["test", ...files], { cwd: top, encoding: "utf8", stdio: "pipe" });
    return "";
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

for (const chosen of [...kinds.map((kind) => [kind]), kinds.filter((kind) => kind !== "names"), [...kinds]]) {
  test(`replacing ${chosen.length > 1 ? `${chosen.length} kinds` : chosen[0]} changes no answer of any scenario`, () => {
    const set = new Set<Kind>(chosen);
    assert.equal(answers(chosen.join("-"), corpus.map(({ path, text }) => ({ path, text: redact(text, set).text }))), "");
  });
}

test("the corpus has something of every kind but access keys to replace", () => {
  const found = new Set(corpus.flatMap(({ text }) => redact(text, new Set(kinds)).replaced.map((r) => r.kind)));
  assert.deepEqual([...found].sort(), ["accounts", "addresses", "names", "organizations", "uniqueIds"]);
});

test("what was replaced is nowhere in the result, prose included", () => {
  for (const { path, text } of corpus) {
    const { text: out, replaced } = redact(text, new Set(kinds));
    for (const { original, kind } of replaced) if (kind !== "names") assert.ok(!out.includes(original), `${path}: ${original}`);
  }
});

test("the same text gives the same result, and a result has nothing left to replace but names", () => {
  const all = new Set(kinds);
  for (const { path, text } of corpus) {
    const once = redact(text, all);
    assert.equal(redact(text, all).text, once.text, path);
    const kept = new Set(once.kept.map((k) => k.original));
    for (const { original, kind } of redact(once.text, all).replaced) assert.ok(kind === "names" || kept.has(original), `${path}: ${kind} ${original}`);
  }
});

test("two details never share a stand-in", () => {
  for (const { path, text } of corpus) {
    const fakes = redact(text, new Set(kinds)).replaced.map((r) => r.fake);
    assert.equal(new Set(fakes).size, fakes.length, path);
  }
});

test("nothing chosen changes nothing", () => {
  for (const { text } of corpus) assert.equal(redact(text, new Set()).text, text);
});

const world = `{
  "version": 1,
  "title": "Ali of 830415926535 asks",
  "organization": { "id": "o-k3j5h2g9f1", "root": { "id": "r-zx12", "accounts": ["830415926535"], "units": { "Payments": { "id": "ou-zx12-9f8e7d6c" } } } },
  "accounts": {
    "830415926535": {
      "name": "payroll",
      "users": { "ali": { "id": "AIDAQ3EGZ7ABCDEFGHIJ", "tags": { "owner": "ali", "mail": "ali@acme-corp.com" } } },
      "roles": { "user": {}, "Deploy": {}, "deploy": {} },
      "policies": { "Base": { "Statement": { "Sid": "Base", "Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::pay-\${aws:username}/*", "arn:aws:s3:::secret-plans/ali/*"],
        "Condition": { "StringEquals": { "aws:PrincipalAccount": 830415926535, "aws:accessKey": "AKIAQ3EGZ7ABCDEFGHIJ" } } } } },
      "resources": { "arn:aws:s3:::secret-plans": {}, "arn:aws:s3:::pay-ali": {}, "arn:aws:ec2:eu-west-1:830415926535:instance/i-0a1b2c3d4e5f60718": {} }
    }
  },
  "requests": [{ "name": "Ali reads", "principal": "arn:aws:iam::830415926535:user/ali", "action": "s3:GetObject", "resource": "arn:aws:s3:::secret-plans/ali/x", "context": { "aws:SourceIp": "52.95.7.1" },
    "expect": { "decision": "allowed", "statements": ["/accounts/830415926535/policies/Base/Statement"] } }]
}`;

test("a detail is replaced wherever it stands: in keys, ARNs, numbers, tags, pointers and prose", () => {
  const { text, replaced } = redact(world, new Set(kinds));
  const out = JSON.parse(text);
  const account = out.accounts["111122223333"];
  assert.equal(out.title, "user-1 of 111122223333 asks");
  assert.deepEqual(out.organization.root, { id: "r-ex01", accounts: ["111122223333"], units: { "unit-1": { id: "ou-ex01-example1" } } });
  assert.deepEqual(account.users, { "user-1": { id: "AIDAEXAMPLE000000001".slice(0, 20), tags: { owner: "user-1", mail: "user1@example.com" } } });
  assert.equal(account.name, "account-1");
  assert.equal(account.policies["policy-1"].Statement.Sid, "Base");
  assert.equal(account.policies["policy-1"].Statement.Condition.StringEquals["aws:PrincipalAccount"], 111122223333);
  assert.equal(account.policies["policy-1"].Statement.Resource[1], "arn:aws:s3:::bucket-1/user-1/*");
  assert.deepEqual(Object.keys(account.resources), ["arn:aws:s3:::bucket-1", "arn:aws:s3:::pay-ali", "arn:aws:ec2:eu-west-1:111122223333:instance/i-00000000000000001"]);
  assert.deepEqual(out.requests[0], {
    name: "user-1 reads",
    principal: "arn:aws:iam::111122223333:user/user-1",
    action: "s3:GetObject",
    resource: "arn:aws:s3:::bucket-1/user-1/x",
    context: { "aws:SourceIp": "203.0.113.1" },
    expect: { decision: "allowed", statements: ["/accounts/111122223333/policies/policy-1/Statement"] },
  });
  assert.ok(replaced.some((r) => r.kind === "accessKeys" && r.fake === "AKIAEXAMPLE000000001"));
});

test("what cannot be replaced safely is kept, with the reason", () => {
  const { kept } = redact(world, new Set(kinds));
  assert.deepEqual(
    kept.map((k) => [k.original, k.why]),
    [
      ["user", "it is a word of AWS's too"],
      ["Deploy", "another name differs in case only"],
      ["deploy", "another name differs in case only"],
      ["pay-ali", "the pattern “pay-*” may speak of it by a part"],
    ],
  );
});

test("a stand-in is never one that the text already has or that a pattern would match", () => {
  const text = '{"accounts":{"830415926535":{"users":{"zoe":{"inline":{"P":{"Statement":{"Resource":"arn:aws:iam::111122223333:user/user-*"}}}}}}}}';
  const { replaced, kept } = redact(text, new Set<Kind>(["accounts", "names"]));
  assert.deepEqual(replaced.map((r) => r.fake), ["444455556666", "policy-1"]);
  assert.deepEqual(kept.map((k) => k.original), ["zoe"]);
});

test("a pointer moves with what it points at", () => {
  const { text, moved } = redact(world, new Set(kinds));
  const pointer = "/accounts/830415926535/resources/arn:aws:s3:::secret-plans";
  assert.equal(tokens(moved(pointer)).at(-1), "arn:aws:s3:::bucket-1");
  assert.ok(find(parse(text), moved(pointer)));
  assert.equal(moved("arn:aws:iam::aws:policy/AdministratorAccess"), "arn:aws:iam::aws:policy/AdministratorAccess");
});

test("details of the documentation tell nothing and stay", () => {
  const text = '{"accounts":{"111122223333":{}},"requests":[{"context":{"a":"203.0.113.7","b":"0.0.0.0/0","c":"AKIAIOSFODNN7EXAMPLE","d":"ali@example.com","e":"2001:db8::1","f":"o-exampleorgid"}}]}';
  assert.deepEqual(redact(text, new Set(kinds)).replaced, []);
});

test("AWS's policies, variables and a broken text stay as they are", () => {
  for (const text of ['{"accounts":{"111122223333":{"users":{"u1":{"policies":["arn:aws:iam::aws:policy/ReadOnlyAccess"]}}}}}', "", "{", "[]", '"830415926535'])
    assert.doesNotThrow(() => redact(text, new Set(kinds)));
  const text = '{"accounts":{"1":{"policies":{"username":{"Statement":{"Resource":"arn:aws:s3:::a/${aws:username}"}}}}}}';
  assert.match(redact(text, new Set(kinds)).text, /\$\{aws:username\}/);
});

test("an address lies in a network exactly when their stand-ins do", () => {
  const texts = ["52.95.110.0/24", "52.95.110.7", "52.95.110.0/25", "52.95.111.1", "18.0.0.0/10", "18.1.2.3", "99.1.0.0/16", "99.1.4.0/22", "2a05:d018:12::/48", "2a05:d018:12:1::5", "2a05:d018:13::1", "18.7.44.9", "77.1.2.3", "77.1.3.0/24"];
  const found = standIns(texts, ["192.0.2.0/24"]);
  assert.equal(found.size, texts.length);
  const holds = (a: string, b: string) => {
    const [outer, inner] = [net(a)!, net(b)!];
    const shift = BigInt(outer.width - outer.length);
    return outer.width === inner.width && outer.length <= inner.length && outer.bits >> shift === inner.bits >> shift;
  };
  for (const a of texts) for (const b of texts) assert.equal(holds(found.get(a)!, found.get(b)!), holds(a, b), `${a} and ${b}: ${found.get(a)} and ${found.get(b)}`);
  assert.deepEqual(["52.95.110.7", "52.95.111.1", "2a05:d018:12:1::5"].map((t) => found.get(t)), ["203.0.113.7", "198.51.100.1", "2001:db8:0:1::5"]);
});

test("a network too wide for any other stays", () => assert.deepEqual([...standIns(["52.0.0.0/7", "2a00::/16"], [])], []));

test("accounts on any list are replaced, and words of the language stay where a name is the same", () => {
  const text = JSON.stringify({
    version: 1,
    organization: { managementAccount: "830415926535", rootAccess: true, delegatedAdministrators: ["830415934454"], root: { s3PublicAccessBlock: "none", accounts: ["830415926535", "830415934454"] }, accountPolicies: { "830415934454": { s3PublicAccessBlock: "all" } } },
    accounts: { "830415926535": {}, "830415934454": { partition: "aws-cn", publicAccessBlock: { blockPublicPolicy: true }, users: { all: {}, none: {}, "aws-cn": {}, "eu-west-1": {} }, resources: { "arn:aws-cn:s3:::box": { region: "eu-west-1", abac: true } } } },
    requests: [{ name: "all", principal: "arn:aws-cn:iam::830415934454:user/all", action: "s3:ListBucket", resource: "arn:aws-cn:s3:::box", also: [{ name: "none asks", action: "s3:GetObject", resource: "arn:aws-cn:s3:::box/x" }] }],
  });
  const out = JSON.parse(redact(text, new Set(kinds)).text);
  assert.deepEqual(out.organization.delegatedAdministrators, ["444455556666"]);
  assert.equal(out.organization.root.s3PublicAccessBlock, "none");
  assert.equal(out.organization.accountPolicies["444455556666"].s3PublicAccessBlock, "all");
  const account = out.accounts["444455556666"];
  assert.equal(account.partition, "aws-cn");
  assert.deepEqual(Object.values(account.resources), [{ region: "eu-west-1", abac: true }]);
  assert.match(out.requests[0].also[0].name, /^user-\d asks$/);
});
