import type { Node } from "./json.ts";

/** Value is what is written: plain values, maps for objects, and values that were read, which stay as they are. */
export type Value = string | number | boolean | null | readonly Value[] | ReadonlyMap<string, Value> | Node;

/** Fields is an object that is being put together. */
export type Fields = Map<string, Value>;

/** columns is how wide a list may be to stay on one line: as `iamplay fmt` has it. */
const columns = 88;

/** object makes an object of the members that are there. */
export function object(...members: [string, Value | undefined][]): Fields {
  return new Map(members.filter((m): m is [string, Value] => m[1] !== undefined));
}

const isMap = (v: Value): v is ReadonlyMap<string, Value> => v instanceof Map;
const isList = (v: Value): v is readonly Value[] => Array.isArray(v);

function scalar(value: Value): string | null {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isMap(value) || isList(value)) return null;
  if (value.type === "string") return JSON.stringify(value.value);
  if (value.type === "number") return value.raw;
  if (value.type === "boolean") return String(value.value);
  return value.type === "null" ? "null" : null;
}

/** entries lists the members of an object; null for anything else. */
export function entries(value: Value): [string, Value][] | null {
  if (value === null || typeof value !== "object" || isList(value)) return null;
  if (isMap(value)) return [...value];
  return value.type === "object" ? value.members.map((m) => [m.key, m.value]) : null;
}

/** write writes a value as a careful author would: lists of words on one line when they fit, objects line by line. */
export function write(value: Value, indent = ""): string {
  const word = scalar(value);
  if (word !== null) return word;
  const inner = indent + "  ";
  const named = entries(value);
  if (named) {
    if (named.length === 0) return "{}";
    return "{\n" + named.map(([k, v]) => `${inner}${JSON.stringify(k)}: ${write(v, inner)}`).join(",\n") + `\n${indent}}`;
  }
  const list = isList(value) ? value : (value as Node & { type: "array" }).items;
  if (list.length === 0) return "[]";
  const words = list.map(scalar);
  if (words.every((w) => w !== null)) {
    const line = `[${words.join(", ")}]`;
    if (indent.length + [...line].length <= columns) return line;
  }
  return "[\n" + list.map((v) => inner + write(v, inner)).join(",\n") + `\n${indent}]`;
}
