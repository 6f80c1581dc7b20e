import type { Element, Explain, Pointer, StatementReport } from "../contract/report.ts";
import type { Span } from "./slice.ts";

/** Tone is what a mark says: it let the request pass, it kept it out, it is not known, or it is of little matter. */
export type Tone = "yes" | "no" | "unknown" | "quiet";

/** Inlay is a remark at the end of a line. at lies on the line that it is about. */
export interface Inlay {
  at: number;
  tone: Tone;
  text: string;
  pointer: Pointer;
}

/** LineMark colours the lines that a span touches. */
export interface LineMark extends Span {
  tone: Tone;
  pointer: Pointer;
}

/** Problem is a finding under a span. */
export interface Problem extends Span {
  severity: "error" | "security-warning" | "warning" | "suggestion";
  message: string;
  /** fix is what removes the finding; left out when there is no clear way. */
  fix?: { label: string; apply: () => void };
}

export interface Marks {
  lines: LineMark[];
  inlays: Inlay[];
}

type Locate = (pointer: Pointer) => Span | null;

function toneOf(outcome: Element["outcome"]): Tone {
  return outcome === "yes" ? "yes" : outcome === "no" ? "no" : "unknown";
}

function capital(tone: Tone, text: string): string {
  return { yes: "✓ ", no: "✕ ", unknown: "? ", quiet: "" }[tone] + text;
}

function verdict(s: StatementReport): Tone {
  if (s.relevance === "depends") return "unknown";
  if (s.relevance === "decided") return s.effect === "Allow" ? "yes" : "no";
  return s.relevance === "wouldAllow" ? "yes" : s.relevance === "blocked" ? "quiet" : "no";
}

/**
 * marks says at the lines of one policy what its statements did: a matching statement is marked as a whole with its sentence at its first line, one that
 * does not match at each element in the way. Statements far from matching name only their first obstacle, quietly.
 */
export function marks(explain: Explain, policy: Pointer, locate: Locate): Marks {
  const found: Marks = { lines: [], inlays: [] };
  for (const s of explain.statements) {
    if (s.policy !== policy) continue;
    const whole = locate(s.pointer);
    if (!whole) continue;
    const failing = s.elements.filter((e) => e.outcome !== "yes");
    if (s.relevance === "noMatch") {
      const first = failing.find((e) => e.outcome === "no") ?? failing[0];
      const span = first && locate(first.pointer);
      if (span) found.inlays.push({ at: span.start, tone: "quiet", text: first.text, pointer: first.pointer });
      continue;
    }
    if (failing.length === 0 || s.relevance === "decided") {
      const tone = verdict(s);
      found.lines.push({ ...whole, tone, pointer: s.pointer });
      const effect = locate(s.pointer + "/Effect") ?? { start: whole.start, end: whole.start };
      found.inlays.push({ at: effect.start, tone, text: capital(tone, s.text), pointer: s.pointer });
      continue;
    }
    for (const e of failing) {
      const span = locate(e.pointer);
      if (!span) continue;
      const tone = toneOf(e.outcome);
      found.lines.push({ ...span, tone, pointer: e.pointer });
      found.inlays.push({ at: span.start, tone, text: capital(tone, e.text), pointer: e.pointer });
    }
  }
  for (const u of explain.dependsOn) {
    // A value that nobody knows is marked with its element above, a whole statement here.
    const span = u.kind === "part" && /^\/Statement(\/\d+)?$/.test(u.pointer.slice(policy.length)) && u.pointer.startsWith(policy) ? locate(u.pointer) : null;
    if (!span) continue;
    found.lines.push({ ...span, tone: "unknown", pointer: u.pointer });
    found.inlays.push({ at: span.start, tone: "unknown", text: capital("unknown", "nobody knows this statement: it may allow, deny or say nothing"), pointer: u.pointer });
  }
  return found;
}
