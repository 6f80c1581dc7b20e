import { autocompletion, completionKeymap, snippet, startCompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, nextDiagnostic, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Annotation, Compartment, EditorState, Prec, StateEffect, StateField, type Range as Marked } from "@codemirror/state";
import { Decoration, EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers, showTooltip, ViewPlugin, WidgetType, type DecorationSet, type Tooltip, type ViewUpdate } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { CompletionItem, WordNote } from "../contract/author.ts";
import type { Marks, Problem, Tone } from "../state/marks.ts";
import { disguises } from "../state/reveal.ts";
import type { Span } from "../state/slice.ts";

/** Code is an editor on the page. */
export interface Code {
  /** setText shows a text made elsewhere; the cursor stays with what it stood on. */
  setText(text: string): void;
  setReadonly(readonly: boolean): void;
  setMarks(marks: Marks): void;
  setProblems(problems: Problem[]): void;
  /** setActive highlights spans, without moving the view. */
  setActive(spans: Span[]): void;
  /** reveal brings a span into view and puts the cursor there, without taking the focus. */
  reveal(span: Span): void;
  insert(sign: string): void;
  focus(): void;
  nextProblem(): void;
  /** suggest opens the list of what may be written at the cursor. */
  suggest(): void;
  /** explain shows what the word at the cursor means. */
  explain(): void;
  destroy(): void;
}

export interface Events {
  onchange(text: string): void;
  onundo(): void;
  onredo(): void;
  /** onpoint tells which offset the pointer or the cursor is at; null when it left. */
  onpoint(offset: number | null): void;
  /** help answers while somebody writes; null where nobody does. */
  help: Help | null;
}

/** Help is who knows what may be written and what it means. */
export interface Help {
  /** complete tells what may be written at an offset; null for nothing, or while nobody knows. */
  complete(text: string, offset: number): Promise<{ from: number; to: number; items: CompletionItem[] } | null>;
  /** explain tells what the word at an offset means. */
  explain(text: string, offset: number): Promise<WordNote | null>;
}

const outside = Annotation.define<boolean>();
const setMarksEffect = StateEffect.define<Marks>();
const setActiveEffect = StateEffect.define<Span[]>();

class Remark extends WidgetType {
  constructor(
    readonly tone: Tone,
    readonly text: string,
  ) {
    super();
  }

  override eq(other: Remark): boolean {
    return other.tone === this.tone && other.text === this.text;
  }

  toDOM(): HTMLElement {
    const span = document.createElement("span");
    span.className = `remark ${this.tone}`;
    span.textContent = this.text;
    return span;
  }
}

function clamp(state: EditorState, span: Span): Span {
  const end = state.doc.length;
  const start = Math.max(0, Math.min(span.start, end));
  return { start, end: Math.max(start, Math.min(span.end, end)) };
}

function decorate(state: EditorState, marks: Marks): DecorationSet {
  const lines = new Map<number, Tone>();
  for (const mark of marks.lines) {
    const { start, end } = clamp(state, mark);
    for (let line = state.doc.lineAt(start); ; line = state.doc.line(line.number + 1)) {
      // A finer mark inside a statement comes later and stays.
      lines.set(line.from, mark.tone);
      if (line.to >= end || line.number === state.doc.lines) break;
    }
  }
  const remarks = new Map<number, { tone: Tone; text: string }>();
  for (const inlay of marks.inlays) {
    const to = state.doc.lineAt(clamp(state, { start: inlay.at, end: inlay.at }).start).to;
    const there = remarks.get(to);
    if (there) there.text += " · " + inlay.text;
    else remarks.set(to, { tone: inlay.tone, text: inlay.text });
  }
  const all: Marked<Decoration>[] = [];
  for (const [from, tone] of lines) all.push(Decoration.line({ class: `line-${tone}` }).range(from));
  for (const [to, remark] of remarks) all.push(Decoration.widget({ widget: new Remark(remark.tone, remark.text), side: 1 }).range(to));
  return Decoration.set(all, true);
}

const marksField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, tr) {
    set = set.map(tr.changes);
    for (const e of tr.effects) if (e.is(setMarksEffect)) set = decorate(tr.state, e.value);
    return set;
  },
  provide: (f) => EditorView.decorations.from(f),
});

const activeField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, tr) {
    set = set.map(tr.changes);
    for (const e of tr.effects) {
      if (!e.is(setActiveEffect)) continue;
      const spans = e.value.map((s) => clamp(tr.state, s)).filter((s) => s.end > s.start);
      set = Decoration.set(spans.map((s) => Decoration.mark({ class: "active-span" }).range(s.start, s.end)), true);
    }
    return set;
  },
  provide: (f) => EditorView.decorations.from(f),
});

/** deepest is the widest indentation, in columns, that wrapped lines keep. */
const deepest = 32;
const hang = (columns: number) => `hang-${Math.min(columns, deepest)}`;
const hanging = Array.from({ length: deepest + 1 }, (_, columns) => Decoration.line({ class: hang(columns) }));

/** perLine decorates the lines that can be seen, anew when they change; add is called for each with its place. */
function perLine(add: (text: string, from: number, into: Marked<Decoration>[]) => void) {
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor(view: EditorView) {
        this.decorations = this.make(view);
      }

      update(update: ViewUpdate): void {
        if (update.docChanged || update.viewportChanged) this.decorations = this.make(update.view);
      }

      make(view: EditorView): DecorationSet {
        const all: Marked<Decoration>[] = [];
        for (const { from, to } of view.visibleRanges) {
          for (let at = from; at <= to; ) {
            const line = view.state.doc.lineAt(at);
            add(line.text, line.from, all);
            at = line.to + 1;
          }
        }
        return Decoration.set(all, true);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

/** A wrapped line goes on below its own beginning, not at the left edge. Classes do it, since the policy refuses style attributes. */
const hangs = perLine((text, from, all) => all.push(hanging[/^ */.exec(text.slice(0, deepest))![0].length]!.range(from)));

class Unmasked extends WidgetType {
  constructor(readonly code: string) {
    super();
  }

  override eq(other: Unmasked): boolean {
    return other.code === this.code;
  }

  toDOM(): HTMLElement {
    const span = document.createElement("span");
    span.className = "cm-specialChar";
    span.textContent = this.code;
    return span;
  }
}

/** Characters that are obeyed instead of shown, and letters that look like others, are shown as their codes: what decides is what is there. */
const unmasked = perLine((text, from, all) => {
  for (const { at, length, code } of disguises(text)) all.push(Decoration.replace({ widget: new Unmasked(code) }).range(from + at, from + at + length));
});

const hangStyles = Object.fromEntries(
  hanging.map((_, columns) => [`.cm-line.${hang(columns)}`, { paddingInlineStart: `calc(8px + ${columns + 2}ch)`, textIndent: `-${columns + 2}ch` }]),
);

/** proposals lists what may be written at the cursor: while a string is typed, or when asked for. */
function proposals(ask: Help["complete"]) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    if (!context.explicit && !context.matchBefore(/["\w:*./${-]/)) return null;
    const list = await ask(context.state.doc.toString(), context.pos).catch(() => null);
    if (!list || context.aborted || list.items.length === 0) return null;
    return {
      from: list.from,
      to: list.to,
      options: list.items.map((item, index) => proposal(item, index)),
      // A short list that was asked for is shown whole: what stands there is one of its items.
      filter: !(context.explicit && list.items.length <= 12),
      // Behind a colon and within a variable other things fit.
      validFor: (text) => !/[:${}"\n]$/.test(text),
    };
  };
}

function proposal(item: CompletionItem, index: number): Completion {
  const write = item.snippet ? snippet(item.insert) : null;
  return {
    label: item.label,
    detail: item.detail || undefined,
    info: item.info || undefined,
    type: item.kind,
    boost: Math.max(-99, -index),
    sortText: String(index).padStart(4, "0"),
    apply(view, completion, from, to) {
      if (write) {
        write(view, completion, from, to);
        // What comes next is proposed too, where a value of the new member has begun.
        if (/["{]#\{\}/.test(item.insert)) startCompletion(view);
      } else view.dispatch({ changes: { from, to, insert: item.insert }, selection: { anchor: from + item.insert.replace(/"$/, "").length + (item.insert.endsWith('"') && item.kind !== "service" ? 1 : 0) }, userEvent: "input.complete", scrollIntoView: true });
      if (item.kind === "service") startCompletion(view);
    },
  };
}

const explained = StateEffect.define<Tooltip | null>();
const explanation = StateField.define<Tooltip | null>({
  create: () => null,
  update(tooltip, tr) {
    for (const e of tr.effects) if (e.is(explained)) return e.value;
    return tr.docChanged || tr.selection ? null : tooltip;
  },
  provide: (f) => showTooltip.from(f),
});

function noted(note: WordNote): Tooltip {
  return {
    pos: note.from,
    end: note.to,
    above: true,
    create() {
      const dom = document.createElement("div");
      dom.className = "word-note";
      const add = (tag: string, text: string, parent: HTMLElement = dom) => {
        const element = document.createElement(tag);
        element.textContent = text;
        parent.append(element);
        return element;
      };
      add("strong", note.title);
      const facts = add("ul", "");
      for (const fact of note.facts) add("li", fact, facts);
      if (note.names.length) {
        const names = add("div", note.names.join("  ") + (note.more ? `  and ${note.more} more` : ""));
        names.className = "names";
        names.tabIndex = 0;
      }
      if (note.url) {
        const link = add("a", "AWS's page") as HTMLAnchorElement;
        link.href = note.url;
        link.target = "_blank";
        link.rel = "noreferrer";
      }
      return { dom };
    },
  };
}

export const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--json-key)" },
  { tag: tags.string, color: "var(--json-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--json-literal)" },
]);

export const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--panel)", fontSize: "13.5px", flex: "1 1 auto", minHeight: "0" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.65", overflow: "auto", fontVariantLigatures: "none", fontFeatureSettings: '"calt" 0' },
  ".cm-content": { caretColor: "var(--ink)", padding: "10px 0" },
  ".cm-line": { padding: "0 16px 0 8px", borderInlineStart: "3px solid var(--panel)" },
  ...hangStyles,
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--soft)", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "34px", padding: "0 6px 0 4px" },
  ".cm-gutter-lint": { width: "18px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 2px" },
  ".cm-lint-marker": { width: "8px", height: "8px", margin: "7px 3px", borderRadius: "50%" },
  ".cm-lint-marker-error": { content: "normal", backgroundColor: "var(--deny)" },
  ".cm-lint-marker-warning": { content: "normal", backgroundColor: "var(--warning)", borderRadius: "2px" },
  ".cm-lint-marker-info": { content: "normal", backgroundColor: "var(--accent)" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { boxShadow: "inset 0 0 0 100vmax color-mix(in srgb, var(--accent) 6%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".line-yes": { backgroundColor: "var(--allow-wash)", borderInlineStartColor: "var(--allow)" },
  ".line-no": { backgroundColor: "var(--deny-wash)", borderInlineStartColor: "var(--deny)" },
  ".line-unknown": { backgroundColor: "var(--depends-wash)", borderInlineStartColor: "var(--depends)", borderInlineStartStyle: "dotted" },
  ".line-quiet": { borderInlineStartColor: "var(--line)" },
  ".active-span": { backgroundColor: "var(--mark)", boxShadow: "0 1.5px 0 var(--mark-edge)" },
  ".remark": { textIndent: "0", fontFamily: "var(--sans)", fontSize: "12.5px", marginInlineStart: "18px", color: "var(--soft)", userSelect: "none" },
  ".remark.yes": { color: "var(--allow)" },
  ".remark.no": { color: "var(--deny)" },
  ".remark.unknown": { color: "var(--depends)" },
  ".cm-matchingBracket": { backgroundColor: "transparent !important" },
  "&.cm-focused .cm-matchingBracket": { outline: "1px solid var(--edge)" },
  ".cm-tooltip": { backgroundColor: "var(--panel)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "8px", boxShadow: "var(--shadow)", maxWidth: "min(46ch, 90vw)", fontFamily: "var(--sans)", fontSize: "13px" },
  ".word-note": { padding: "8px 12px", maxHeight: "40vh", overflow: "auto" },
  ".word-note strong": { fontFamily: "var(--mono)", overflowWrap: "anywhere" },
  ".word-note ul": { margin: "4px 0", paddingInlineStart: "18px" },
  ".word-note li": { overflowWrap: "anywhere" },
  ".word-note .names": { maxHeight: "11em", overflow: "auto", padding: "6px 8px", margin: "6px 0", background: "var(--sunk)", borderRadius: "6px", fontFamily: "var(--mono)", fontSize: "12px", whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
  ".word-note a": { color: "var(--accent)" },
  ".cm-tooltip.cm-tooltip-autocomplete": { maxWidth: "min(72ch, 94vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "12.5px", maxHeight: "15em", maxWidth: "min(72ch, 94vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "4px 10px", minHeight: "24px", display: "flex", gap: "10px", alignItems: "baseline" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent)", color: "var(--on-accent, var(--panel))" },
  ".cm-completionLabel": { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": { marginInlineStart: "auto", fontStyle: "normal", fontFamily: "var(--sans)", fontSize: "12px", color: "var(--soft)", whiteSpace: "nowrap" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-tooltip.cm-completionInfo": { padding: "8px 12px", maxWidth: "34ch" },
  ".cm-snippetField": { backgroundColor: "var(--mark)" },
  ".cm-diagnosticAction": { font: "inherit", fontSize: "12.5px", minHeight: "26px", margin: "6px 0 0", padding: "2px 10px", borderRadius: "6px", backgroundColor: "var(--accent)", color: "var(--panel)", display: "block" },
  ".cm-diagnostic": { padding: "8px 12px", whiteSpace: "pre-wrap", borderLeft: "0" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--deny) 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warning) 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-info": { backgroundImage: "none", textDecoration: "underline dotted var(--soft) 1px", textUnderlineOffset: "3px" },
  ".cm-lintPoint::after": { borderBottomColor: "var(--deny)" },
});

/** create mounts an editor into a shadow root, where its styles are adopted style sheets and the page's strict policy holds. */
export function create(root: ShadowRoot, text: string, readonly: boolean, label: string, events: Events): Code {
  const writable = new Compartment();
  const writing = (r: boolean) => [EditorState.readOnly.of(r), EditorView.contentAttributes.of({ "aria-readonly": String(r) })];
  const run = (action: () => void) => () => {
    action();
    return true;
  };
  const { help } = events;
  let found: Problem[] = [];
  /** mend makes the fix of the finding at the cursor, else of the next one that has a fix. */
  const mend = (v: EditorView) => {
    const at = v.state.selection.main.head;
    const fixable = found.filter((p) => p.fix);
    const one = fixable.find((p) => p.start <= at && at <= p.end) ?? fixable.find((p) => p.start > at) ?? fixable[0];
    one?.fix?.apply();
    return true;
  };
  const explain = (v: EditorView) => {
    help?.explain(v.state.doc.toString(), v.state.selection.main.head).then(
      (note) => v.dispatch({ effects: explained.of(note ? noted(note) : null) }),
      () => {},
    );
    return help !== null;
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        writable.of(writing(readonly)),
        lineNumbers(),
        lintGutter(),
        json(),
        syntaxHighlighting(colours),
        bracketMatching(),
        indentUnit.of("  "),
        highlightActiveLine(),
        unmasked,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", spellcheck: "false", autocapitalize: "off", autocorrect: "off" }),
        hangs,
        marksField,
        activeField,
        look,
        // The page keeps the history, so that a form's change and a typed one are undone alike.
        Prec.high(
          keymap.of([
            { key: "Mod-z", run: run(events.onundo), preventDefault: true },
            { key: "Mod-y", run: run(events.onredo), preventDefault: true },
            { key: "Mod-Shift-z", run: run(events.onredo), preventDefault: true },
          ]),
        ),
        // Proposals open within strings, where Enter can mean nothing else: it takes one at once.
        help && !readonly ? autocompletion({ override: [proposals(help.complete)], icons: false, interactionDelay: 0, maxRenderedOptions: 200 }) : [],
        help ? hoverTooltip((v, pos) => help.explain(v.state.doc.toString(), pos).then((note) => (note ? noted(note) : null), () => null)) : [],
        explanation,
        // Tab is left alone: it leaves the editor. Ctrl+] and Ctrl+[ indent.
        keymap.of([
          { key: "F1", run: explain, preventDefault: true },
          { key: "Mod-.", run: mend, preventDefault: true },
          { key: "Escape", run: (v) => v.state.field(explanation) !== null && (v.dispatch({ effects: explained.of(null) }), true) },
          ...completionKeymap,
          ...defaultKeymap,
          ...lintKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((t) => t.annotation(outside))) events.onchange(update.state.doc.toString());
          if (update.selectionSet && update.view.hasFocus) events.onpoint(update.state.selection.main.head);
        }),
        EditorView.domEventHandlers({
          mousemove(event, v) {
            events.onpoint(v.posAtCoords({ x: event.clientX, y: event.clientY }));
          },
          mouseleave: () => events.onpoint(null),
          blur: () => events.onpoint(null),
        }),
      ],
    }),
  });

  return {
    setText(next) {
      const now = view.state.doc.toString();
      if (now === next) return;
      const most = Math.min(now.length, next.length);
      let from = 0;
      while (from < most && now[from] === next[from]) from++;
      let tail = 0;
      while (tail < most - from && now[now.length - 1 - tail] === next[next.length - 1 - tail]) tail++;
      view.dispatch({ changes: { from, to: now.length - tail, insert: next.slice(from, next.length - tail) }, annotations: outside.of(true) });
    },
    setReadonly(r) {
      view.dispatch({ effects: writable.reconfigure(writing(r)) });
    },
    setMarks(marks) {
      view.dispatch({ effects: setMarksEffect.of(marks) });
    },
    setProblems(problems) {
      const list: Diagnostic[] = problems.map((p) => {
        const { start, end } = clamp(view.state, p);
        const { fix } = p;
        return {
          from: start,
          to: end,
          severity: p.severity === "suggestion" ? "info" : p.severity === "security-warning" ? "warning" : p.severity,
          message: p.message,
          actions: fix ? [{ name: fix.label, apply: () => fix.apply() }] : [],
        };
      });
      found = problems;
      view.dispatch(setDiagnostics(view.state, list));
    },
    setActive(spans) {
      view.dispatch({ effects: setActiveEffect.of(spans) });
    },
    reveal(span) {
      const { start } = clamp(view.state, span);
      view.dispatch({ selection: { anchor: start }, effects: EditorView.scrollIntoView(start, { y: "center" }) });
    },
    insert(sign) {
      view.focus();
      view.dispatch(view.state.replaceSelection(sign), { userEvent: "input.type", scrollIntoView: true });
    },
    focus: () => view.focus(),
    nextProblem() {
      view.focus();
      nextDiagnostic(view);
    },
    suggest() {
      view.focus();
      startCompletion(view);
    },
    explain() {
      view.focus();
      explain(view);
    },
    destroy: () => view.destroy(),
  };
}
