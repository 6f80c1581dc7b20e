const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
/** most is how long an array of plain values may be on one line. */
const most = 72;

/** pretty lays JSON out on lines, changing nothing but the white space between its tokens: what is there twice stays there twice. */
export function pretty(text: string): string {
  const tokens = text.match(token) ?? [];
  let out = "";
  let depth = 0;
  const line = () => "\n" + "  ".repeat(depth);
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i]!;
    if (t === "[") {
      let end = i + 1;
      while (end < tokens.length && !/^[{}[\]]$/.test(tokens[end]!)) end++;
      const plain = tokens.slice(i + 1, end).join("").replaceAll(",", ", ");
      if (tokens[end] === "]" && plain.length <= most) {
        out += `[${tokens.slice(i + 1, end).map((one) => (one === "," ? ", " : one)).join("")}]`;
        i = end;
        continue;
      }
    }
    if (t === "{" || t === "[") {
      const closing = tokens[i + 1];
      if (closing === "}" || closing === "]") {
        out += t + closing;
        i++;
        continue;
      }
      depth++;
      out += t + line();
    } else if (t === "}" || t === "]") {
      depth--;
      out += line() + t;
    } else if (t === ",") out += t + line();
    else out += t === ":" ? ": " : t;
  }
  return `${out}\n`;
}
