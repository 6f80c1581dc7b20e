import type { ActionChange, Compared, RequestChange, VersionProblem } from "../contract/author.ts";
import type { Pointer } from "../contract/report.ts";
import { Slice } from "./slice.ts";
import { find, member, parse, string, syntaxError } from "./tree.ts";
import { Lines } from "./lines.ts";

/** Comparison is what is known so far of what changes between two versions. */
export interface Comparison {
  problems: VersionProblem[];
  requests: RequestChange[];
  asked: number;
  changes: ActionChange[];
  open: string[];
  total: number;
  done: number;
  finished: boolean;
  stopped: boolean;
}

/** AskPart asks for a part of a comparison: up to most probes from a number on. It gives null when nobody answers. */
export type AskPart = (before: string, after: string, from: number, most: number) => Promise<Compared | null>;

/** fewest and mostest bound how many probes a part has; quick and slow, in milliseconds, are when there may be more and must be fewer. */
const fewest = 10;
const mostest = 4000;
const quick = 60;
const slow = 150;

/**
 * Comparer compares two versions a part at a time, so that whatever else is asked of the same program waits for one part at most.
 * A newer comparison ends an older one.
 */
export class Comparer {
  private run = 0;

  constructor(
    private readonly ask: AskPart,
    private readonly now: () => number,
  ) {}

  /** compare tells after each part what is known, and at the end whether it got there; a comparison that was ended tells nothing more. */
  async compare(before: string, after: string, onpart: (comparison: Comparison) => void): Promise<"done" | "ended" | "failed"> {
    const run = ++this.run;
    let known = null as Comparison | null;
    let most = 100;
    for (;;) {
      const began = this.now();
      const last = known;
      const part = await this.ask(before, after, last?.done ?? 0, most);
      if (run !== this.run) return "ended";
      if (!part || (!part.finished && part.done <= (last?.done ?? -1))) return "failed";
      const took = this.now() - began;
      if (took < quick) most = Math.min(most * 2, mostest);
      else if (took > slow) most = Math.max(Math.floor(most / 2), fewest);
      const { problems, open, total, done, finished, stopped } = part;
      known = { problems, open, total, done, finished, stopped, requests: last?.requests ?? part.requests, asked: last?.asked ?? part.asked, changes: last ? joined(last.changes, part.changes) : part.changes };
      onpart(known);
      if (finished) return "done";
    }
  }

  /** stop ends what is running. */
  stop(): void {
    this.run++;
  }
}

const alike = (c: ActionChange) => JSON.stringify([c.service, c.level, c.principal, c.resource, c.via, c.before, c.after]);

/** joined puts the changes of two parts together; what a part's end cut in two becomes one again. */
function joined(list: ActionChange[], more: ActionChange[]): ActionChange[] {
  const out = [...list];
  const tail = new Map(out.slice(-20).map((c, i) => [alike(c), Math.max(0, out.length - 20) + i]));
  for (const c of more) {
    const at = tail.get(alike(c));
    if (at === undefined) out.push(c);
    else out[at] = { ...c, actions: [...out[at]!.actions, ...c.actions] };
  }
  return out;
}

/** count is how many probes changes stand for. */
export function count(changes: readonly ActionChange[]): number {
  return changes.reduce((sum, c) => sum + c.actions.length, 0);
}

/** Group are the changes of a service at one access level. */
export interface Group {
  level: ActionChange["level"];
  service: string;
  changes: ActionChange[];
}

const levels: ActionChange["level"][] = ["Permissions management", "Write", "Tagging", "Read", "List"];

/** grouped puts the most far-reaching access level first, and the services of a level in order. */
export function grouped(changes: readonly ActionChange[]): Group[] {
  const groups = new Map<string, Group>();
  for (const c of changes) {
    const key = `${levels.indexOf(c.level)} ${c.service}`;
    const group = groups.get(key);
    if (group) group.changes.push(c);
    else groups.set(key, { level: c.level, service: c.service, changes: [c] });
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** denied says of a change that it stays a denial, for another reason. */
export function denied(c: ActionChange): boolean {
  return /Deny$/.test(c.before.decision) && /Deny$/.test(c.after.decision);
}

/** pasted makes a version of a scenario from a pasted text: a scenario as it is, a policy in the place of the one at a pointer. */
export function pasted(text: string, pointer: Pointer | null, given: string): { text: string; problem: "" } | { text: ""; problem: string } {
  const refuse = (problem: string) => ({ text: "" as const, problem });
  const error = syntaxError(given);
  if (error) return refuse(`it is no JSON from line ${new Lines(given).position(error.offset).line + 1} on; expected a scenario or a policy`);
  const root = parse(given);
  if (member(root, "accounts")) return { text: given, problem: "" };
  if (!member(root, "Statement")) return refuse("found neither accounts nor a Statement; expected a scenario or a policy");
  const node = pointer === null ? undefined : find(parse(text), pointer);
  if (!node) return refuse("found a policy, and no policy is open; open the one that it is a version of");
  return { text: Slice.of(text, node).splice(given.trim()), problem: "" };
}

/** titled is the title of a scenario's text. */
export function titled(text: string): string {
  return string(member(parse(text), "title")) || "Untitled scenario";
}
