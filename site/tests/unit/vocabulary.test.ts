import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "../../src/contract/author.ts";
import { covers, fields, filled, known, prefixes, touched } from "../../src/ui/vocabulary.ts";

test("a written action covers what IAM says it does, in any case", () => {
  for (const [written, action, want] of [
    ["*", "s3:GetObject", true],
    ["s3:*", "s3:GetObject", true],
    ["S3:getobject", "s3:GetObject", true],
    ["s3:Get*", "s3:GetObject", true],
    ["s3:Get*Acl", "s3:GetObjectVersionAcl", true],
    ["s3:*Object*Acl", "s3:GetObjectAclObjectAcl", true],
    ["s3:GetObjec?", "s3:GetObject", true],
    ["s3:GetObject?", "s3:GetObject", false],
    ["s3:Get*", "s3:PutObject", false],
    ["s3:Get", "s3:GetObject", false],
    ["ec2:*", "s3:GetObject", false],
    ["", "s3:GetObject", false],
  ] as const) assert.equal(covers(written, action), want, `${written} and ${action}`);
});

test("a pattern of many wildcards ends", () => assert.equal(covers(`s3:${"*a".repeat(2000)}b`, `s3:${"a".repeat(2000)}`), false));

const service: Service = {
  prefix: "s3",
  name: "Amazon S3",
  actions: [
    { name: "GetObject", level: "Read", permissionOnly: false, resources: [{ type: "object", required: true }], keys: ["s3:authType"], dependent: [] },
    { name: "ListAllMyBuckets", level: "List", permissionOnly: false, resources: [], keys: [], dependent: [] },
  ],
  resourceTypes: [
    { name: "object", arn: "arn:${Partition}:s3:::${BucketName}/${KeyName}", keys: ["s3:ExistingObjectTag/${TagKey}"] },
    { name: "bucket", arn: "arn:${Partition}:s3:::${BucketName}", keys: [] },
  ],
  keys: ["s3:ExistingObjectTag/${TagKey}", "s3:authType", "s3:prefix"].map((name) => ({ name, type: "String", multi: false })),
};

test("the resource types and keys of a statement are those of the actions that it covers", () => {
  assert.deepEqual(touched(service, ["s3:Get*"]).types.map((t) => t.name), ["object"]);
  assert.equal(touched(service, ["s3:Get*"]).star, false);
  assert.equal(touched(service, ["s3:*"]).star, true);
  assert.deepEqual(known(service, ["s3:GetObject"]).map((k) => k.name), ["s3:ExistingObjectTag/${TagKey}", "s3:authType"]);
  assert.deepEqual(known(service, ["s3:ListAllMyBuckets"]), []);
  assert.deepEqual(prefixes(["S3:Get*", "*", "ec2:RunInstances", "s3:PutObject"]), ["s3", "ec2"]);
});

test("an ARN is composed of its parts, and a part without a value is any", () => {
  const format = service.resourceTypes[0]!.arn;
  assert.deepEqual(fields(format), ["BucketName", "KeyName"]);
  assert.equal(filled(format, { BucketName: "acme-reports" }), "arn:aws:s3:::acme-reports/*");
});
