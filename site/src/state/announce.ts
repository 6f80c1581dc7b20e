import type { Decision, Summary } from "../contract/report.ts";

const words: Record<Decision, string> = {
  allowed: "allowed",
  explicitDeny: "explicitly denied",
  implicitDeny: "denied",
  depends: "depends on what is not known",
  invalid: "cannot be answered",
};

/** change says what became of a request since the last time: "now allowed, was denied"; "" when nothing changed. The first answer is said as it is. */
export function change(before: Summary | null, now: Summary | null): string {
  if (!now) return "";
  if (!before || before.name !== now.name) return `${now.name}: ${words[now.decision]}`;
  if (before.decision === now.decision) return "";
  return `${now.name}: now ${words[now.decision]}, was ${words[before.decision]}`;
}

/** stale says why an answer is older than the text: where the first draft stops being JSON. "" when it is up to date. */
export function staleLabel(line: number | null, title: string): string {
  if (line === null) return "";
  return `from before the syntax error at line ${line}` + (title ? ` of ${title}` : "");
}
