import type { Diagnostic, Evaluate, Explain, Pointer, Summary } from "../contract/report.ts";
import { Stopped, Superseded, type Client } from "../engine/client.ts";
import { change, staleLabel } from "../state/announce.ts";
import * as past from "../state/history.ts";
import { Lines } from "../state/lines.ts";
import { managed, place, type Place } from "../state/place.ts";
import { Slice, type Span } from "../state/slice.ts";
import { relevant, title } from "../state/tabs.ts";
import { find, join, member, members, parse, string, syntaxError, type Node } from "../state/tree.ts";
import type { Trace } from "./trace.ts";

/** Answer is what the engine, or a trace, said about one text. */
interface Answer {
  text: string;
  evaluate: Evaluate;
  explain: Explain | null;
}

/** Policy is a document that an embed shows. */
export interface Policy {
  pointer: Pointer;
  title: string;
  detail: string;
}

export interface Sources {
  /** client starts the engine when it is first called. */
  client(): Client;
  /** library gives the engine AWS's managed policies. */
  library(): Promise<unknown>;
  say(change: string): void;
  onanswer(answer: { evaluate: Evaluate; explain: Explain | null }): void;
  onfailure(message: string): void;
  onchange(text: string): void;
}

const rest = 120;

/** worded says what the author of a page can do about an engine that was refused. */
const worded = (message: string) => (/content security policy|unsafe-eval|CSP/i.test(message) ? `${message}. The page's policy refuses WebAssembly: let script-src allow 'wasm-unsafe-eval', or use the frame` : message);
let lanes = 0;

/** Session is one scenario in an embed: its text as the reader left it, and what is answered about it. */
export class Session {
  history = $state.raw<past.History>(past.begin("{}", 0));
  request = $state(0);
  answer = $state.raw<Answer | null>(null);
  failure = $state("");
  readonly text = $derived(past.current(this.history).text);
  readonly drafts = $derived(past.current(this.history).drafts);
  readonly root = $derived(parse(this.text));
  readonly lines = $derived(new Lines(this.text));
  readonly title = $derived(string(member(this.root, "title")));
  readonly summaries = $derived<readonly Summary[]>(this.answer?.evaluate.requests ?? []);
  readonly explain = $derived<Explain | null>(this.answer?.explain?.index === this.request ? this.answer.explain : null);
  readonly summary = $derived<Summary | null>(this.explain ?? this.summaries[this.request] ?? null);
  readonly errors = $derived<readonly Diagnostic[]>((this.answer?.evaluate.diagnostics ?? []).filter((d) => d.severity === "error"));
  readonly changed = $derived.by(() => this.text !== this.original || this.drafts.size > 0);
  /** stale says from when the shown answer is, "" when it is about the text as it stands. */
  readonly stale = $derived.by(() => {
    const draft = this.drafts.entries().next().value;
    if (!draft) return "";
    const error = syntaxError(draft[1]);
    return staleLabel(error ? new Lines(draft[1]).position(error.offset).line + 1 : null, title(this.root, draft[0]).title);
  });

  private readonly original: string;
  private readonly trace: Trace | null;
  private readonly from: Sources;
  private typed = $state.raw<{ pointer: Pointer; text: string; full: string } | null>(null);
  private readonly lane = `embed ${lanes++}`;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private spoken: Summary | null = null;
  private asked: Promise<void> = Promise.resolve();

  constructor(original: string, trace: Trace | null, from: Sources, restored = original) {
    this.original = original;
    this.trace = trace;
    this.from = from;
    this.history = past.begin(restored, Date.now());
  }

  /** ask answers the chosen request of the text as it stands, and resolves when that is shown. */
  ask(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    return (this.asked = this.answered());
  }

  private async answered(): Promise<void> {
    const { text, request } = this;
    if (this.trace && text === this.trace.scenario) {
      this.take({ text, evaluate: this.trace.evaluate, explain: this.trace.explain[request] ?? null });
      return;
    }
    try {
      if (text.includes(":iam::aws:policy/")) await this.from.library();
      const [evaluate, explain] = await this.from.client().ask(this.lane, text, [{ op: "evaluate" }, { op: "explain", request }]);
      if (evaluate && "requests" in evaluate) this.take({ text, evaluate, explain: explain && "stages" in explain ? explain : null });
    } catch (error) {
      if (error instanceof Superseded) return;
      this.failure = error instanceof Stopped ? "the evaluation took longer than 3 seconds and was stopped" : worded(error instanceof Error ? error.message : String(error));
      this.from.onfailure(this.failure);
    }
  }

  private take(answer: Answer): void {
    this.failure = "";
    this.answer = answer;
    this.from.onanswer(answer);
    const said = change(this.spoken, this.summary);
    if (said) this.from.say(said);
    this.spoken = this.summary;
  }

  select(request: number): void {
    this.request = request;
    void this.ask();
  }

  /** indexOf gives the place of a request by its name, or by its number, counted from 0; -1 for none. */
  indexOf(request: string): number {
    const requests = member(this.root, "requests")?.children ?? [];
    const named = requests.findIndex((one) => string(member(one, "name")) === request);
    if (named >= 0) return named;
    return /^\d{1,5}$/.test(request) && Number(request) < requests.length ? Number(request) : -1;
  }

  // Changing.

  private push(text: string, drafts: ReadonlyMap<Pointer, string>, label: string): void {
    this.history = past.push(this.history, { text, drafts, label, when: Date.now() }, true);
    this.later();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), rest);
    this.from.onchange(this.text);
  }

  /** type takes what was typed as the text of a policy; what is no JSON yet waits beside the scenario. */
  type(pointer: Pointer, typed: string): void {
    const drafts = new Map(this.drafts);
    const node = find(this.root, pointer);
    if (!node || syntaxError(typed)) {
      drafts.set(pointer, typed);
      this.push(this.text, drafts, pointer);
      return;
    }
    drafts.delete(pointer);
    const full = Slice.of(this.text, node, this.lines).splice(typed);
    this.typed = { pointer, text: typed, full };
    this.push(full, drafts, pointer);
  }

  undo(): void {
    this.history = past.undo(this.history);
    this.typed = null;
    this.later();
  }

  redo(): void {
    this.history = past.redo(this.history);
    this.typed = null;
    this.later();
  }

  reset(): void {
    this.history = past.begin(this.original, Date.now());
    this.typed = null;
    this.from.onchange(this.text);
    void this.ask();
  }

  close(): void {
    clearTimeout(this.timer);
  }

  // Showing.

  /** shown is the text of a policy, and how its offsets lie in the scenario; slice is null while it is a draft. */
  shown(pointer: Pointer): { text: string; slice: Slice | null } {
    const draft = this.drafts.get(pointer);
    if (draft !== undefined) return { text: draft, slice: null };
    const node = find(this.root, pointer);
    const slice = node ? Slice.of(this.text, node, this.lines) : null;
    const typed = this.typed?.pointer === pointer && this.typed.full === this.text ? this.typed.text : undefined;
    return { text: typed ?? slice?.text ?? "", slice };
  }

  /** spanOf gives the place of a pointer in the shown text of a policy; null when it is elsewhere, or the answer is about another text. */
  spanOf(pointer: Pointer, policy: Pointer): Span | null {
    if (this.answer?.text !== this.text || managed(pointer)) return null;
    const { text, slice } = this.shown(policy);
    const range = this.explain?.positions[pointer];
    const node = range ? null : find(this.root, pointer);
    const span = slice?.toView(range ?? (node ? { start: node.offset, end: node.offset + node.length } : { start: -1, end: -1 }));
    if (!span) return null;
    // What was typed before the value is no part of the scenario.
    const lead = text.length - text.trimStart().length;
    return { start: span.start + lead, end: span.end + lead };
  }

  /** named finds the policies of these names, wherever they stand. */
  named(names: readonly string[]): Policy[] {
    const found: Policy[] = [];
    const visit = (node: Node | undefined, pointer: Pointer, depth: number) => {
      if (depth > 24) return;
      const here: Place = place(pointer);
      if (here.pointer === pointer && here.kind === "policy" && node?.type === "object") {
        const words = title(this.root, pointer);
        if (names.includes(words.title) || names.includes(here.name)) found.push({ pointer, ...words });
        return;
      }
      for (const { key, value } of members(node)) visit(value, join(pointer, key), depth + 1);
    };
    for (const key of ["organization", "accounts"]) visit(member(this.root, key), `/${key}`, 1);
    return found;
  }

  /** policies are the documents of the scenario that the chosen request met, what decided first. */
  policies(): Policy[] {
    return relevant(this.explain)
      .filter((pointer) => !managed(pointer) && find(this.root, pointer)?.type === "object")
      .map((pointer) => ({ pointer, ...title(this.root, pointer) }));
  }
}
