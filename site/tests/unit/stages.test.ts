import assert from "node:assert/strict";
import { test } from "node:test";
import type { Stage } from "../../src/contract/report.ts";
import { document as policy } from "../../src/export/scenario.ts";
import { read } from "../../src/import/json.ts";
import { place } from "../../src/state/place.ts";
import { keyed, rows } from "../../src/ui/stages.ts";
import { shownValues, wording } from "../../src/ui/words.ts";

const stage = (id: Stage["id"], title: string, lane: Stage["lane"], nothing: boolean): Stage => ({
  id, title, lane, nothing, denies: false, state: nothing ? "notApplicable" : "passed", word: "", reason: "", text: "", page: "", rule: "", statements: [], policies: [],
});

test("neighbours of which nothing is attached are one row, on the lane that they share", () => {
  const list = [
    stage("explicitDeny", "Explicit deny", "both", false),
    stage("rcp", "Resource control policies", "owner", true),
    stage("scp", "Service control policies", "caller", true),
    stage("vpce", "VPC endpoint policy", "caller", true),
    stage("identity", "Identity-based policies", "caller", false),
    stage("boundary", "Permissions boundary", "caller", true),
    stage("resource", "Resource-based policy", "owner", false),
  ];
  assert.deepEqual(rows(list).map((row) => [row.stage.title, row.stage.text, row.stage.lane, row.folded.length]), [
    ["Explicit deny", "", "both", 0],
    ["Nothing attached", "Resource control policies, service control policies, VPC endpoint policy", "both", 3],
    ["Identity-based policies", "", "caller", 0],
    ["Permissions boundary", "", "caller", 0],
    ["Resource-based policy", "", "owner", 0],
  ]);
});

test("rows of several rules of one service have keys of their own, which do not move with what stands before them", () => {
  const service = stage("service", "AWS service", "both", false);
  assert.deepEqual(keyed(rows([service, stage("scp", "Service control policies", "caller", false), service])).map((row) => row.key), ["service", "scp", "service 2"]);
});

test("a step whose own Deny decided is no step that passed", () => {
  assert.equal(wording({ state: "notReached", denies: true }).word, "denies");
  assert.equal(wording({ state: "passed", denies: false }).word, "passed");
});

test("empty values can be seen", () => {
  assert.equal(shownValues([""], false), '""');
  assert.equal(shownValues(["a", " "], true), '[a, " "]');
});

test("the document of an organization's policy with an ID is that policy", () => {
  const inner = place("/organization/policies/Europe/policy/Statement/0");
  assert.deepEqual([inner.pointer, inner.name, inner.grammar, inner.owner], ["/organization/policies/Europe/policy", "Europe", "scp", ""]);
  assert.equal(place("/organization/policies/Europe/Statement/0").pointer, "/organization/policies/Europe");
  assert.equal(policy(read('{"id": "p-12345678", "policy": {"Version": "2012-10-17", "Statement": []}}') ?? undefined), '{"Version":"2012-10-17","Statement":[]}');
});
