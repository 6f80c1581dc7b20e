import { parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";
import type { Pointer } from "../contract/report.ts";
import type { Json } from "../ui/types.ts";

export type { Node };

const strict = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/** parse gives the tree of a text with positions; undefined when there is no value at all. Broken text gives what can be read. */
export function parse(text: string): Node | undefined {
  return parseTree(text, [], strict);
}

/** syntaxError gives the first place where text stops being JSON, or null when it is JSON. */
export function syntaxError(text: string): { offset: number; message: string } | null {
  try {
    JSON.parse(text);
    return null;
  } catch {
    const errors: ParseError[] = [];
    parseTree(text, errors, strict);
    const first = errors[0];
    return first ? { offset: first.offset, message: printParseErrorCode(first.error) } : { offset: text.length, message: "InvalidSymbol" };
  }
}

/** tokens splits a JSON Pointer into its decoded reference tokens. The root gives none. */
export function tokens(pointer: Pointer): string[] {
  return pointer === "" ? [] : pointer.slice(1).split("/").map((t) => t.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** escape writes one reference token of a JSON Pointer. */
export function escape(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** join appends tokens to a pointer. */
export function join(pointer: Pointer, ...more: (string | number)[]): Pointer {
  return pointer + more.map((t) => "/" + escape(String(t))).join("");
}

/** parentOf gives the pointer of what holds the pointed value. The root is its own parent. */
export function parentOf(pointer: Pointer): Pointer {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf("/")));
}

/** lastToken gives the decoded last token of a pointer, "" for the root. */
export function lastToken(pointer: Pointer): string {
  return tokens(pointer).at(-1) ?? "";
}

/** within says whether inner is outer or lies inside it. */
export function within(inner: Pointer, outer: Pointer): boolean {
  return inner === outer || inner.startsWith(outer + "/") || (outer.endsWith("#") && inner.startsWith(outer));
}

/** member gives the value of an object's first member of that name. */
export function member(node: Node | undefined, key: string): Node | undefined {
  if (node?.type !== "object") return undefined;
  return node.children?.find((p) => p.children?.[0]?.value === key)?.children?.[1];
}

/** members lists an object's members in the order of the text; nothing for anything else. */
export function members(node: Node | undefined): { key: string; value: Node }[] {
  if (node?.type !== "object") return [];
  const list: { key: string; value: Node }[] = [];
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key && value) list.push({ key: String(key.value), value });
  }
  return list;
}

/** items lists an array's values; nothing for anything else. */
export function items(node: Node | undefined): Node[] {
  return node?.type === "array" ? (node.children ?? []) : [];
}

/** text gives a string's value, "" for anything else. */
export function string(node: Node | undefined): string {
  return node?.type === "string" ? String(node.value) : "";
}

/** find resolves a pointer; undefined when it leads nowhere. */
export function find(root: Node | undefined, pointer: Pointer): Node | undefined {
  let node = root;
  for (const token of tokens(pointer)) {
    if (node?.type === "array") node = /^(0|[1-9]\d*)$/.test(token) ? node.children?.[Number(token)] : undefined;
    else node = member(node, token);
    if (!node) return undefined;
  }
  return node;
}

/** pointerAt gives the pointer of the innermost value whose text (with its key) holds the offset. */
export function pointerAt(root: Node | undefined, offset: number): Pointer {
  let pointer = "";
  let node = root;
  while (node) {
    let next: Node | undefined;
    if (node.type === "object") {
      const property: Node | undefined = node.children?.find((p) => p.offset <= offset && offset <= p.offset + p.length);
      const [key, value] = property?.children ?? [];
      if (key && value) {
        pointer = join(pointer, String(key.value));
        next = value;
      }
    } else if (node.type === "array") {
      const index = (node.children ?? []).findIndex((c) => c.offset <= offset && offset <= c.offset + c.length);
      if (index >= 0) {
        pointer = join(pointer, index);
        next = node.children?.[index];
      }
    }
    node = next;
  }
  return pointer;
}

/** toJson reads the plain value of a node out of its text; null for broken text. */
export function toJson(text: string, node: Node | undefined): Json {
  if (!node) return null;
  try {
    return JSON.parse(text.slice(node.offset, node.offset + node.length)) as Json;
  } catch {
    return null;
  }
}
