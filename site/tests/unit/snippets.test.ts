import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { carries } from "../../src/state/carries.ts";
import { qr } from "../../src/state/qr.ts";
import { snippets, type Choice } from "../../src/state/snippets.ts";

const choice: Choice = {
  base: "https://iam.example/play/",
  link: "#s=1.dd1.abc-_&request=1&x",
  before: "#s=1.dd1.old&x",
  title: "One bucket",
  request: "Ali reads",
  mode: "interactive",
  theme: "auto",
  scenario: '{"version": 1}\n',
};
const all = (changes: Partial<Choice> = {}) => Object.fromEntries(snippets({ ...choice, ...changes }).map((s) => [s.id, s.text])) as Record<string, string>;

const golden: Record<string, string> = {
  component: `<script src="https://iam.example/play/embed/iam-playground.js" async></script>
<iam-playground mode="interactive" request="Ali reads" link="1.dd1.abc-_">
  <a href="https://iam.example/play/#s=1.dd1.abc-_&#38;request=1&#38;x">Open “One bucket” in the IAM Playground</a>
</iam-playground>`,
  iframe: `<iframe src="https://iam.example/play/embed/?mode=interactive&#38;request=Ali+reads#s=1.dd1.abc-_" title="One bucket" loading="lazy" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" width="100%" height="480"></iframe>`,
  markdown: `\`\`\`json
{"version": 1}
\`\`\`

[Open “One bucket” in the IAM Playground](https://iam.example/play/#s=1.dd1.abc-_&request=1&x)`,
  docusaurus: `<iam-playground mode="interactive" request="Ali reads" link="1.dd1.abc-_">
  <a href="https://iam.example/play/#s=1.dd1.abc-_&#38;request=1&#38;x">{"Open “One bucket” in the IAM Playground"}</a>
</iam-playground>`,
  mkdocs: `<div>
<script src="https://iam.example/play/embed/iam-playground.js" async></script>
<iam-playground mode="interactive" request="Ali reads" link="1.dd1.abc-_">
  <a href="https://iam.example/play/#s=1.dd1.abc-_&#38;request=1&#38;x">Open “One bucket” in the IAM Playground</a>
</iam-playground>
</div>`,
  hugo: `<script src="https://iam.example/play/embed/iam-playground.js" async></script>
<iam-playground mode="{{ .Get "mode" }}"{{ with .Get "request" }} request="{{ . }}"{{ end }}{{ with .Get "theme" }} theme="{{ . }}"{{ end }}{{ with .Get "before" }} before="{{ . }}"{{ end }} link="{{ .Get "link" }}">
  <a href="https://iam.example/play/#s={{ .Get "link" }}">{{ .Get "title" }}</a>
</iam-playground>

{{< iam-playground mode="interactive" request="Ali reads" link="1.dd1.abc-_" title="Open “One bucket” in the IAM Playground" >}}`,
  sphinx: `.. raw:: html

   <script src="https://iam.example/play/embed/iam-playground.js" async></script>
   <iam-playground mode="interactive" request="Ali reads" link="1.dd1.abc-_">
     <a href="https://iam.example/play/#s=1.dd1.abc-_&#38;request=1&#38;x">Open “One bucket” in the IAM Playground</a>
   </iam-playground>`,
  html: "iamplay render --html --base https://iam.example/play/ scenario.json > scenario.html",
  svg: `iamplay render --svg --request 'Ali reads' scenario.json > scenario.svg

<img src="scenario.svg" alt="How AWS decides: Ali reads">`,
};
test("each kind of page gets the scenario in its own form", () => assert.deepEqual(all(), golden));

test("what is not chosen is left out, what is chosen is in", () => {
  const bare = all({ request: "", title: "  " });
  assert.match(bare.component!, /^<script[^\n]*\n<iam-playground mode="interactive" link=/);
  assert.match(bare.component!, /Open “an IAM scenario”/);
  const dark = all({ theme: "dark", mode: "compare" });
  assert.match(dark.component!, /mode="compare" request="Ali reads" theme="dark" before="1.dd1.old" link="1.dd1.abc-_"/);
  assert.match(dark.iframe!, /\?mode=compare&#38;request=Ali\+reads&#38;theme=dark&#38;before=1.dd1.old#s=/);
  assert.match(dark.hugo!, /theme="dark" before="1.dd1.old" link="1.dd1.abc-_" title=/);
});

const hostile = "\"'></script><script>alert(1)</script>\n\n`{alert(1)}` ${x} {{< y >}} %}} | ]( *a* _b_ \\";
const text = all({ title: hostile, request: hostile, scenario: "```\n````js\n</script>" });

test("hostile words stay words in HTML", () => {
  for (const id of ["component", "iframe", "mkdocs", "sphinx", "svg"]) {
    const markup = text[id]!.slice(id === "svg" ? text[id]!.indexOf("<img") : 0);
    assert.equal(markup.match(/<script/g)?.length ?? 0, id === "iframe" || id === "svg" ? 0 : 1, id);
    // With all quoted attributes taken out, no quote and no brace is left.
    assert.doesNotMatch(markup.replace(/="[^"]*"/g, ""), /["'`{}]|alert\(1\)<\/script>/, id);
  }
});
test("hostile words end no line that a page's syntax counts on", () => {
  for (const id of ["component", "iframe", "mkdocs"]) assert.doesNotMatch(text[id]!, /\n\s*\n/, id);
  for (const line of text.sphinx!.split("\n").slice(2)) assert.match(line, /^ {3}/);
});
test("hostile words stay words in JSX", () => {
  const [, expression] = /">\{(".*")\}<\/a>/.exec(text.docusaurus!)!;
  assert.ok((JSON.parse(expression!) as string).includes("</script>"));
  assert.doesNotMatch(text.docusaurus!.replace(expression!, "").replace(/="[^"]*"/g, ""), /[`']|\{[^}]|<script/);
});
test("hostile words stay words in Markdown, and no text ends its fence", () => {
  const [head, , ...rest] = text.markdown!.split("\n");
  assert.equal(head, "`````json");
  const line = rest.at(-1)!;
  assert.match(line, /^\[(?:[^\\[\]]|\\.)*\]\(https:\/\/iam\.example\/play\/#s=1\.dd1\.abc-_&request=1&x\)$/);
  assert.doesNotMatch(line, /[<>{}|]|(?<!\\)[`*_]alert/);
});
test("hostile words stay words in a shortcode, and a name that cannot be written is left out", () => {
  const call = text.hugo!.split("\n").at(-1)!;
  assert.match(call, /^\{\{< iam-playground mode="interactive" link="1\.dd1\.abc-_" title="[^"\\`<>{}%]*" >\}\}$/);
});
test("hostile words stay one word of a command line", () => {
  const [, word] = /--request ('(?:[^']|'\\'')*') scenario\.json > scenario\.svg\n/.exec(text.svg!)!;
  assert.equal(word!.slice(1, -1).replaceAll("'\\''", "'"), hostile);
});

test("what a scenario carries is counted, down to tags and values of the context", () => {
  const scenario = readFileSync(new URL("../../../scenarios/basics/policy-variables.json", import.meta.url), "utf8");
  const found = Object.fromEntries(carries(scenario).map((c) => [c.noun, c.items]));
  assert.deepEqual(found.account, ["111122223333 (acme)"]);
  assert.deepEqual(found.user, ["ida", "jon"]);
  assert.deepEqual(found.tag, ["team = blue, of ida"]);
  assert.deepEqual(found.policy, ["trust policy of Visitor", "HomeFolder"]);
  assert.deepEqual(found["context value"], ['s3:prefix = "jon/drafts/"', 's3:prefix = "ida/"']);
  assert.equal(found.request!.length, 11);
  for (const text of ["", "{", "[]", '{"accounts": [], "requests": {"a": 1}}']) assert.deepEqual(carries(text), []);
});

test("a text becomes a code, one that is too long does not", () => {
  const code = qr("https://iam.example/#s=1.pl.e30")!;
  assert.ok(code.size >= 21 && /^M/.test(code.path));
  assert.ok(qr("a".repeat(2900)));
  assert.equal(qr("a".repeat(3000)), null);
});
