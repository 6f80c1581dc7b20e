import type { Decision, Layer, Origin, Relevance, Stage, StageState } from "../contract/report.ts";

/** Tone is one of the three meanings, or none. */
export type Tone = "allow" | "deny" | "depends" | "none";

export interface Wording { word: string; icon: string; tone: Tone }

/** decisions: the answer in one word, with its icon and tone. */
export const decisions: Record<Decision, Wording & { detail: string }> = {
  allowed: { word: "Allowed", icon: "check", tone: "allow", detail: "" },
  explicitDeny: { word: "Denied", icon: "cross", tone: "deny", detail: "explicitly" },
  implicitDeny: { word: "Denied", icon: "cross", tone: "deny", detail: "implicitly" },
  depends: { word: "Depends", icon: "question", tone: "depends", detail: "" },
  invalid: { word: "Not answered", icon: "warning", tone: "none", detail: "" },
};

/** stageStates: the seven states of a stage. */
export const stageStates: Record<StageState, Wording> = {
  passed: { word: "passed", icon: "check", tone: "allow" },
  granted: { word: "granted", icon: "star", tone: "allow" },
  stopped: { word: "stopped here", icon: "cross", tone: "deny" },
  wouldAlsoStop: { word: "would also stop", icon: "slash", tone: "deny" },
  depends: { word: "depends", icon: "question", tone: "depends" },
  notApplicable: { word: "does not apply", icon: "dash", tone: "none" },
  notReached: { word: "not reached", icon: "dot", tone: "none" },
};

/** wording: how a step or a level is shown. One whose own Deny decided did not let the request pass, whatever else it says. */
export function wording(step: Pick<Stage, "state" | "denies">): Wording {
  return step.denies ? { word: "denies", icon: "cross", tone: "deny" } : stageStates[step.state];
}

export const relevances: Record<Relevance, Wording> = {
  decided: { word: "decided", icon: "star", tone: "none" },
  wouldAllow: { word: "would allow", icon: "check", tone: "allow" },
  blocked: { word: "matches, but blocked", icon: "slash", tone: "none" },
  depends: { word: "depends", icon: "question", tone: "depends" },
  nearMiss: { word: "near miss", icon: "ring", tone: "none" },
  noMatch: { word: "does not match", icon: "dash", tone: "none" },
};

export const layers: Record<Layer, string> = {
  identity: "identity-based policy",
  resource: "resource-based policy",
  trust: "role trust policy",
  keyPolicy: "key policy",
  boundary: "permissions boundary",
  session: "session policy",
  scp: "service control policy",
  rcp: "resource control policy",
  vpce: "VPC endpoint policy",
  root: "root user",
  service: "AWS service",
  credentials: "no credentials",
  publicAccessBlock: "S3 Block Public Access",
  default: "default",
};

export const origins: Record<Origin, string> = {
  typed: "typed",
  derived: "derived",
  scenario: "scenario",
  assumed: "assumed",
  unknown: "unknown",
  absent: "absent",
};

/** listed joins words as a sentence does: "a, b and c". */
export function listed(words: string[], last = "and"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words[words.length - 1]}`;
}

/** shownValues writes the values of a context key: a list in brackets, and what cannot be seen in quotes. */
export function shownValues(values: string[], multi: boolean): string {
  const shown = values.map((value) => (value.trim() === "" ? JSON.stringify(value) : value)).join(", ");
  return multi ? `[${shown}]` : shown;
}

/** counted writes a number with its noun: "1 request", "2 requests". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;
}

/** accountId writes twelve digits in groups, as the AWS console does. */
export function accountId(id: string): string {
  return /^\d{12}$/.test(id) ? `${id.slice(0, 4)}-${id.slice(4, 8)}-${id.slice(8)}` : id;
}

/** ruleName is what people call a rule of the rule book: "Rule 7.3" for "7.3-role". */
export function ruleName(rule: string): string {
  const section = rule.replace(/-.*/, "");
  return /^\d/.test(section) ? `Rule ${section}` : `Rule: ${section}`;
}

/** shortArn is the part of an ARN that people say: "ali", "acme-reports/q1.csv", "CI/build". Anything else stays whole. */
export function shortArn(value: string): string {
  if (!value.startsWith("arn:")) return value;
  const parts = value.split(":");
  const rest = parts.slice(5).join(":");
  const service = parts[2];
  if (rest === "") return value;
  if (service === "iam" || service === "sts") {
    if (rest === "root") return parts[4] ? `root of ${accountId(parts[4])}` : rest;
    if (rest.startsWith("assumed-role/") || rest.startsWith("federated-user/")) return rest.slice(rest.indexOf("/") + 1);
    if (/^(user|role|group|policy|instance-profile)\//.test(rest)) return rest.slice(rest.lastIndexOf("/") + 1);
    return rest;
  }
  return rest;
}
