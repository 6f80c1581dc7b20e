import { parse, type Node } from "./tree.ts";

const columns = 88;

/**
 * laidOut writes a JSON text as a careful author would: two spaces, lists of words on one line when they fit, objects line by
 * line, as `iamplay fmt` does. The order and every string and number stay as they are. Text that is no JSON comes back unchanged.
 */
export function laidOut(text: string): string {
  const raw = (node: Node) => text.slice(node.offset, node.offset + node.length);
  const words = (node: Node) => (node.children ?? []).every((child) => child.type !== "array" && child.type !== "object");
  function value(node: Node, indent: string): string {
    const children = node.children ?? [];
    if (node.type !== "array" && node.type !== "object") return raw(node);
    const [open, close] = node.type === "array" ? ["[", "]"] : ["{", "}"];
    if (children.length === 0) return open + close;
    if (node.type === "array" && words(node)) {
      const line = `[${children.map(raw).join(", ")}]`;
      if (indent.length + [...line].length <= columns) return line;
    }
    const inner = indent + "  ";
    const lines = children.map((child) => {
      const [key, held] = child.type === "property" ? child.children! : [];
      return inner + (key && held ? `${raw(key)}: ${value(held, inner)}` : value(child, inner));
    });
    return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
  }
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  return value(parse(text)!, "") + "\n";
}

/**
 * mended makes JSON of the beginning of a JSON text: what is not whole at its end is left out, and what is open is closed. It
 * gives "" when that is not enough, because the text is damaged before its end too.
 */
export function mended(text: string): string {
  const open: string[] = [];
  let end = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c === "\\") i++;
      else if (c === '"') quoted = false;
      continue;
    }
    if (c === '"') quoted = true;
    else if (c === "{" || c === "[") open.push(c === "{" ? "}" : "]");
    else if (c === "}" || c === "]") open.pop();
    else if (c !== ",") continue;
    // At a comma and at every bracket, all that stands before it is whole.
    if (c !== '"') end = c === "," ? i : i + 1;
  }
  const whole = text.slice(0, end) + open.reverse().join("");
  try {
    JSON.parse(whole);
    return whole;
  } catch {
    return "";
  }
}
