import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { laidOut, mended } from "../../src/state/layout.ts";

const top = new URL("../../..", import.meta.url).pathname;
const scenarios = readdirSync(join(top, "scenarios"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".json") && path !== "broken/broken-json.json")
  .sort();

test("the page lays a document out as the command line does", () => {
  const folder = mkdtempSync(join(tmpdir(), "layout-"));
  try {
    execFileSync("go", ["build", "-o", join(folder, "iamplay"), "./scripts/iamplay"], { cwd: top });
    for (const path of scenarios) {
      const text = readFileSync(join(top, "scenarios", path), "utf8");
      const want = execFileSync(join(folder, "iamplay"), ["fmt", "-"], { input: text, encoding: "utf8" });
      assert.equal(laidOut(text), want, path);
      assert.equal(laidOut(want), want, path);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("laying out keeps every token, and what is no JSON as it is", () => {
  assert.equal(laidOut('{"2":1.50,"1":[],"1":{"__proto__":[1,"\\u00e9"]},"a":[[1],{}]}'), '{\n  "2": 1.50,\n  "1": [],\n  "1": {\n    "__proto__": [1, "\\u00e9"]\n  },\n  "a": [\n    [1],\n    {}\n  ]\n}\n');
  for (const text of ["", "{", '{"a": 1,}', "// no"]) assert.equal(laidOut(text), text);
});

test("the beginning of a JSON text is mended wherever it is cut", () => {
  const text = '{"a": [1, {"b": "x]},\\"["}, true], "c": {"d": null}}';
  for (let n = 1; n <= text.length; n++) assert.doesNotThrow(() => JSON.parse(mended(text.slice(0, n))), `cut after ${n}`);
  assert.equal(mended(text), text);
  assert.equal(mended(text.slice(0, 31)), '{"a": [1, {"b": "x]},\\"["}]}');
  assert.equal(mended(""), "");
  assert.equal(mended('{"a" 1, "b": [2'), "");
});
