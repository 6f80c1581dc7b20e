import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { commands, comment, shell } from "../../src/export/commands.ts";
import { simulator } from "../../src/export/simulator.ts";
import { literal, terraform } from "../../src/export/terraform.ts";
import { importText } from "../../src/import/import.ts";

const top = new URL("../../..", import.meta.url).pathname;
const goldens = new URL("fixtures/export/", import.meta.url).pathname;
const scenario = (path: string) => readFileSync(join(top, "scenarios", path + ".json"), "utf8");
const everyScenario = readdirSync(join(top, "scenarios"), { recursive: true, encoding: "utf8" }).filter((p) => p.endsWith(".json")).map((p) => p.slice(0, -5)).sort();
const none = () => undefined;

/** golden holds a text to the reviewed one; UPDATE=1 writes it anew. */
function golden(name: string, text: string): void {
  const file = join(goldens, name);
  if (process.env.UPDATE || !existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (!process.env.UPDATE) assert.fail(`${name} was missing: it is written now, review it`);
  }
  assert.equal(text, readFileSync(file, "utf8"), name);
}

/** run lets a shell run a script with every call of aws printed as its words instead, one list per call. */
function run(script: string): string[][] {
  const stub = `aws() { for word in "$@"; do printf '%s\\036' "$word"; done >&3; printf '\\035' >&3; echo made-id; }\nexec 3>&1 >/dev/null\n`;
  const out = execFileSync("/bin/sh", ["-c", stub + script], { encoding: "utf8", env: { PATH: "/nonexistent" }, input: "" });
  return out.split("\x1d").slice(0, -1).map((call) => call.split("\x1e").slice(0, -1));
}

const world = [
  ["growing-company", "tutorials/a-growing-company"],
  ["permission-ceilings", "tutorials/permission-ceilings"],
  ["every-level-must-allow", "organizations/every-level-must-allow"],
  ["a-data-perimeter", "organizations/a-data-perimeter-with-an-rcp"],
] as const;

test("the commands and the Terraform of shipped worlds are as reviewed", () => {
  for (const [name, path] of world) {
    golden(`${name}.sh`, commands(scenario(path)).text);
    golden(`${name}.tf.json`, terraform(scenario(path)).text);
  }
});

test("the commands of every shipped scenario run in a shell, and build each thing after what it needs", () => {
  for (const path of everyScenario) {
    const made = new Set<string>();
    for (const words of run(commands(scenario(path)).text)) {
      const value = (option: string) => words[words.indexOf(`--${option}`) + 1] ?? "";
      const command = words[1]!;
      if (/^create-(policy|user|group|role)$/.test(command)) made.add(`${command.slice(7)} ${value(`${command.slice(7)}-name`)}`);
      const target = /^(?:put|attach)-(user|group|role)-policy$/.exec(command)?.[1];
      if (target) assert.ok(made.has(`${target} ${value(`${target}-name`)}`), `${path}: ${words.join(" ")}`);
      if (command === "add-user-to-group") assert.ok(made.has(`group ${value("group-name")}`), path);
    }
  }
});

test("what a shell gets is word for word what the scenario says", () => {
  const policy = { Version: "2012-10-17", Statement: [{ Sid: "", Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::home/${aws:username}/it's \"$(touch /tmp/x)\" `id` \\ \n!" }] };
  const text = JSON.stringify({ version: 1, title: "evil\n$(id)\nrm -rf /", accounts: { "111122223333": { name: "x\u2028\nid #", policies: { "-rf": policy, "a'; id; '": policy }, users: { ali: { tags: { "$(id)": "file:///etc/passwd", "a'b": "`id`" }, inline: { "x y": policy, ok: policy } } }, resources: { "arn:aws:s3:::$(id)": { policy }, "arn:aws:s3:::acme": { policy } } } }, organization: { policies: { "file:///etc/passwd": policy, "$(id)": policy }, root: { scps: ["file:///etc/passwd", "$(id)"], units: { "`id`": {}, "http://169.254.169.254/": {} } } } });
  const calls = run(commands(text).text);
  const documents = calls.filter((c) => c[1] === "create-policy" && c[0] === "iam").map((c) => c[c.indexOf("--policy-document") + 1]!);
  assert.deepEqual(documents.map((d) => JSON.parse(d)), [policy]);
  assert.ok(calls[2] && calls.some((c) => c.includes("--policy-name=-rf")));
  const user = calls.find((c) => c[1] === "create-user")!;
  assert.deepEqual(JSON.parse(user[user.indexOf("--tags") + 1]!), [{ Key: "$(id)", Value: "file:///etc/passwd" }, { Key: "a'b", Value: "`id`" }]);
  assert.deepEqual(calls.filter((c) => c[1] === "create-organizational-unit").map((c) => c[c.indexOf("--name") + 1]), ["`id`"]);
  assert.ok(calls.every((c) => c.every((word) => !/^(file|http)/.test(word))));
  assert.deepEqual(calls.filter((c) => c[1] === "create-bucket").map((c) => c.at(-1)), ["acme"]);
  assert.deepEqual([...new Set(calls.map((c) => c[0]))].sort(), ["iam", "organizations", "s3api"]);
});

test("words are quoted only where a shell needs it, and comments end with their line", () => {
  assert.equal(shell("ReadReports"), "ReadReports");
  assert.equal(shell("it's"), `'it'\\''s'`);
  assert.equal(shell("-rf"), "'-rf'");
  assert.equal(shell(""), "''");
  assert.equal(comment("a\nid\r\u2028id"), "# a id id");
});

test("Terraform takes every text of a policy as it is: its own expressions are escaped", () => {
  assert.equal(literal("${aws:username} %{if} $${x}"), "$${aws:username} %%{if} $$${x}");
  for (const path of everyScenario) {
    const made = terraform(scenario(path));
    const root = JSON.parse(made.text) as { resource?: Record<string, Record<string, Record<string, unknown>>> };
    const addresses = new Set(Object.entries(root.resource ?? {}).flatMap(([type, list]) => Object.keys(list).map((label) => `${type}.${label}`)));
    const check = (value: unknown): void => {
      if (typeof value === "string") for (const [, dollars, inside] of value.matchAll(/(\$+)\{([^}]*)\}/g)) {
        if (dollars!.length % 2 === 0) continue;
        const address = /^(aws_[a-z0-9_]+\.[A-Za-z0-9_-]+)\.(arn|id|name|url)$/.exec(inside!)?.[1];
        assert.ok(inside === "data.aws_organizations_organization.this.roots[0].id" || (address && addresses.has(address)), `${path}: ${inside}`);
      } else if (typeof value === "object" && value) Object.values(value).forEach(check);
    };
    check(root);
  }
});

test("policies come out of Terraform as they went in", () => {
  const root = JSON.parse(terraform(scenario("basics/policy-variables")).text) as { resource: Record<string, Record<string, { policy: string }>> };
  const written = Object.entries(root.resource).filter(([type]) => /_policy$/.test(type)).flatMap(([, list]) => Object.values(list).map((r) => r.policy));
  assert.ok(written.some((text) => text.includes("$${aws:username}")));
  for (const text of written) assert.ok(scenario("basics/policy-variables").replaceAll(/\s/g, "").includes(text.replaceAll("$${", "${").replaceAll(/\s/g, "")), text);
});

test("a request becomes the simulator's input, which the importer reads back to the same request", () => {
  const text = scenario("basics/explicit-deny-wins");
  const requests = (JSON.parse(text) as { requests: { principal: string; action: string; resource: string }[] }).requests;
  requests.forEach((r, i) => {
    const made = simulator(text, i, [{ key: "aws:SourceIp", values: ["203.0.113.7"], multi: false, origin: "typed" }, { key: "aws:TagKeys", values: ["a", "b"], multi: true, origin: "typed" }, { key: "aws:MultiFactorAuthPresent", values: ["true"], multi: false, origin: "derived" }, { key: "aws:Gone", values: [], multi: false, origin: "absent" }], none);
    const input = JSON.parse(made.input) as Record<string, unknown>;
    assert.deepEqual(input["ContextEntries"], [
      { ContextKeyName: "aws:SourceIp", ContextKeyValues: ["203.0.113.7"], ContextKeyType: "ip" },
      { ContextKeyName: "aws:TagKeys", ContextKeyValues: ["a", "b"], ContextKeyType: "stringList" },
      { ContextKeyName: "aws:MultiFactorAuthPresent", ContextKeyValues: ["true"], ContextKeyType: "boolean" },
    ]);
    assert.deepEqual(input["ActionNames"], [r.action]);
    const back = JSON.parse(importText(made.input).text) as typeof requests & { requests: typeof requests };
    assert.deepEqual([back.requests[0]!.principal, back.requests[0]!.action, back.requests[0]!.resource], [r.principal, r.action, r.resource]);
    assert.deepEqual(made.left, []);
    assert.match(made.text, /^cat > simulation\.json <<'END_OF_SIMULATION'\n\{[^]*\n\}\nEND_OF_SIMULATION\naws iam simulate-custom-policy --cli-input-json file:\/\/simulation\.json /);
  });
});

test("what AWS's simulator cannot express is named, request by request", () => {
  for (const [path, request, reason] of [
    ["organizations/every-level-must-allow", 0, /service control policies/],
    ["organizations/a-data-perimeter-with-an-rcp", 0, /resource control policies/],
    ["cross-account/both-sides-must-allow", 0, /both sides must allow/],
    ["cross-account/role-chain-into-another-account", 1, /the trust policy of the role/],
    ["tutorials/permission-ceilings", 0, /^$/],
    ["resource-policies/anonymous-reads", 0, /an anonymous caller/],
    ["special/vpc-endpoint-policy", 0, /the VPC endpoint vpce-/],
    ["special/pass-role-the-second-check", 0, /the further check of iam:PassRole/],
    ["unknown/whether-mfa-was-used", 0, /the value of .* is unknown/],
    ["basics/root-user", 0, /the root user/],
    ["resource-policies/kms-key-policy-is-the-root-of-trust", 0, /the resource-based policy of arn:aws:kms/],
  ] as [string, number, RegExp][]) assert.match(simulator(scenario(path), request, [], none).left.join("\n"), reason, path);
});

test("Block Public Access, root access and ABAC are exported, and what an export lacks is named", () => {
  const rooted = scenario("special/a-root-session-for-one-task");
  const blocked = JSON.stringify({
    version: 1,
    organization: { root: { s3PublicAccessBlock: "all" } },
    accounts: { "111122223333": { publicAccessBlock: { restrictPublicBuckets: true }, resources: { "arn:aws:s3:::acme": { region: "eu-west-1", abac: true, publicAccessBlock: { blockPublicAcls: true } } } } },
    requests: [{ name: "a", principal: "anonymous", action: "s3:GetObject", resource: "arn:aws:s3:::acme/x" }],
  });
  const calls = run(commands(blocked).text).map((call) => call.join(" "));
  for (const call of [
    "s3control put-public-access-block --account-id 111122223333 --public-access-block-configuration BlockPublicAcls=false,IgnorePublicAcls=false,BlockPublicPolicy=false,RestrictPublicBuckets=true",
    "s3api create-bucket --bucket acme --region eu-west-1 --create-bucket-configuration LocationConstraint=eu-west-1",
    "s3api put-public-access-block --bucket acme --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=false,BlockPublicPolicy=false,RestrictPublicBuckets=false",
    "s3api put-bucket-abac --bucket acme --abac-status Status=Enabled",
  ]) assert.ok(calls.includes(call), call);
  const made = JSON.parse(terraform(blocked).text).resource;
  assert.equal(made.aws_s3_account_public_access_block.this.restrict_public_buckets, true);
  assert.equal(made.aws_s3_bucket_public_access_block.acme.block_public_acls, true);
  for (const left of [commands(blocked).left, terraform(blocked).left]) assert.match(left.join("\n"), /the organization's S3 policy of "root"/);
  assert.match(terraform(blocked).left.join("\n"), /ABAC/);
  assert.match(simulator(blocked, 0, [], none).left.join("\n"), /S3 Block Public Access/);
  const rootCalls = run(commands(rooted).text).map((call) => call.join(" "));
  assert.ok(rootCalls.includes("iam enable-organizations-root-sessions") && rootCalls.some((call) => call.startsWith("organizations register-delegated-administrator --account-id ")));
  assert.ok(JSON.parse(terraform(rooted).text).resource.aws_iam_organizations_features);
});

test("nothing that is broken, empty or hostile stops an export", () => {
  for (const text of ["", "{", "[]", "null", '{"version": 1}', '{"accounts": {"x": []}}', '{"accounts": {"111122223333": {"users": {"__proto__": {"policies": ["__proto__"], "inline": 3}}, "roles": 1}}, "requests": [1, {}]}']) {
    assert.match(commands(text).text, /^#!\/bin\/sh\n/);
    assert.equal(typeof JSON.parse(terraform(text).text), "object");
    for (const request of [0, 1, -1]) assert.ok(simulator(text, request, [], none).left.length > 0, text);
  }
});
