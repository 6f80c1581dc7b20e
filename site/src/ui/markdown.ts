/** Inline is a run of text inside a paragraph. */
export type Inline = { kind: "text" | "code"; text: string } | { kind: "strong" | "em"; parts: Inline[] } | { kind: "link"; href: string; parts: Inline[] };

export type Block = { kind: "paragraph"; parts: Inline[] } | { kind: "heading"; parts: Inline[] } | { kind: "list"; ordered: boolean; items: Inline[][] } | { kind: "code"; text: string };

/** Opens: what may stand inside a paragraph, each an expression that matches at its start. */
const opens: [RegExp, (match: RegExpExecArray, depth: number) => Inline][] = [
  [/^(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/, (m) => ({ kind: "code", text: m[2]!.trim() })],
  [/^\*\*(?=\S)([\s\S]*?\S)\*\*/, (m, depth) => ({ kind: "strong", parts: inline(m[1]!, depth) })],
  [/^\*(?=[^\s*])([^*]*[^\s*])\*/, (m, depth) => ({ kind: "em", parts: inline(m[1]!, depth) })],
  [/^_(?=[^\s_])([^_]*[^\s_])_(?![A-Za-z0-9])/, (m, depth) => ({ kind: "em", parts: inline(m[1]!, depth) })],
  [/^\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/, (m, depth) => ({ kind: "link", href: m[2]!, parts: inline(m[1]!, depth) })],
];

/** inline reads emphasis, code and links; everything else stays text, HTML too. */
export function inline(source: string, depth = 0): Inline[] {
  const parts: Inline[] = [];
  let text = "";
  const flush = () => {
    if (text) parts.push({ kind: "text", text });
    text = "";
  };
  for (let at = 0; at < source.length; ) {
    const char = source[at]!;
    if (char === "\\" && /[\\`*_[\]]/.test(source[at + 1] ?? "")) {
      text += source[at + 1];
      at += 2;
      continue;
    }
    const wordBefore = char === "_" && /[A-Za-z0-9]/.test(source[at - 1] ?? "");
    let taken = 0;
    if (depth < 4 && "`*_[".includes(char) && !wordBefore) {
      const rest = source.slice(at, at + 2000);
      for (const [pattern, make] of opens) {
        const match = pattern.exec(rest);
        if (match) {
          flush();
          parts.push(make(match, depth + 1));
          taken = match[0].length;
          break;
        }
      }
    }
    if (taken === 0) text += char;
    at += taken || 1;
  }
  flush();
  return parts;
}

/** blocks reads paragraphs, headings, lists and fenced code. */
export function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length) found.push({ kind: "paragraph", parts: inline(paragraph.join(" ")) });
    paragraph = [];
  };
  const lines = markdown.replaceAll("\r\n", "\n").split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const fence = /^\s*(```|~~~)/.exec(line);
    const item = /^\s*(?:([-*+])|\d{1,3}[.)])\s+(.*)$/.exec(line);
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    if (fence) {
      flush();
      const code: string[] = [];
      while (++i < lines.length && !lines[i]!.trimStart().startsWith(fence[1]!)) code.push(lines[i]!);
      found.push({ kind: "code", text: code.join("\n") });
    } else if (item) {
      flush();
      const ordered = item[1] === undefined;
      let text = item[2]!;
      while (i + 1 < lines.length && /^\s{2,}\S/.test(lines[i + 1]!) && !/^\s*([-*+]|\d{1,3}[.)])\s/.test(lines[i + 1]!)) text += ` ${lines[++i]!.trim()}`;
      const last = found[found.length - 1];
      if (last?.kind === "list" && last.ordered === ordered) last.items.push(inline(text));
      else found.push({ kind: "list", ordered, items: [inline(text)] });
    } else if (heading) {
      flush();
      found.push({ kind: "heading", parts: inline(heading[1]!) });
    } else if (line.trim() === "") flush();
    else paragraph.push(line.trim());
  }
  flush();
  return found;
}
