import type { Pointer } from "../contract/report.ts";
import type { Edit, Json } from "../ui/types.ts";
import { find, join, lastToken, parentOf, parse, type Node } from "./tree.ts";

interface Style {
  unit: string;
  eol: string;
}

const width = 88;

/** style reads from a text how it is indented and how its lines end. Text without lines gives two spaces. */
export function style(text: string): Style {
  return { unit: /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ", eol: text.includes("\r\n") ? "\r\n" : "\n" };
}

function scalar(value: Json): boolean {
  return value === null || typeof value !== "object";
}

function flat(value: Json): string {
  if (Array.isArray(value)) return "[" + value.map(flat).join(", ") + "]";
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inside = Object.entries(value).map(([k, v]) => JSON.stringify(k) + ": " + flat(v));
  return inside.length ? "{ " + inside.join(", ") + " }" : "{}";
}

/** print writes a value as a careful author would: lists of words on one line when they fit, objects line by line. */
export function print(value: Json, indent: string, { unit, eol }: Style): string {
  if (scalar(value)) return JSON.stringify(value);
  const inner = indent + unit;
  if (Array.isArray(value)) {
    const line = flat(value);
    if (value.length === 0 || (value.every(scalar) && indent.length + line.length <= width)) return line;
    return "[" + eol + value.map((v) => inner + print(v, inner, { unit, eol })).join("," + eol) + eol + indent + "]";
  }
  const entries = Object.entries(value as { [k: string]: Json });
  if (entries.length === 0) return "{}";
  return "{" + eol + entries.map(([k, v]) => inner + JSON.stringify(k) + ": " + print(v, inner, { unit, eol })).join("," + eol) + eol + indent + "}";
}

function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

function replace(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** insert puts a child after the last one of an object or array. Lists on one line stay on one line when the child is a scalar. */
function insert(text: string, into: Node, key: string | null, value: Json): string {
  const s = style(text);
  const end = into.offset + into.length;
  const oneLine = !text.slice(into.offset, end).includes("\n");
  const indent = indentAt(text, into.offset);
  const inner = indent + s.unit;
  const child = (at: string) => (key === null ? "" : JSON.stringify(key) + ": ") + print(value, at, s);
  const last = into.children?.at(-1);
  const [open, close] = into.type === "array" ? ["[", "]"] : ["{", "}"];
  if (!last) {
    const inline = into.type === "array" && scalar(value);
    return replace(text, into.offset, end, inline ? open + child(indent) + close : open + s.eol + inner + child(inner) + s.eol + indent + close);
  }
  const after = last.offset + last.length;
  if (oneLine) return replace(text, after, after, ", " + child(indent));
  const at = indentAt(text, last.offset);
  return replace(text, after, after, "," + s.eol + at + child(at));
}

function set(text: string, pointer: Pointer, value: Json): string {
  const root = parse(text);
  const node = find(root, pointer);
  if (node) return replace(text, node.offset, node.offset + node.length, print(value, indentAt(text, node.offset), style(text)));
  const parent = parentOf(pointer);
  const holder = find(root, parent);
  const key = lastToken(pointer);
  if (holder?.type === "array") return insert(text, holder, null, value);
  if (holder?.type === "object") return insert(text, holder, key, value);
  return pointer === "" ? print(value, "", style(text)) : set(text, parent, { [key]: value });
}

function remove(text: string, pointer: Pointer): string {
  const node = find(parse(text), pointer);
  if (!node?.parent) return text;
  const child = node.parent.type === "property" ? node.parent : node;
  const holder = child.parent!;
  const siblings = holder.children ?? [];
  const index = siblings.indexOf(child);
  const next = siblings[index + 1];
  const before = siblings[index - 1];
  if (next) return replace(text, child.offset, next.offset, "");
  if (before) return replace(text, before.offset + before.length, child.offset + child.length, "");
  return replace(text, holder.offset, holder.offset + holder.length, holder.type === "array" ? "[]" : "{}");
}

function rename(text: string, pointer: Pointer, key: string): string {
  const node = find(parse(text), pointer);
  const name = node?.parent?.type === "property" ? node.parent.children?.[0] : undefined;
  return name ? replace(text, name.offset, name.offset + name.length, JSON.stringify(key)) : text;
}

/** apply makes the edits one after the other; all text that they do not name stays byte for byte. An edit of something that is not there adds it, a removal of it does nothing. */
export function apply(text: string, edits: Edit[]): string {
  for (const edit of edits) {
    if (edit.op === "set") text = set(text, edit.pointer, edit.value);
    else if (edit.op === "remove") text = remove(text, edit.pointer);
    else if (edit.op === "rename") text = rename(text, edit.pointer, edit.key);
    else {
      const list = find(parse(text), edit.pointer);
      text = list?.type === "array" ? set(text, join(edit.pointer, list.children?.length ?? 0), edit.value) : set(text, edit.pointer, [edit.value]);
    }
  }
  return text;
}
