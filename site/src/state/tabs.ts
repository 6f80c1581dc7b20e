import type { Explain, Pointer } from "../contract/report.ts";
import type { CheckKind } from "../contract/report.ts";
import type { EditorTab } from "../ui/types.ts";
import { managed, place } from "./place.ts";
import { find, lastToken, string, type Node } from "./tree.ts";
import { shortArn } from "./world.ts";

const most = 6;

/** title names a tab after its thing. */
export function title(root: Node | undefined, pointer: Pointer): { title: string; detail: string } {
  const aws = managed(pointer);
  if (aws) return { title: aws.arn.slice(aws.arn.lastIndexOf("/") + 1).replace(/^p-/, ""), detail: "AWS managed policy" };
  const p = place(pointer);
  const owner = p.owner ? shortArn(lastToken(p.owner)) : "";
  if (p.kind === "policy" && p.grammar === "trust") return { title: owner, detail: "trust policy" };
  if (p.kind === "policy" && p.grammar === "resource") return { title: owner, detail: "resource policy" };
  if (p.kind === "policy" && p.grammar === "vpce") return { title: owner, detail: "endpoint policy" };
  if (p.kind === "policy") return { title: p.name, detail: p.owner ? `inline in ${owner}` : p.grammar === "scp" ? "organization policy" : "policy" };
  if (p.kind === "request") return { title: string(find(root, pointer + "/name")) || "request", detail: "request" };
  if (p.kind === "scenario") return { title: "Scenario", detail: "the whole text" };
  if (p.kind === "organization") return { title: "Organization", detail: "" };
  if (p.kind === "unit" && pointer === "/organization/root") return { title: "Root", detail: "of the organization" };
  if (p.kind === "account") return { title: string(find(root, pointer + "/name")) || p.name, detail: "account" };
  return { title: shortArn(p.name), detail: p.kind };
}

const weight: Record<string, number> = { decided: 0, depends: 1, nearMiss: 2, wouldAllow: 3, blocked: 4, noMatch: 5 };

/** relevant orders the policies of an explanation: those whose statements decided first, then near misses, then the rest. */
export function relevant(explain: Explain | null): Pointer[] {
  if (!explain) return [];
  const best = new Map<Pointer, number>(explain.policies.map((p) => [p.pointer, 6]));
  for (const s of explain.statements) best.set(s.policy, Math.min(best.get(s.policy) ?? 6, weight[s.relevance] ?? 6));
  return [...best].sort((a, b) => a[1] - b[1]).map(([p]) => p);
}

/** address takes the document mark off an AWS policy's pointer, so that one policy has one tab. */
export function address(pointer: Pointer): Pointer {
  return managed(pointer)?.arn ?? pointer;
}

/** tabs lists what the editor offers: the policies that the answer looked at, what is selected, what holds a draft, and the whole text. */
export function tabs(root: Node | undefined, explain: Explain | null, selected: Pointer, drafts: ReadonlyMap<Pointer, string>): EditorTab[] {
  const policies = relevant(explain).map(address);
  const pointers = new Set<Pointer>(policies.filter((p) => managed(p) || find(root, p)).slice(0, most));
  for (const p of drafts.keys()) if (p !== "") pointers.add(p);
  if (selected !== "") pointers.add(selected);
  const list = [...pointers, ""];
  return list.map((pointer) => ({
    pointer,
    ...title(root, pointer),
    draft: drafts.has(pointer),
    readonly: managed(pointer) !== null,
    hasForm: managed(pointer) === null,
    closable: pointer !== "" && !drafts.has(pointer),
  }));
}

/** checkKind says by which grammar the engine checks a tab's text. */
export function checkKind(pointer: Pointer): CheckKind {
  const p = place(pointer);
  return p.kind === "scenario" ? "scenario" : (p.grammar ?? "json");
}
