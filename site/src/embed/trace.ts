import type { Evaluate, Explain } from "../contract/report.ts";

/** Trace is a scenario with its answers, as "iamplay render --trace" writes them: what is needed to show it without an engine. */
export interface Trace {
  trace: 1;
  scenario: string;
  evaluate: Evaluate;
  /** explain has one entry for each request. */
  explain: Explain[];
}

/** readTrace reads a trace; null for what is none. It throws an Error for a trace of another version. */
export function readTrace(text: string): Trace | null {
  let value: Partial<Trace> | null;
  try {
    value = JSON.parse(text) as Partial<Trace> | null;
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("trace" in value)) return null;
  if ((value.trace as number) !== 1) throw new Error(`found a trace of version ${JSON.stringify(value.trace)}, expected 1: make it again with iamplay render --trace`);
  if (typeof value.scenario !== "string" || !Array.isArray(value.evaluate?.requests) || !Array.isArray(value.explain) || value.explain.length !== value.evaluate.requests.length)
    throw new Error("found a trace without its scenario or with answers missing: make it again with iamplay render --trace");
  return value as Trace;
}
