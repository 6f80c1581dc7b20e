import { json } from "@codemirror/lang-json";
import { syntaxHighlighting } from "@codemirror/language";
import { MergeView, unifiedMergeView, type MergeConfig } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { colours, look } from "./code.ts";

/** Versions are two texts to show next to each other. */
export interface Versions {
  before: string;
  after: string;
  /** stacked shows them in one column: what was, and below it what is. */
  stacked: boolean;
}

const shades = EditorView.theme({
  "&": { fontSize: "12.5px" },
  ".cm-line": { borderInlineStart: "0" },
  "& .cm-changedLine, &.cm-merge-a .cm-changedLine, & .cm-deletedChunk": { backgroundColor: "var(--deny-wash)" },
  "&.cm-merge-b .cm-changedLine, & .cm-insertedLine": { backgroundColor: "var(--allow-wash)" },
  "&.cm-merge-a .cm-changedText, & .cm-deletedChunk .cm-deletedText": { background: "none", textDecoration: "underline 2px var(--deny)", textUnderlineOffset: "3px" },
  "&.cm-merge-b .cm-changedText, & .cm-insertedLine .cm-changedText": { background: "none", textDecoration: "underline 2px var(--allow)", textUnderlineOffset: "3px" },
  "& .cm-changeGutter": { width: "4px", paddingInlineStart: "0" },
  "&.cm-merge-a .cm-changedLineGutter, & .cm-deletedLineGutter": { background: "var(--deny)" },
  "&.cm-merge-b .cm-changedLineGutter": { background: "var(--allow)" },
  "& .cm-collapsedLines": { padding: "5px 12px", background: "var(--sunk)", color: "var(--soft)", fontFamily: "var(--sans)", fontSize: "12.5px" },
  "& .cm-collapsedLines::before, & .cm-collapsedLines::after": { content: "none" },
  "& .cm-collapsedLines:hover, & .cm-collapsedLines:focus-visible": { color: "var(--ink)", textDecoration: "underline" },
  "& .cm-deletedChunk": { paddingInlineStart: "8px" },
});

const pair = EditorView.theme({ "&.cm-merge-b": { borderInlineStart: "1px solid var(--line)" } });

/** create shows two versions in a shadow root, as code.ts does one text; nothing can be written. It returns how to take them away. */
export function create(root: ShadowRoot, { before, after, stacked }: Versions): () => void {
  const reading = (label: string): Extension => [
    lineNumbers(),
    json(),
    syntaxHighlighting(colours),
    EditorView.lineWrapping,
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ role: "textbox", "aria-label": label, "aria-readonly": "true", "aria-multiline": "true", tabindex: "0" }),
    EditorState.phrases.of({ "$ unchanged lines": "$ lines are the same in both" }),
    look,
    shades,
  ];
  // The texts may be a megabyte long: where the exact difference takes too long, a rough one does.
  const config: MergeConfig = { collapseUnchanged: { margin: 2, minSize: 4 }, diffConfig: { scanLimit: 500, timeout: 300 } };
  if (stacked) {
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({ doc: after, extensions: [reading("What was and what is"), unifiedMergeView({ original: before, mergeControls: false, gutter: true, ...config })] }),
    });
    return () => view.destroy();
  }
  const view = new MergeView({ root, parent: root, a: { doc: before, extensions: [reading("Before"), pair] }, b: { doc: after, extensions: [reading("After"), pair] }, ...config });
  return () => view.destroy();
}
