import assert from "node:assert/strict";
import { test } from "node:test";
import { asked, hello, limits, meter } from "../../src/embed/contract.ts";
import { isPhrase, parsePhrase, scenarioAround } from "../../src/embed/phrase.ts";
import { pretty } from "../../src/embed/pretty.ts";
import { readTrace } from "../../src/embed/trace.ts";

const policy = '{\n  "Version": "2012-10-17",\n  "Statement": { "Effect": "Allow", "Action": "s3:*", "Resource": "*" }\n}';
const around = (request: string, text = policy) => JSON.parse(scenarioAround(text, parsePhrase(request)));

test("a request in words has who, do and on, and a context after with", () => {
  assert.deepEqual(parsePhrase("who=ali do=s3:GetObject on=b/k.csv"), { who: "ali", do: "s3:GetObject", on: "b/k.csv", context: [] });
  assert.deepEqual(parsePhrase(`on="b/a key" do='s3:GetObject' who=ali with aws:SourceIp=203.0.113.7 and a="b c" with a=d`).context, [["aws:SourceIp", "203.0.113.7"], ["a", "b c"], ["a", "d"]]);
  assert.equal(parsePhrase('on="b/a key" do=s3:GetObject who=ali').on, "b/a key");
  for (const request of ["who=ali do=x:y on=*", "do=s3:GetObject", " on = x"]) assert.ok(isPhrase(request));
  for (const request of ["Ali reads", "3", "who knows", ""]) assert.ok(!isPhrase(request));
});

test("a request in words that cannot be read says what was found and expected", () => {
  for (const [request, said] of Object.entries({
    "who=ali do=s3:GetObject": /found no on=/,
    "who=ali do=GetObject on=b": /found do="GetObject"/,
    "who=ali do=sqs:SendMessage on=queue": /found on="queue", expected an ARN/,
    "who=ali who=bea do=s3:GetObject on=b": /found who= twice/,
    "who=ali what do=s3:GetObject on=b": /found "what"/,
    "who=ali do=s3:GetObject on=b aws:SourceIp=1": /found "aws:SourceIp".*with/,
    'who="ali do=s3:GetObject on=b': /found/,
  }))
    assert.throws(() => parsePhrase(request), said, request);
  assert.throws(() => around("who=ali do=s3:GetObject on=b", "nonsense"), /is no JSON/);
  assert.throws(() => around("who=ali do=s3:GetObject on=b", "[]"), /holds no Statement/);
  assert.throws(() => around("who=anonymous do=s3:GetObject on=b"), /found who="anonymous"/);
});

test("a policy belongs to the caller, or to the resource when it names principals", () => {
  assert.equal(around("who=ali do=s3:GetObject on=b/k").accounts["111122223333"].users.ali.inline.policy.Version, "2012-10-17");
  assert.deepEqual(Object.keys(around("who=ali do=s3:GetObject on=b/k").accounts["111122223333"].resources), ["arn:aws:s3:::b"]);
  const session = around("who=arn:aws:sts::444455556666:assumed-role/Reader/s do=s3:GetObject on=b/k");
  assert.ok(session.accounts["444455556666"].roles.Reader.inline.policy);
  const user = around("who=arn:aws:iam::444455556666:user/team/bea do=s3:GetObject on=*");
  assert.equal(user.accounts["444455556666"].users.bea.path, "/team/");
  assert.equal(user.requests[0].principal, "arn:aws:iam::444455556666:user/team/bea");
  const named = policy.replace('"Effect"', '"Principal": "*", "Effect"');
  assert.ok(around("who=anonymous do=s3:GetObject on=b/k", named).accounts["111122223333"].resources["arn:aws:s3:::b"].policy);
  assert.deepEqual(around("who=ali do=s3:GetObject on=b/k", named).accounts["111122223333"].users.ali, {});
  assert.ok(around("who=ali do=sts:AssumeRole on=arn:aws:iam::111122223333:role/R", named).accounts["111122223333"].roles.R.trust);
});

test("the policy's text stays as it was written, and what looks like the program's own mark does, too", () => {
  const odd = policy.replace('"s3:*"', () => '["\\u0000policy", "$&"]');
  const scenario = scenarioAround(odd, parsePhrase('who="policy" do=s3:GetObject on=b'));
  assert.ok(scenario.includes('"Statement": { "Effect": "Allow", "Action": ["\\u0000policy", "$&"], "Resource": "*" }'));
  JSON.parse(scenario);
});

test("JSON laid out says the same, and keeps what stands twice", () => {
  const text = '{"a":[1,2,{"b":[]}],"a":{},"__proto__":{"x":"[{,:}]\\""},"long":["' + "x".repeat(50) + '","' + "y".repeat(50) + '"],"short":["a","b"]}';
  assert.equal(pretty(text).replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1"), text);
  assert.ok(pretty(text).includes('"short": ["a", "b"]'));
  assert.equal(pretty("{}"), "{}\n");
});

test("messages of the contract are read by their form, and nothing else is", () => {
  assert.equal(hello({ iam: 1, type: "hello", nonce: "x" }), "x");
  for (const data of [null, "hello", 1, [], { iam: 2, type: "hello", nonce: "x" }, { iam: "1", type: "hello", nonce: "x" }, { iam: 1, type: "hello", nonce: 1 }, { iam: 1, type: "hello", nonce: "x".repeat(limits.nonce + 1) }]) assert.equal(hello(data), null);
  assert.deepEqual(asked({ iam: 1, type: "set-request", request: "r", more: 1 }), { iam: 1, type: "set-request", request: "r" });
  assert.deepEqual(asked({ iam: 1, type: "reset" }), { iam: 1, type: "reset" });
  for (const data of [undefined, { type: "reset" }, { iam: 1, type: "evaluate" }, { iam: 1, type: "__proto__" }, { iam: 1, type: "set-theme", theme: "blue" }, { iam: 1, type: "set-lang", lang: "<b>" }, { iam: 1, type: "set-request", request: {} }, { iam: 1, type: "set-request", request: "x".repeat(limits.characters + 1) }]) assert.equal(asked(data), null);
});

test("more messages than the limit are cut off until the period is over", () => {
  let now = 0;
  const may = meter(() => now);
  const count = () => Array.from({ length: 100 }, may).filter(Boolean).length;
  assert.equal(count(), limits.messages);
  now = limits.period - 1;
  assert.equal(count(), 0);
  now = limits.period;
  assert.equal(count(), limits.messages);
});

test("a trace is told from a scenario, and one that cannot be used is refused", () => {
  assert.equal(readTrace('{"version": 1}'), null);
  assert.equal(readTrace("not json"), null);
  assert.throws(() => readTrace('{"trace": 2}'), /version 2/);
  assert.throws(() => readTrace('{"trace": 1, "scenario": "{}", "evaluate": {"requests": [{}]}, "explain": []}'), /answers missing/);
});
