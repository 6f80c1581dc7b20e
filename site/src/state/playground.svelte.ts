import type { Lint, TextEdit } from "../contract/author.ts";
import type { Asked, Check, Diagnostic, Evaluate, Explain, Pointer, Summary } from "../contract/report.ts";
import type { Client, Op, Result, Status } from "../engine/client.ts";
import { Stopped, Superseded } from "../engine/client.ts";
import type { Edit, EditorTab, Found, NodeKind, SavedScenario, World } from "../ui/types.ts";
import { change, staleLabel } from "./announce.ts";
import { depth, maxDepth } from "./depth.ts";
import { apply } from "./edit.ts";
import { add, ask, attach, detach, expectation, renamed, setContext, type Setting } from "./forms.ts";
import * as past from "./history.ts";
import { laidOut, mended } from "./layout.ts";
import type { ManagedPolicy } from "./library.ts";
import { Lines } from "./lines.ts";
import { Managed, type ManagedSources } from "./managed.svelte.ts";
import type { Damage, Link, View } from "./link.ts";
import { managed, place, tabOf } from "./place.ts";
import { Slice, type Span } from "./slice.ts";
import { linked, type Saved, type Store } from "./storage.ts";
import { address, checkKind, relevant, tabs, title } from "./tabs.ts";
import { find, items, join, member, parentOf, parse, pointerAt, string, syntaxError, within } from "./tree.ts";
import { fullAccess, pointerOf, rcpFullAccess, references, world } from "./world.ts";

/** Answer is what the engine said about one text. */
export interface Answer {
  text: string;
  evaluate: Evaluate;
  explain: Explain | null;
  /** since says from when the requests' answers are when the text could not be read as a scenario at all; "" when they are about the text. */
  since: string;
}

/** Shown is a tab's text and how its offsets lie in the scenario; slice is null where there is no such place. */
export interface Shown {
  pointer: Pointer;
  text: string;
  slice: Slice | null;
  /** lead is the blank text before the value that the scenario does not hold. */
  lead: number;
  readonly: boolean;
  /** locked says why a tab cannot be edited now, "" when it can. */
  locked: string;
}

/** Broken is a link that could not be opened. */
export interface Broken {
  /** link is the fragment as it arrived. */
  link: string;
  /** part is what failed; "program" when it was not the link but what reads it. */
  part: Damage["part"] | "program";
  message: string;
  /** recovered is what could be read of the scenario's text, mended the same as JSON; both may be "". */
  recovered: string;
  mended: string;
  /** openable says whether what was recovered may be opened: it is something, and not too deep. */
  openable: boolean;
}

/** asks says whether an address asks for something: "#new", "#example/PATH", "#s=…". */
export function asks(hash: string): boolean {
  return /^#(new$|example\/|s(=|%3d|$))/i.test(hash);
}

export interface Sources {
  client: Client;
  store: Store;
  /** decode reads a link; it rejects with a Damage, or with another error when the link was not looked at. */
  decode(link: string): Promise<Link>;
  example(path: string): Promise<string>;
  /** managed is where AWS's managed policies come from. */
  managed: Omit<ManagedSources, "give" | "came">;
  now(): number;
  id(): string;
}

const rest = 120;
const saveRest = 300;
const awsPolicy = "arn:aws:iam::aws:policy/";

const everything = (principal: string) => `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", ${principal}"Action": "*", "Resource": "*"}]}`;
/** builtIn are the two policies that the engine knows without a library. */
const builtIn = new Map([
  [fullAccess, everything("")],
  [rcpFullAccess, everything('"Principal": "*", ')],
]);

/** blank is a scenario to begin with. */
export const blank = `{
  "version": 1,
  "title": "A new scenario",
  "accounts": {
    "111122223333": {
      "name": "production",
      "policies": {
        "ReadReports": {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "Read",
              "Effect": "Allow",
              "Action": ["s3:GetObject", "s3:ListBucket"],
              "Resource": ["arn:aws:s3:::acme-reports", "arn:aws:s3:::acme-reports/*"]
            }
          ]
        }
      },
      "users": {
        "ali": { "policies": ["ReadReports"] }
      },
      "resources": {
        "arn:aws:s3:::acme-reports": {}
      }
    }
  },
  "requests": [
    {
      "name": "Ali reads a report",
      "principal": "arn:aws:iam::111122223333:user/ali",
      "action": "s3:GetObject",
      "resource": "arn:aws:s3:::acme-reports/q1.csv"
    }
  ]
}
`;

/** Playground is the page's state: the open scenario and what was answered about it. Its methods are all that can happen. */
export class Playground {
  status = $state.raw<Status>({ state: "loading" });
  saved = $state.raw<SavedScenario[]>([]);
  saving = $state<"saved" | "saving" | "denied">("saved");
  id = $state("");
  source = $state("");
  history = $state.raw<past.History>(past.begin("{}", 0));
  selected = $state<Pointer>("");
  /** request is the index of the chosen request. */
  request = $state(0);
  /** shownCheck is the further check of the request whose steps are shown; -1 for the request's own. */
  shownCheck = $state(-1);
  /** hovered is what is pointed at, anywhere on the page; pinned what was chosen last. */
  hovered = $state<Pointer | null>(null);
  pinned = $state<Pointer | null>(null);
  readonly active = $derived(this.hovered ?? this.pinned);
  answer = $state.raw<Answer | null>(null);
  busy = $state(false);
  stopped = $state(false);
  /** failure is what went wrong on our side, "" for nothing. */
  failure = $state("");
  announcement = $state("");
  checks = $state.raw<ReadonlyMap<Pointer, Check>>(new Map());
  readonly managed: Managed;
  about = $state.raw<{ engine: string; rules: string; libraryDate: string }>({ engine: "", rules: "", libraryDate: "" });
  ready = $state(false);
  /** broken is the link that could not be opened and that the user is told of; null for none. */
  broken = $state.raw<Broken | null>(null);
  /** drift lists the requests whose expectations in an opened link are no longer met. */
  drift = $state.raw<readonly Summary[]>([]);
  /** faulty says that the scenario of an opened link has errors. */
  faulty = $state(false);

  readonly state = $derived(past.current(this.history));
  readonly text = $derived(this.state.text);
  readonly drafts = $derived(this.state.drafts);
  readonly root = $derived(parse(this.text));
  readonly lines = $derived(new Lines(this.text));
  readonly title = $derived(string(member(this.root, "title")) || "Untitled scenario");
  /** found is what was last found in the scenario beyond what keeps it from being read, with the text that it is about. */
  found = $state.raw<{ text: string; lint: Lint } | null>(null);
  readonly diagnostics = $derived<readonly Diagnostic[]>(this.answer?.evaluate.diagnostics ?? []);
  /** more is how many findings of the engine there are beside those that it lists, of the scenario and of what is being typed. */
  readonly more = $derived((this.answer?.evaluate.more ?? 0) + [...this.checks.values()].reduce((sum, check) => sum + check.more, 0));
  readonly summaries = $derived<readonly Summary[]>(this.answer?.evaluate.requests ?? []);
  readonly summary = $derived<Summary | null>(this.answer?.explain?.index === this.request ? this.answer.explain : (this.summaries[this.request] ?? null));
  readonly explain = $derived<Explain | null>(this.answer?.explain ?? null);
  readonly world = $derived.by<World>(() => world(this.root, this.diagnostics, this.managed.names, this.managed.bundled));
  /** named are the policies of AWS that the scenario attaches; lacking are those among them that could not be had. */
  private readonly named = $derived([...new Set(references(this.root).map((r) => r.reference).filter((r) => r.startsWith(awsPolicy)))]);
  readonly lacking = $derived.by(() => this.named.filter((arn) => this.managed.missing.has(arn)));
  /** closed are the tabs that the user put away for this request. */
  closed = $state.raw<ReadonlySet<Pointer>>(new Set());
  readonly tabs = $derived<EditorTab[]>(tabs(this.root, this.explain, this.selected, this.drafts).filter((t) => t.pointer === this.selected || t.draft || !this.closed.has(t.pointer)));
  readonly requestPointer = $derived(join("/requests", this.request));
  readonly canUndo = $derived(this.history.at > 0);
  readonly canRedo = $derived(this.history.at < this.history.states.length - 1);
  /** stale says from when the shown answer is, "" when it is about the text as it stands. */
  readonly stale = $derived.by(() => {
    if (this.stopped) return "from before the evaluation that was stopped";
    const draft = this.drafts.entries().next().value;
    if (!draft) return this.answer?.since ?? "";
    const [pointer, text] = draft;
    const error = syntaxError(text);
    return staleLabel(error ? new Lines(text).position(error.offset).line + 1 : null, pointer === "" ? "" : title(this.root, pointer).title);
  });

  /** typed is the last text typed in a tab and the scenario it made, so that blanks around a value stay while it is edited. */
  private typed = $state.raw<{ pointer: Pointer; text: string; full: string } | null>(null);
  readonly shown = $derived<Shown>(this.show(this.selected));

  private timer: ReturnType<typeof setTimeout> | null = null;
  private saver: ReturnType<typeof setTimeout> | null = null;
  private speaker: ReturnType<typeof setTimeout> | null = null;
  private spoken: Summary | null = null;
  /** arrived is the text that a link brought, until it is answered. */
  private arrived: string | null = null;
  /** linked is the last text that a link brought, "" for none. */
  private linked = "";
  private aboutAsked = false;

  constructor(private readonly from: Sources) {
    this.saving = from.store.denied ? "denied" : "saved";
    this.managed = new Managed({
      ...from.managed,
      give: (text, name) => from.client.prepare({ op: "library", text }, name),
      came: () => this.evaluate(0),
    });
  }

  // Opening and keeping.

  /** begin opens what the address asks for, or the scenario of the last visit, or the first tutorial. */
  async begin(hash: string, first: string): Promise<void> {
    await this.refresh();
    if (await this.follow(hash)) return;
    const failure = this.failure;
    const last = await this.from.store.setting("open").catch(() => undefined);
    const all = await this.list();
    const found = all.find((s) => s.id === last) ?? all.sort((a, b) => b.updated - a.updated)[0];
    if (found) this.load(found);
    else await this.openExample(first).catch(() => this.create());
    this.failure ||= failure;
  }

  /** follow does what an address says: "#new", "#example/PATH", "#s=…". It tells whether something was opened. */
  async follow(hash: string): Promise<boolean> {
    if (!asks(hash)) return false;
    this.broken = null;
    if (hash === "#new") {
      this.create();
      return true;
    }
    if (!hash.startsWith("#example/")) return this.followLink(hash);
    let path = hash.slice("#example/".length);
    try {
      path = decodeURIComponent(path);
      await this.openExample(path);
    } catch (error) {
      this.failure = `"${path}" could not be opened: ${error instanceof Error ? error.message : String(error)}`;
      return false;
    }
    return true;
  }

  private async followLink(link: string): Promise<boolean> {
    try {
      await this.openLink(await this.from.decode(link));
      return true;
    } catch (error) {
      const { message, part = "program", recovered = "" } = error as Error & Partial<Damage>;
      const openable = recovered !== "" && depth(recovered) <= maxDepth;
      this.broken = { link, part, message, recovered, mended: openable ? mended(recovered) : "", openable };
      return false;
    }
  }

  /** openLink opens the scenario of a link as a copy of the user's own, or the copy of the last time when nobody changed it. */
  private async openLink({ scenario, view }: Link): Promise<void> {
    const text = laidOut(scenario);
    if (this.id === "" || this.source !== linked || this.text !== text || this.drafts.size > 0) {
      const found = (await this.list()).find((s) => s.id !== this.id && s.source === linked && past.current(s.history).text === text && past.current(s.history).drafts.size === 0);
      if (found) {
        this.leave();
        this.load(found);
      } else this.openText(text, linked);
    }
    this.arrived = text;
    this.look(view);
  }

  /** look shows what a link's view names, as far as it is there. */
  private look({ request, tab, focus }: View): void {
    this.choose(request < items(member(this.root, "requests")).length ? request : 0);
    if (tab !== "" && (tab.startsWith(awsPolicy) || find(this.root, tab))) this.choose(this.request, tabOf(tab));
    if (focus !== "" && find(this.root, focus)) this.select(focus);
  }

  /** openRecovered opens what could be read of a broken link: as JSON where that is possible, else as text to be repaired. */
  openRecovered(): void {
    const { broken } = this;
    if (!broken?.openable) return;
    this.broken = null;
    this.openText(broken.mended ? laidOut(broken.mended) : broken.recovered, linked);
    this.arrived = this.text;
  }

  private async list(): Promise<Saved[]> {
    return this.from.store.list().catch(() => []);
  }

  private async refresh(): Promise<void> {
    const all = (await this.list()).sort((a, b) => b.updated - a.updated);
    this.saved = all.map((s) => ({ id: s.id, title: s.title, detail: s.source === linked ? "from a link" : s.source ? "from the gallery" : "" }));
  }

  private load(saved: Saved): void {
    this.id = saved.id;
    this.source = saved.source;
    this.history = saved.history;
    this.selected = saved.selected;
    this.request = saved.request;
    this.typed = null;
    this.answer = null;
    this.spoken = null;
    this.arrived = null;
    this.drift = [];
    this.faulty = false;
    this.checks = new Map();
    this.ready = true;
    void this.from.store.set("open", saved.id).catch(() => this.denied());
    this.evaluate(0);
    this.checkDrafts();
  }

  private openText(text: string, source: string): void {
    this.failure = "";
    this.leave();
    this.load({ id: this.from.id(), title: "", source, history: past.begin(text, this.from.now()), selected: "", request: 0, updated: this.from.now() });
    this.focusPolicy = true;
    this.save();
  }

  /** focusPolicy asks for the deciding policy to be opened once the answer is there. */
  private focusPolicy = false;

  /** openExample opens a gallery scenario as a copy of the user's own; one that is open and unchanged is taken again. */
  async openExample(path: string): Promise<void> {
    this.openText(await this.from.example(path), path);
  }

  create(): void {
    this.openText(blank, "");
  }

  /** openImport opens what was imported as a scenario of the user's own. */
  openImport(text: string): void {
    this.openText(text, "");
  }

  /** addImport makes the open scenario with an import added to it one step of the history, and chooses the first request that came in. */
  addImport(text: string): void {
    const before = items(member(this.root, "requests")).length;
    this.typed = null;
    this.push(text, this.drafts, "added an import", false);
    if (items(member(this.root, "requests")).length > before) this.choose(before);
  }

  duplicate(): void {
    const root = this.root;
    const named = string(member(root, "title"));
    const text = named ? apply(this.text, [{ op: "set", pointer: "/title", value: `${named} (copy)` }]) : this.text;
    const { request, selected } = this;
    this.openText(text, "");
    this.request = request;
    this.selected = selected;
  }

  async open(id: string): Promise<void> {
    if (id === this.id) return;
    const found = (await this.list()).find((s) => s.id === id);
    if (!found) return;
    this.leave();
    this.load(found);
  }

  async delete(id: string): Promise<void> {
    await this.from.store.remove(id).catch(() => this.denied());
    if (id === this.id) {
      this.id = "";
      const next = (await this.list()).sort((a, b) => b.updated - a.updated)[0];
      if (next) this.load(next);
      else this.create();
    }
    await this.refresh();
  }

  /** leave keeps the open scenario before another is opened; a gallery scenario that nobody changed is not kept. */
  private leave(): void {
    if (this.id === "") return;
    if (this.source !== "" && this.source !== linked && this.history.states.length === 1) void this.from.store.remove(this.id).catch(() => this.denied()).then(() => this.refresh());
    else this.flush();
  }

  private denied(): void {
    this.saving = "denied";
  }

  private save(): void {
    if (this.saving !== "denied") this.saving = "saving";
    if (this.saver) clearTimeout(this.saver);
    this.saver = setTimeout(() => this.flush(), saveRest);
  }

  /** flush keeps the open scenario now. */
  flush(): void {
    if (this.saver) clearTimeout(this.saver);
    this.saver = null;
    if (this.id === "") return;
    const saved: Saved = {
      id: this.id,
      title: this.title,
      source: this.source,
      history: this.history,
      selected: this.selected,
      request: this.request,
      updated: this.from.now(),
    };
    this.from.store.save(saved).then(
      () => {
        if (this.saving === "saving" && this.saver === null) this.saving = "saved";
        void this.refresh();
      },
      () => this.denied(),
    );
  }

  // Changing.

  private push(text: string, drafts: ReadonlyMap<Pointer, string>, label: string, merge: boolean): void {
    this.pinned = null;
    let living = drafts;
    if (drafts.size > 0 && text !== this.text) {
      const root = parse(text);
      living = new Map([...drafts].filter(([p]) => p === "" || find(root, p)));
    }
    this.history = past.push(this.history, { text, drafts: living, label, when: this.from.now() }, merge);
    this.settle();
  }

  /** settle brings everything in line with the current state. */
  private settle(): void {
    const count = items(member(this.root, "requests")).length;
    if (this.request >= count) this.request = Math.max(0, count - 1);
    if (!managed(this.selected) && this.selected !== "" && !find(this.root, this.selected)) this.select(parentOf(this.selected));
    this.stopped = false;
    this.evaluate(rest);
    this.checkDrafts();
    this.save();
  }

  /** locked says why something cannot be edited by a form or a narrower tab, "" when it can. */
  private locked(pointer: Pointer): string {
    for (const draft of this.drafts.keys())
      if (draft !== pointer && within(pointer, draft)) return `${title(this.root, draft).title} has a syntax error; repair it there first`;
    return "";
  }

  /** edit makes a form's changes as one step. Text that is broken around or inside it must be repaired first. */
  edit(edits: Edit[], label = "edited in a form"): void {
    if (edits.length === 0) return;
    for (const e of edits) {
      const reason = this.locked(e.pointer) || [...this.drafts.keys()].filter((d) => within(d, e.pointer) && e.op !== "remove").map((d) => `${title(this.root, d).title} has a syntax error; repair it there first`)[0];
      if (reason) {
        this.failure = reason;
        return;
      }
    }
    let text = this.text;
    for (const e of edits) {
      if (e.op === "rename") text = apply(text, renamed(parse(text), e.pointer, e.key));
      text = apply(text, [e]);
    }
    for (const e of edits) if (e.op === "rename" && within(this.selected, e.pointer)) this.selected = join(e.pointer.slice(0, e.pointer.lastIndexOf("/")), e.key) + this.selected.slice(e.pointer.length);
    const merge = edits.every((e) => e.op === "set");
    this.push(text, this.drafts, label + (merge ? " " + edits.map((e) => e.pointer).join(" ") : ""), merge);
  }

  add(kind: NodeKind, parent: Pointer, name = ""): void {
    const change = add(this.root, kind, parent, kind === "request" && items(member(this.root, "requests")).length ? this.requestPointer : null, this.text, name);
    this.edit(change.edits, change.label);
    if (!find(this.root, change.select)) return;
    if (kind === "request") this.choose(items(member(this.root, "requests")).length - 1, change.select);
    else this.selected = change.select;
  }

  /** question adds a request and chooses it; one that asks the same is chosen instead. */
  question(asked: { principal: string; action: string; resource: string; via: string }): void {
    const there = items(member(this.root, "requests")).findIndex((r) => (["principal", "action", "resource", "via"] as const).every((key) => string(member(r, key)) === asked[key]) && !member(r, "context"));
    if (there >= 0) return this.choose(there);
    const made = ask(this.root, asked);
    this.edit(made.edits, made.label);
    if (find(this.root, made.select)) this.choose(items(member(this.root, "requests")).length - 1);
  }

  /** textOf gives the text of a kept scenario. */
  async textOf(id: string): Promise<string> {
    const found = (await this.list()).find((s) => s.id === id);
    if (!found) throw new Error("this scenario is no longer kept in this browser");
    return past.current(found.history).text;
  }

  attach(list: Pointer, reference: string): void {
    this.edit(attach(this.root, list, reference), `attached ${reference}`);
  }

  detach(list: Pointer, reference: string): void {
    this.edit(detach(this.root, list, reference), `detached ${reference}`);
  }

  /** setContext writes context keys of the chosen request in one step. */
  setContext(settings: readonly [string, Setting][]): void {
    let text = this.text;
    const reason = this.locked(this.requestPointer);
    if (reason) {
      this.failure = reason;
      return;
    }
    for (const [key, setting] of settings) text = apply(text, setContext(parse(text), this.requestPointer, key, setting));
    this.push(text, this.drafts, "set " + settings.map(([key]) => key).join(", "), true);
  }

  /** expect writes the current answer of a request down as its expectation. */
  expect(index: number): void {
    const summary = this.summaries[index];
    if (summary && this.stale === "") this.edit([{ op: "set", pointer: join("/requests", index, "expect"), value: expectation(summary) }], "kept an answer as expectation");
  }

  /** fix makes a finding's fix, or several, as one step: those that do not touch each other, and only in the text that they were found in. */
  fix(findings: readonly Found[], label: string): void {
    if (this.found?.text !== this.text) return;
    const reason = findings.map((f) => this.locked(f.pointer)).find(Boolean);
    if (reason) {
      this.failure = reason;
      return;
    }
    const edits: TextEdit[] = [];
    for (const f of findings) if (f.fix && !f.fix.some((e) => edits.some((other) => e.start <= other.end && other.start <= e.end))) edits.push(...f.fix);
    let text = this.text;
    for (const e of edits.sort((a, b) => b.start - a.start)) text = text.slice(0, e.start) + e.text + text.slice(e.end);
    this.push(text, this.drafts, label, false);
  }

  /** mend writes the resource for which AWS makes a request or a further check of it. */
  mend(asked: Asked): void {
    if (asked.fix !== "" && this.stale === "" && this.answer?.text === this.text) this.edit([{ op: "set", pointer: asked.pointer, value: asked.fix }], `asked about ${asked.fix}`);
  }

  /** check adds further checks to the chosen request. */
  check(checks: readonly { name: string; action: string; resource: string }[]): void {
    this.edit(checks.map(({ name, action, resource }) => ({ op: "append", pointer: join(this.requestPointer, "also"), value: { name, action, resource } })), checks.length === 1 ? `added the check of ${checks[0]!.action}` : `added ${checks.length} checks`);
  }

  /** type takes the text of a tab as it is being typed. */
  type(pointer: Pointer, typed: string): void {
    const label = `typed in ${title(this.root, pointer).title}`;
    const drafts = new Map(this.drafts);
    if (syntaxError(typed)) {
      drafts.set(pointer, typed);
      this.push(this.text, drafts, label, true);
      return;
    }
    drafts.delete(pointer);
    const node = find(this.root, pointer);
    const full = pointer === "" ? typed : node ? Slice.of(this.text, node, this.lines).splice(typed) : this.text;
    this.typed = { pointer, text: typed, full };
    this.push(full, drafts, label, true);
  }

  undo(): void {
    this.travel(past.undo(this.history));
  }

  redo(): void {
    this.travel(past.redo(this.history));
  }

  restore(index: number): void {
    this.travel(past.restore(this.history, index, this.from.now()));
  }

  private travel(history: past.History): void {
    if (history === this.history || history.at === this.history.at && history.states === this.history.states) return;
    this.typed = null;
    this.history = history;
    this.settle();
  }

  // Looking.

  private show(pointer: Pointer): Shown {
    const aws = managed(pointer);
    if (aws) {
      const policy = this.policies.get(aws.arn);
      const text = policy?.text ?? builtIn.get(aws.arn) ?? "";
      return { pointer, text, slice: text ? new Slice(text, 0, text.length) : null, lead: 0, readonly: true, locked: text ? "" : this.absence(aws.arn) };
    }
    const node = find(this.root, pointer);
    const slice = node ? (pointer === "" ? new Slice(this.text, 0, this.text.length, this.lines) : Slice.of(this.text, node, this.lines)) : null;
    const draft = this.drafts.get(pointer);
    const locked = this.locked(pointer);
    if (draft !== undefined) return { pointer, text: draft, slice: null, lead: 0, readonly: false, locked };
    if (this.typed && this.typed.pointer === pointer && this.typed.full === this.text && pointer !== "") {
      const text = this.typed.text;
      return { pointer, text, slice, lead: text.length - text.trimStart().length, readonly: false, locked };
    }
    return { pointer, text: slice?.text ?? "", slice, lead: 0, readonly: locked !== "", locked };
  }

  /** absence says why the text of a policy of AWS is not here. */
  private absence(arn: string): string {
    const { index, missing } = this.managed;
    const why = missing.get(arn);
    if (why) return `this AWS policy could not be fetched: ${why}`;
    return index?.policies.every((p) => p.arn !== arn) ? `AWS has no policy of this name in its list of ${index.date}` : "this AWS policy is on its way";
  }

  /** inTab gives the place in the open tab of a span of the scenario (or of the AWS document that is open). */
  inTab(span: Span): Span | null {
    const { slice, lead } = this.shown;
    const found = slice?.toView(span);
    return found ? { start: found.start + lead, end: found.end + lead } : null;
  }

  /** pointed gives the pointer of what lies at an offset of the open tab. */
  pointed(offset: number): Pointer | null {
    const { slice, lead, pointer } = this.shown;
    if (!slice) return null;
    const aws = managed(pointer);
    return aws ? `${aws.arn}#${pointerAt(parse(this.shown.text), offset)}` : pointerAt(this.root, slice.toFull(offset - lead));
  }

  /** close puts a tab away; the whole text and drafts stay. */
  close(pointer: Pointer): void {
    const at = this.tabs.findIndex((t) => t.pointer === pointer);
    if (at < 0 || !this.tabs[at]!.closable) return;
    this.closed = new Set([...this.closed, pointer]);
    if (pointer === this.selected) this.selected = (this.tabs[at + 1] ?? this.tabs[at - 1])?.pointer ?? "";
  }

  /** choose asks another request; the policy that decided it is opened unless something else is named. */
  choose(index: number, select: Pointer | null = null): void {
    this.request = index;
    this.shownCheck = -1;
    this.pinned = null;
    this.closed = new Set();
    if (select !== null) this.selected = select;
    this.focusPolicy = select === null;
    this.evaluate(0);
    this.save();
  }

  /** showCheck shows the steps of a further check of the call, or with -1 the request's own. */
  showCheck(check: number): void {
    this.shownCheck = check;
    this.pinned = null;
    this.evaluate(0);
  }

  /** select opens the tab that shows what is pointed at. */
  select(pointer: Pointer): void {
    let tab = tabOf(pointer);
    while (managed(tab) === null && tab !== "" && !find(this.root, tab)) tab = tabOf(parentOf(tab));
    this.selected = tab;
    this.pinned = pointer;
    const kind = place(pointer);
    if (kind.kind === "request" && Number(kind.name) !== this.request) this.choose(Number(kind.name), this.selected);
    this.checkDrafts();
    this.save();
  }

  // Asking the engine.

  /** know gives the engine facts about actions, of which answers then make use. */
  know(facts: string): Promise<unknown> {
    return this.from.client.prepare({ op: "facts", text: facts });
  }

  /** again asks once more, since the engine knows more now; what a link brought is held to its expectations again. */
  again(): void {
    if (this.linked !== "" && this.linked === this.text) this.arrived = this.text;
    this.evaluate(0);
  }

  private evaluate(delay: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), delay);
  }

  private async ask(): Promise<void> {
    const { text, request, shownCheck: check } = this;
    if (!this.ready) return;
    this.busy = true;
    if (text.includes(awsPolicy)) {
      await this.useLibrary();
      // Those that are not bundled count as unknown until they are here; then the answer is asked again.
      this.managed.need(this.named);
    }
    const ops: Op[] = [{ op: "evaluate" }];
    if (items(member(this.root, "requests")).length > request) ops.push({ op: "explain", request, ...(check >= 0 ? { check } : {}) });
    if (!this.aboutAsked) ops.push({ op: "about" });
    try {
      const results = await this.from.client.ask("answer", text, ops);
      this.busy = false;
      // An answer about a text or a request that is no longer there is followed by a newer one.
      if (this.text === text && this.request === request && this.shownCheck === check) this.take(text, results);
    } catch (error) {
      if (error instanceof Superseded) return;
      this.busy = false;
      if (error instanceof Stopped) this.stopped = true;
      else this.failure = error instanceof Error ? error.message : String(error);
    }
  }

  /** answers asks about another text than the open one, and leaves everything on the page as it is. */
  async answers(text: string): Promise<readonly Summary[]> {
    const [result] = await this.from.client.ask("answers", text, [{ op: "evaluate" }]);
    return result && "requests" in result ? result.requests : [];
  }

  private take(text: string, results: Result[]): void {
    const evaluate = results.find((r) => r.op === "evaluate");
    const explain = results.find((r) => r.op === "explain");
    const about = results.find((r) => r.op === "about");
    if (about && "engine" in about) {
      this.about = { engine: about.engine, rules: about.rules, libraryDate: this.about.libraryDate || about.libraryDate };
      this.aboutAsked = true;
    }
    if (!evaluate || !("requests" in evaluate)) return;
    const answer: Answer = { text, evaluate, explain: explain && "stages" in explain ? explain : null, since: "" };
    const before = this.answer;
    const error = evaluate.diagnostics.find((d) => d.severity === "error");
    if (error && before && evaluate.requests.length === 0 && before.evaluate.requests.length > 0) {
      answer.evaluate = { ...evaluate, requests: before.evaluate.requests };
      answer.explain = before.explain;
      answer.since = `from before the problem at line ${error.line}`;
    }
    this.answer = answer;
    this.stopped = false;
    // While policies are on their way, the answer is not yet the one to hold expectations against.
    if (this.arrived === text && this.named.every((arn) => this.managed.settled(arn))) {
      this.arrived = null;
      this.linked = text;
      this.drift = evaluate.requests.filter((r) => r.expectation && !r.expectation.met);
      this.faulty = error !== undefined;
    }
    if (this.focusPolicy && answer.explain) {
      this.focusPolicy = false;
      const first = relevant(answer.explain).map(address).find((p) => (managed(p) ? this.policies.has(p) || builtIn.has(p) : find(this.root, p)));
      this.selected = first ?? pointerOf(this.root, answer.explain.sentence.principal) ?? this.requestPointer;
    }
    this.speak();
  }

  /** speak tells a screen reader what became of the chosen request, once the typing rests. */
  private speak(): void {
    if (this.speaker) clearTimeout(this.speaker);
    this.speaker = setTimeout(() => {
      const said = change(this.spoken, this.summary);
      this.spoken = this.summary;
      if (said) this.announcement = said;
    }, 700);
  }

  private checkDrafts(): void {
    const { drafts } = this;
    if (drafts.size === 0) {
      if (this.checks.size) this.checks = new Map();
      return;
    }
    const list = [...drafts];
    this.from.client.ask("check", undefined, list.map(([pointer, text]) => ({ op: "check", text, kind: checkKind(pointer) }))).then(
      (results) => {
        const checks = new Map<Pointer, Check>();
        results.forEach((r, i) => {
          if ("valid" in r && list[i]) checks.set(list[i][0], r);
        });
        if (this.drafts === drafts) this.checks = checks;
      },
      () => {},
    );
  }

  /** policies are the texts of AWS's policies that are here, by ARN. */
  get policies(): ReadonlyMap<string, ManagedPolicy> {
    return this.managed.policies;
  }

  /** useLibrary loads AWS's bundled policies for the engine and the page, once. */
  async useLibrary(): Promise<void> {
    try {
      await this.managed.library();
      this.about = { ...this.about, libraryDate: this.managed.libraryDate };
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
  }

  /** retry starts a failed engine again. */
  retry(): void {
    this.failure = "";
    this.stopped = false;
    this.from.client.retry();
    this.evaluate(0);
  }
}
