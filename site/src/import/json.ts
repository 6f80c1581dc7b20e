/** Node is a value of a text with its place. Members keep their order, their doubles, and any name: nothing of a pasted text becomes a property of an object. */
export type Node =
  | { type: "object"; start: number; end: number; members: Member[] }
  | { type: "array"; start: number; end: number; items: Node[] }
  | { type: "string"; start: number; end: number; value: string }
  /** raw is the number as it was written, so that no digit of it is lost. */
  | { type: "number"; start: number; end: number; raw: string }
  | { type: "boolean"; start: number; end: number; value: boolean }
  | { type: "null"; start: number; end: number };

export interface Member {
  key: string;
  value: Node;
}

/** Broken is the reason why a text cannot be read, with the place where it stops making sense. */
export class Broken extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** maxDepth is how many levels of nesting are read. What AWS and Terraform write stays far below. */
export const maxDepth = 200;

const word = /[A-Za-z]+/y;
const number = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const control = /[\u0000-\u001f]/;

/**
 * readAll reads a text of one JSON value or of several one after the other, as paginated commands print them.
 * It throws Broken. progress is called now and then with the part of the text that is read, from 0 to 1.
 */
export function readAll(text: string, progress: (part: number) => void = () => {}): Node[] {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let told = 0;

  const found = () => (at >= text.length ? "the end of the text" : JSON.stringify(String.fromCodePoint(text.codePointAt(at)!)));

  function blank(): void {
    for (; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
    }
  }

  function string(): string {
    const start = at;
    for (let from = at + 1; ; ) {
      const quote = text.indexOf('"', from);
      if (quote < 0) {
        at = text.length;
        throw new Broken('found a string without its end, expected a closing "; the text may be cut off', start);
      }
      let slashes = 0;
      while (text.charCodeAt(quote - 1 - slashes) === 92) slashes++;
      from = quote + 1;
      if (slashes % 2 === 1 && quote - slashes > start) continue;
      at = from;
      const inside = text.slice(start + 1, quote);
      if (!inside.includes("\\") && !control.test(inside)) return inside;
      try {
        return JSON.parse(`"${inside}"`) as string;
      } catch {
        throw new Broken("found a string with a line break or an escape that JSON does not know, expected one on one line", start);
      }
    }
  }

  function value(depth: number): Node {
    blank();
    const start = at;
    const c = text[at];
    if (start - told > 500_000) progress((told = start) / text.length);
    if (c === '"') {
      const read = string();
      return { type: "string", start, end: at, value: read };
    }
    if (c === "{" || c === "[") {
      if (depth > maxDepth) throw new Broken(`found more than ${maxDepth} levels of nesting, expected fewer`, start);
      at++;
      return c === "{" ? object(start, depth) : array(start, depth);
    }
    number.lastIndex = word.lastIndex = at;
    const digits = number.exec(text)?.[0];
    if (digits) {
      at += digits.length;
      return { type: "number", start, end: at, raw: digits };
    }
    const letters = word.exec(text)?.[0];
    if (letters === "true" || letters === "false" || letters === "null") {
      at += letters.length;
      return letters === "null" ? { type: "null", start, end: at } : { type: "boolean", start, end: at, value: letters === "true" };
    }
    throw new Broken(`found ${letters ? JSON.stringify(letters.slice(0, 40)) : found()}, expected a value`, at);
  }

  function object(start: number, depth: number): Node {
    const members: Member[] = [];
    blank();
    if (text[at] === "}") return { type: "object", start, end: ++at, members };
    for (;;) {
      blank();
      if (text[at] !== '"') throw new Broken(`found ${found()}, expected a name in double quotes`, at);
      const key = string();
      blank();
      if (text[at] !== ":") throw new Broken(`found ${found()} after the name ${JSON.stringify(key.slice(0, 60))}, expected a colon`, at);
      at++;
      members.push({ key, value: value(depth + 1) });
      blank();
      if (text[at] === "}") return { type: "object", start, end: ++at, members };
      if (text[at] !== ",") throw new Broken(`found ${found()}, expected a comma or }`, at);
      at++;
    }
  }

  function array(start: number, depth: number): Node {
    const items: Node[] = [];
    blank();
    if (text[at] === "]") return { type: "array", start, end: ++at, items };
    for (;;) {
      items.push(value(depth + 1));
      blank();
      if (text[at] === "]") return { type: "array", start, end: ++at, items };
      if (text[at] !== ",") throw new Broken(`found ${found()}, expected a comma or ]`, at);
      at++;
    }
  }

  const roots: Node[] = [];
  for (blank(); at < text.length || roots.length === 0; blank()) roots.push(value(1));
  return roots;
}

/** read reads a text of exactly one JSON value; null for anything else. */
export function read(text: string): Node | null {
  try {
    const roots = readAll(text);
    return roots.length === 1 ? roots[0]! : null;
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}

/** get follows names, or the places of a list, from a value inwards; undefined when they lead nowhere. Of members of the same name the last one counts. */
export function get(node: Node | undefined, ...path: (string | number)[]): Node | undefined {
  for (const step of path) {
    if (typeof step === "number") node = node?.type === "array" ? node.items[step] : undefined;
    else node = node?.type === "object" ? node.members.findLast((m) => m.key === step)?.value : undefined;
    if (!node || node.type === "null") return undefined;
  }
  return node;
}

/** any follows one name, whatever its case. */
export function any(node: Node | undefined, name: string): Node | undefined {
  if (node?.type !== "object") return undefined;
  const sought = name.toLowerCase();
  const value = node.members.findLast((m) => m.key.toLowerCase() === sought)?.value;
  return value?.type === "null" ? undefined : value;
}

/** string gives a string, or a number or truth value as it is written; "" for anything else. */
export function string(node: Node | undefined): string {
  if (node?.type === "string") return node.value;
  if (node?.type === "number") return node.raw;
  return node?.type === "boolean" ? String(node.value) : "";
}

/** items lists the values of a list; one value counts as a list of itself, nothing as an empty one. */
export function items(node: Node | undefined): Node[] {
  if (!node || node.type === "null") return [];
  return node.type === "array" ? node.items : [node];
}

/** members lists the members of an object; nothing for anything else. */
export function members(node: Node | undefined): Member[] {
  return node?.type === "object" ? node.members : [];
}

/** has tells whether a value is an object with all of these names. */
export function has(node: Node | undefined, ...names: string[]): boolean {
  return node?.type === "object" && names.every((name) => node.members.some((m) => m.key === name));
}

/** depth counts the levels of nesting of a value; a scalar has none. */
export function depth(node: Node): number {
  const inner = node.type === "object" ? node.members.map((m) => m.value) : node.type === "array" ? node.items : null;
  return inner ? 1 + inner.reduce((most, one) => Math.max(most, depth(one)), 0) : 0;
}

/** lineAt counts the line, from 1, on which an offset lies. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return line;
}

/** pointerTo gives the JSON Pointer of the value that begins at an offset, or of the innermost one around it; with several values in the text it begins with the number of the value. */
export function pointerTo(roots: readonly Node[], offset: number): string {
  const around = (n: Node) => n.start <= offset && offset < n.end;
  let at = roots.findIndex(around);
  let node = roots[at];
  let pointer = roots.length > 1 && node ? `/${at}` : "";
  while (node && node.start !== offset) {
    if (node.type === "object") {
      const inner: Member | undefined = node.members.find((m) => around(m.value));
      if (!inner) break;
      pointer += "/" + inner.key.replaceAll("~", "~0").replaceAll("/", "~1");
      node = inner.value;
    } else if (node.type === "array") {
      at = node.items.findIndex(around);
      if (at < 0) break;
      pointer += `/${at}`;
      node = node.items[at];
    } else break;
  }
  return pointer;
}
