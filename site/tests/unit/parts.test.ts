import assert from "node:assert/strict";
import { test } from "node:test";
import { commands } from "../../src/export/commands.ts";
import { simulator } from "../../src/export/simulator.ts";
import { terraform } from "../../src/export/terraform.ts";
import { conditionElement, conditions, principalElement, principals } from "../../src/ui/statement.ts";
import { list, partWords, relist, unknownPart } from "../../src/ui/values.ts";

const part = { unknown: "a parameter", like: "s3:Get*" };

test("a form keeps the unknown parts of what it edits", () => {
  assert.deepEqual(relist(["s3:PutObject", part], [...list(["s3:PutObject", part]), "s3:ListBucket"]), ["s3:PutObject", part, "s3:ListBucket"]);
  assert.deepEqual(relist(part, list(part)), part);
  const condition = { StringEquals: { "aws:username": ["ali", part] }, Bool: { "aws:SecureTransport": { unknown: "a parameter" } } };
  assert.deepEqual(conditionElement(conditions(condition)), condition);
  for (const principal of [part, { AWS: ["111122223333", part], Service: part }]) assert.deepEqual(principalElement(principals(principal)), principal);
});

test("an unknown part is shown in words", () => {
  assert.equal(partWords(unknownPart(list(part)[0]!)!), "unknown: a parameter (like s3:Get*)");
  assert.equal(unknownPart("s3:GetObject"), null);
  assert.equal(unknownPart('{"a":1}'), null);
});

test("exports leave out policies with unknown parts, and say so", () => {
  const policy = (statement: object) => ({ Version: "2012-10-17", Statement: [statement] });
  const text = JSON.stringify({
    version: 1,
    accounts: {
      "111122223333": {
        policies: { P: policy({ Effect: "Allow", Action: "s3:GetObject", Resource: { unknown: "the bucket's name" } }) },
        users: { ali: { policies: ["P"], inline: { Q: policy({ unknown: "made by a macro" }) } } },
        resources: {
          "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s": { policy: policy({ Effect: "Allow", Principal: { AWS: { unknown: "who" } }, Action: "*", Resource: "*" }) },
        },
      },
    },
    requests: [{ name: "r", principal: "arn:aws:iam::111122223333:user/ali", action: "s3:GetObject", resource: "arn:aws:s3:::a/b" }],
  });
  for (const made of [commands(text), terraform(text), simulator(text, 0, [], () => undefined)]) {
    assert.doesNotMatch(made.text, /the bucket's name|macro|"who"/);
    assert.match(made.left.join("\n"), /"Q"/);
    assert.match(made.left.join("\n"), /"P"|a policy of the user "ali" that is unknown/);
  }
  assert.match(commands(text).left.join("\n"), /the policy of arn:aws:secretsmanager\S+, which is unknown/);
});
