import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document } from "yaml";
import { Broken, maxDepth, type Member, type Node } from "./json.ts";

/** longest is how much YAML is read: twice what CloudFormation takes. */
export const longest = 2_000_000;

/** most is how many values a text may have, those that aliases repeat counted each time. */
const most = 200_000;

/** plain are the short forms of intrinsic functions whose long form has no "Fn::" before it. */
const plain: ReadonlySet<string> = new Set(["Ref", "Condition"]);

/** readYaml reads a YAML text into the same values as JSON. Tags of CloudFormation become the functions they stand for. It throws Broken. */
export function readYaml(text: string): Node {
  if (text.length > longest) throw new Broken(`found ${(text.length / 1e6).toFixed(1)} MB of YAML, expected at most ${longest / 1e6} MB; write it as JSON`, 0);
  let doc: Document;
  try {
    doc = parseDocument(text, { uniqueKeys: false, logLevel: "silent", prettyErrors: false, stringKeys: false });
  } catch (error) {
    throw new Broken(error instanceof RangeError ? `found more than ${maxDepth} levels of nesting, expected fewer` : `found YAML that cannot be read: ${error instanceof Error ? error.message : String(error)}`, 0);
  }
  const first = doc.errors[0];
  if (first) throw new Broken(`found YAML that cannot be read: ${first.message}`, first.pos[0]);
  let count = 0;

  function convert(node: unknown, depth: number, start: number): Node {
    if (++count > most) throw new Broken(`found more than ${most.toLocaleString("en")} values, aliases counted each time, expected fewer`, start);
    if (depth > maxDepth) throw new Broken(`found more than ${maxDepth} levels of nesting, expected fewer`, start);
    if (isAlias(node)) {
      const target = node.resolve(doc);
      if (!target) throw new Broken(`found the alias "${node.source}", expected an anchor of that name before it`, start);
      return convert(target, depth + 1, node.range?.[0] ?? start);
    }
    const range = (node as { range?: [number, number, number] | null } | null)?.range;
    const at = { start: range?.[0] ?? start, end: range?.[1] ?? start };
    const tag = (node as { tag?: string } | null)?.tag;
    const inner = bare(node, depth, at);
    if (!tag || !/^![A-Za-z]/.test(tag)) return inner;
    const name = tag.slice(1);
    // !GetAtt A.B is short for a list of two.
    const argument: Node = name === "GetAtt" && inner.type === "string" && inner.value.includes(".") ? { type: "array", ...at, items: [{ type: "string", ...at, value: inner.value.slice(0, inner.value.indexOf(".")) }, { type: "string", ...at, value: inner.value.slice(inner.value.indexOf(".") + 1) }] } : inner;
    return { type: "object", ...at, members: [{ key: plain.has(name) ? name : `Fn::${name}`, value: argument }] };
  }

  function bare(node: unknown, depth: number, at: { start: number; end: number }): Node {
    if (isSeq(node)) return { type: "array", ...at, items: node.items.map((item) => convert(item, depth + 1, at.start)) };
    if (isMap(node)) {
      const members: Member[] = [];
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? (typeof pair.key.value === "string" ? pair.key.value : (pair.key.source ?? String(pair.key.value))) : "";
        const value = convert(pair.value, depth + 1, at.start);
        if (key === "<<") {
          for (const from of value.type === "array" ? value.items : [value]) if (from.type === "object") members.unshift(...from.members);
        } else members.push({ key, value });
      }
      return { type: "object", ...at, members };
    }
    if (!isScalar(node) || node.value === null || node.value === undefined) return { type: "null", ...at };
    const source = node.source ?? String(node.value);
    if (typeof node.value === "boolean") return { type: "boolean", ...at, value: node.value };
    if (typeof node.value === "number" || typeof node.value === "bigint") {
      // 012345678901 is an account to its author: a number that JSON does not know stays a text.
      return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(source) ? { type: "number", ...at, raw: source } : { type: "string", ...at, value: source };
    }
    return { type: "string", ...at, value: String(node.value) };
  }

  try {
    return convert(doc.contents, 1, 0);
  } catch (error) {
    if (error instanceof RangeError) throw new Broken(`found more than ${maxDepth} levels of nesting, expected fewer`, 0);
    throw error;
  }
}
