/** Mode is what a reader can do with an embedded scenario. What asks nothing of the reader is a page or a picture: the last two snippets. */
export type Mode = "interactive" | "trace" | "quiz" | "compare";

export const modes: readonly { mode: Mode; label: string }[] = [
  { mode: "interactive", label: "Interactive: change it and see the answer" },
  { mode: "trace", label: "Trace: switch requests, open the steps" },
  { mode: "quiz", label: "Quiz: predict the answer first" },
  { mode: "compare", label: "Compare: before and after your changes" },
];

export interface Choice {
  /** base is the playground's address, with the slash at its end. */
  base: string;
  /** link is the scenario's fragment, "#s=1.…". */
  link: string;
  /** before is the fragment of what it was before the changes, for the mode compare. */
  before: string;
  /** title and request are the scenario's words: any text at all. request is "" for none. */
  title: string;
  request: string;
  mode: Mode;
  theme: "auto" | "light" | "dark";
  /** scenario is the document's text. */
  scenario: string;
}

export interface Snippet {
  id: string;
  label: string;
  /** where says where to paste it, and what else is needed. */
  where: string;
  text: string;
}

const entity = (c: string) => `&#${c.charCodeAt(0)};`;

/** html writes text so that it is text in HTML, between tags and in quoted attributes. JSX reads the same entities in attributes. */
const html = (text: string) => text.replace(/[&<>"'`{}\u0000-\u001f]/g, entity);

/** markdown writes text so that it is text in a line of Markdown. */
const markdown = (text: string) => text.replace(/\s+/g, " ").replace(/[&<>{}|]/g, entity).replace(/[\\`*_[\]!~$]/g, "\\$&");

/** plain replaces what could end a quoted word of a shortcode. */
const plain = (text: string) => text.replace(/["`\\<>{}%\u0000-\u001f]/g, "'");

/** fence is a code fence that the text does not end. */
const fence = (text: string) => "`".repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map((run) => run.length + 1)));

const indented = (text: string) => text.split("\n").map((line) => (line ? `   ${line}` : "")).join("\n");

const payloadOf = (fragment: string) => /^#s=([A-Za-z0-9._-]*)/.exec(fragment)?.[1] ?? "";
const earlierOf = ({ mode, before }: Choice) => (mode === "compare" ? payloadOf(before) : "");

/** frameAddress is the address of the scenario in a frame. */
export function frameAddress(choice: Choice): string {
  const { base, link, mode, request, theme } = choice;
  const earlier = earlierOf(choice);
  const query = new URLSearchParams({ mode, ...(request ? { request } : {}), ...(theme === "auto" ? {} : { theme }), ...(earlier ? { before: earlier } : {}) });
  return `${base}embed/?${query.toString()}#s=${payloadOf(link)}`;
}

/** snippets writes the scenario for each kind of page. Whatever its words are, they stay words there. */
export function snippets(choice: Choice): Snippet[] {
  const { base, link, title, request, mode, theme, scenario } = choice;
  const payload = payloadOf(link);
  const earlier = earlierOf(choice);
  const page = base + link;
  const script = `${base}embed/iam-playground.js`;
  const name = title.replace(/\s+/g, " ").trim() || "an IAM scenario";
  const words = `Open “${name}” in the IAM Playground`;
  const attributes = [`mode="${mode}"`, ...(request ? [`request="${html(request)}"`] : []), ...(theme === "auto" ? [] : [`theme="${theme}"`]), ...(earlier ? [`before="${earlier}"`] : []), `link="${payload}"`].join(" ");
  const element = `<iam-playground ${attributes}>\n  <a href="${html(page)}">${html(words)}</a>\n</iam-playground>`;
  const loader = `<script src="${html(script)}" async></script>`;
  const frame = `<iframe src="${html(frameAddress(choice))}" title="${html(name)}" loading="lazy" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" width="100%" height="480"></iframe>`;
  const ticks = fence(scenario);
  return [
    { id: "component", label: "Web component", where: "Into any HTML page. The script once, the element as often as you like; without scripts the link is there.", text: `${loader}\n${element}` },
    { id: "iframe", label: "iframe", where: "Where no scripts of others are allowed. The frame is sandboxed and keeps nothing.", text: frame },
    { id: "markdown", label: "Markdown", where: "Works everywhere, also where HTML does not: the document, and a link that opens it.", text: `${ticks}json\n${scenario.trimEnd()}\n${ticks}\n\n[${markdown(words)}](${page})` },
    {
      id: "docusaurus",
      label: "Docusaurus",
      where: `Into an .mdx page. Add the script once to docusaurus.config.js: scripts: [{ src: ${JSON.stringify(script)}, async: true }]`,
      text: `<iam-playground ${attributes}>\n  <a href="${html(page)}">{${JSON.stringify(words)}}</a>\n</iam-playground>`,
    },
    { id: "mkdocs", label: "MkDocs", where: "Into a page, with an empty line before and after.", text: `<div>\n${loader}\n${element}\n</div>` },
    {
      id: "hugo",
      label: "Hugo",
      where: "The first part once, as layouts/shortcodes/iam-playground.html; the last line into a page.",
      text:
        `${loader}\n<iam-playground mode="{{ .Get "mode" }}"{{ with .Get "request" }} request="{{ . }}"{{ end }}{{ with .Get "theme" }} theme="{{ . }}"{{ end }}{{ with .Get "before" }} before="{{ . }}"{{ end }} link="{{ .Get "link" }}">\n` +
        `  <a href="${html(base)}#s={{ .Get "link" }}">{{ .Get "title" }}</a>\n</iam-playground>\n\n` +
        `{{< iam-playground mode="${mode}"${request && request === plain(request) ? ` request="${request}"` : ""}${theme === "auto" ? "" : ` theme="${theme}"`}${earlier ? ` before="${earlier}"` : ""} link="${payload}" title="${plain(words)}" >}}`,
    },
    { id: "sphinx", label: "Sphinx", where: "Into an .rst page, with an empty line before and after.", text: `.. raw:: html\n\n${indented(`${loader}\n${element}`)}` },
    {
      id: "html",
      label: "Static HTML",
      where: "A whole page that needs no script, made by the command line from the downloaded scenario.",
      text: `iamplay render --html --base ${base} scenario.json > scenario.html`,
    },
    {
      id: "svg",
      label: "SVG picture",
      where: "The picture of the steps, made by the command line from the downloaded scenario, and the line that shows it.",
      text: `iamplay render --svg${request ? ` --request ${shell(request)}` : ""} scenario.json > scenario.svg\n\n<img src="scenario.svg" alt="${html(`How AWS decides: ${request || name}`)}">`,
    },
  ];
}

/** shell writes one word of a command line. */
function shell(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
