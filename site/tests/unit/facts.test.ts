import assert from "node:assert/strict";
import { test } from "node:test";
import { Facts } from "../../src/state/facts.ts";
import { parse } from "../../src/state/tree.ts";

const scenario = (...actions: string[]) => JSON.stringify({ version: 1, requests: actions.map((action) => ({ action, also: [{ action: "kms:Decrypt" }] })) });

function made(answers: string[]) {
  const told: string[] = [];
  const given: string[] = [];
  const facts = new Facts(
    async (text) => (told.push(text), answers.shift() ?? ""),
    async (text) => void given.push(text),
  );
  return { told, given, follow: (text: string) => facts.follow(text, parse(text)) };
}

test("the engine is given the facts once for the same actions, in any order and case", async () => {
  const { told, given, follow } = made(["first", "second"]);
  assert.equal(await follow(scenario("s3:GetObject", "ec2:RunInstances")), true);
  assert.equal(await follow(scenario("EC2:RunInstances", "s3:GetObject", "s3:GetObject")), false);
  assert.deepEqual([told.length, given], [1, ["first"]]);
  assert.equal(await follow(scenario("s3:GetObject", "ec2:StopInstances")), true);
  assert.deepEqual(given, ["first", "second"]);
});

test("facts that could not be had are asked for again", async () => {
  const { given, follow } = made(["", "there"]);
  assert.equal(await follow(scenario("s3:GetObject")), false);
  assert.equal(await follow(scenario("s3:GetObject")), true);
  assert.deepEqual(given, ["there"]);
});

test("a scenario without requests needs none", async () => {
  const { told, follow } = made(["x"]);
  assert.equal(await follow('{"version": 1}'), false);
  assert.deepEqual(told, []);
});
