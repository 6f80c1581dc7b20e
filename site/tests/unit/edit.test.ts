import assert from "node:assert/strict";
import { test } from "node:test";
import { apply, print } from "../../src/state/edit.ts";
import { Lines } from "../../src/state/lines.ts";
import { Slice } from "../../src/state/slice.ts";
import { find, parse, pointerAt, syntaxError } from "../../src/state/tree.ts";
import type { Edit } from "../../src/ui/types.ts";

const cases: { rule: string; text: string; edits: Edit[]; want: string }[] = [
  { rule: "a value is replaced where it stands", text: '{ "a" : 1 ,"b":2}', edits: [{ op: "set", pointer: "/a", value: "x" }], want: '{ "a" : "x" ,"b":2}' },
  { rule: "a member goes after the last, on a line of its own", text: '{\n  "a": 1\n}', edits: [{ op: "set", pointer: "/b", value: [1, 2] }], want: '{\n  "a": 1,\n  "b": [1, 2]\n}' },
  { rule: "missing parents are made", text: "{}", edits: [{ op: "set", pointer: "/a/b", value: true }], want: '{\n  "a": {\n    "b": true\n  }\n}' },
  { rule: "a list on one line stays on one line", text: '{"a": ["x"]}', edits: [{ op: "append", pointer: "/a", value: "y" }], want: '{"a": ["x", "y"]}' },
  { rule: "appending makes the list", text: '{\n\t"a": 1\n}', edits: [{ op: "append", pointer: "/l", value: "y" }], want: '{\n\t"a": 1,\n\t"l": ["y"]\n}' },
  { rule: "the first member takes its comma along", text: '{\n  "a": 1,\n  "b": 2\n}', edits: [{ op: "remove", pointer: "/a" }], want: '{\n  "b": 2\n}' },
  { rule: "the last member takes the comma before it", text: '{\n  "a": 1,\n  "b": 2\n}', edits: [{ op: "remove", pointer: "/b" }], want: '{\n  "a": 1\n}' },
  { rule: "the only item leaves an empty list", text: '{"a": [ 1 ]}', edits: [{ op: "remove", pointer: "/a/0" }], want: '{"a": []}' },
  { rule: "removing nothing changes nothing", text: '{"a": 1}', edits: [{ op: "remove", pointer: "/z" }], want: '{"a": 1}' },
  { rule: "a key is renamed, its value untouched", text: '{"a" :  [ 1,2]}', edits: [{ op: "rename", pointer: "/a", key: 'b"' }], want: '{"b\\"" :  [ 1,2]}' },
  { rule: "slashes in keys are escaped in pointers", text: '{"a/b": {"~": 1}}', edits: [{ op: "set", pointer: "/a~1b/~0", value: 2 }], want: '{"a/b": {"~": 2}}' },
  { rule: "line ends stay as they are", text: '{\r\n  "a": 1\r\n}', edits: [{ op: "set", pointer: "/b", value: 2 }], want: '{\r\n  "a": 1,\r\n  "b": 2\r\n}' },
  { rule: "__proto__ is a key like any other", text: '{"__proto__": {"a": 1}}', edits: [{ op: "set", pointer: "/__proto__/a", value: 2 }], want: '{"__proto__": {"a": 2}}' },
];
for (const { rule, text, edits, want } of cases) test(rule, () => assert.equal(apply(text, edits), want));

test("long lists are broken, objects always", () => {
  const s = { unit: "  ", eol: "\n" };
  assert.equal(print({ a: [], b: {}, c: ["x"] }, "", s), '{\n  "a": [],\n  "b": {},\n  "c": ["x"]\n}');
  assert.match(print(Array.from({ length: 30 }, () => "s3:GetObject"), "", s), /^\[\n {2}"s3:GetObject",\n/);
});

const scenario = '{\n  "p": {\n    "P1": {\n      "A": "é😀",\n      "B": [\n        1\n      ]\n    }\n  }\n}\n';
const slice = () => Slice.of(scenario, find(parse(scenario), "/p/P1")!);

test("a slice is dedented", () => assert.equal(slice().text, '{\n  "A": "é😀",\n  "B": [\n    1\n  ]\n}'));
test("an unchanged slice gives the same scenario back", () => assert.equal(slice().splice(slice().text), scenario));
test("every offset of a slice goes to the scenario and back", () => {
  const s = slice();
  for (let i = 0; i <= s.text.length; i++) {
    const full = s.toFull(i);
    if (i < s.text.length && s.text[i] !== "\n") assert.equal(scenario[full], s.text[i]);
    assert.deepEqual(s.toView({ start: full, end: full }), { start: i, end: i });
  }
});
test("what lies outside a slice has no place in it", () => assert.equal(slice().toView({ start: 0, end: 1 }), null));
test("a slice with other line ends keeps them", () => {
  const text = scenario.replaceAll("\n", "\r\n");
  const s = Slice.of(text, find(parse(text), "/p/P1")!);
  assert.equal(s.text, slice().text);
  assert.equal(s.splice(s.text), text);
});

test("lines are found for every offset", () => {
  const lines = new Lines("ab\n\nc");
  assert.deepEqual([0, 2, 3, 4, 5, 99].map((o) => lines.position(o)), [
    { line: 0, column: 0 }, { line: 0, column: 2 }, { line: 1, column: 0 }, { line: 2, column: 0 }, { line: 2, column: 1 }, { line: 2, column: 1 },
  ]);
  assert.equal(lines.offset(0, 99), 2);
});

test("the innermost value holds the cursor", () => {
  const root = parse(scenario);
  assert.equal(pointerAt(root, scenario.indexOf("1\n")), "/p/P1/B/0");
  assert.equal(pointerAt(root, scenario.indexOf('"A"')), "/p/P1/A");
});

test("a syntax error is where reading stops", () => {
  assert.equal(syntaxError(scenario), null);
  assert.equal(new Lines('{\n  "a": 1\n  "b": 2\n}').position(syntaxError('{\n  "a": 1\n  "b": 2\n}')!.offset).line, 2);
  assert.equal(syntaxError("")?.offset, 0);
});
