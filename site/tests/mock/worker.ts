// A stand-in for engine.wasm with the shape of its answers and very little of its knowledge: identity policies, wildcards, no conditions.
import type { Explain, Range, StatementReport, Summary } from "../../src/contract/report.ts";
import { find, items, join, member, parse, string, syntaxError, type Node } from "../../src/state/tree.ts";
import { Lines } from "../../src/state/lines.ts";

let held = "";
const glob = (p: string, v: string) => new RegExp("^" + p.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".") + "$", "i").test(v);
const list = (n: Node | undefined) => (n?.type === "array" ? items(n).map(string) : n ? [string(n)] : []);

function range(text: string, node: Node): Range {
  const { line, column } = new Lines(text).position(node.offset);
  return { start: node.offset, end: node.offset + node.length, line: line + 1, column: column + 1 };
}

function answer(text: string, index: number): Explain {
  const root = parse(text);
  const request = find(root, `/requests/${index}`)!;
  const [principal, action, resource] = ["principal", "action", "resource"].map((k) => string(member(request, k))) as [string, string, string];
  const m = /:(\d{12}):user\/(?:.*\/)?([^/]+)$/.exec(principal);
  const account = m?.[1] ?? "";
  const home = join("/accounts", account);
  const user = find(root, join(home, "users", m?.[2] ?? ""));
  const named = [...list(member(user, "policies")), ...list(member(user, "groups")).flatMap((g) => list(find(root, join(home, "groups", g, "policies"))))];
  const policies: Explain["policies"] = [];
  const statements: StatementReport[] = [];
  const positions: Record<string, Range> = {};
  for (const name of named) {
    const pointer = name.startsWith("arn:") ? name : join(home, "policies", name);
    const node = find(root, pointer.startsWith("/") ? pointer : "/none");
    policies.push({ pointer, name: name.split("/").at(-1)!, type: "identity", layer: "identity", via: "attached", arn: "", state: node ? "known" : "unresolved" });
    const body = member(node, "Statement");
    items(body).forEach((s, i) => {
      const at = join(pointer, "Statement", i);
      const elements = (["Action", "Resource"] as const).map((e) => {
        const value = e === "Action" ? action : resource;
        const node = member(s, e);
        if (node) positions[`${at}/${e}`] = range(text, node.parent!);
        const hit = list(node).some((p) => glob(p, value));
        return {
          element: e, pointer: `${at}/${e}`, outcome: hit ? ("yes" as const) : ("no" as const), reason: "", text: hit ? `covers ${value}` : `does not cover ${value}`,
          comparisons: list(node).map((p, n) => ({ pointer: `${at}/${e}/${n}`, outcome: glob(p, value) ? ("yes" as const) : ("no" as const), pattern: p, resolved: p, value, patternAt: 3, valueAt: 3, text: "" })),
        };
      });
      positions[at] = range(text, s);
      const failing = elements.filter((e) => e.outcome === "no").length;
      const effect = string(member(s, "Effect")) === "Deny" ? "Deny" : "Allow";
      statements.push({ pointer: at, sid: string(member(s, "Sid")), effect, index: i, policy: pointer, layer: "identity", relevance: failing === 0 ? "decided" : failing === 1 ? "nearMiss" : "noMatch", failing, reason: "", text: effect === "Allow" ? "allows this" : "denies this", elements });
    });
  }
  const hit = statements.filter((s) => s.failing === 0);
  const decision = hit.some((s) => s.effect === "Deny") ? "explicitDeny" : hit.length ? "allowed" : "implicitDeny";
  const known = decision === "allowed";
  const stage = (id: Explain["stages"][number]["id"], title: string, state: Explain["stages"][number]["state"], word: string): Explain["stages"][number] => ({ id, title, lane: "both", state, word, reason: "", text: "as far as the mock can tell", page: "", statements: id === "identity" ? hit.map((s) => s.pointer) : [], policies: [] });
  return {
    id: "", op: "explain", index, pointer: `/requests/${index}`, name: string(member(request, "name")), decision, decidedBy: known ? ["identity"] : ["default"],
    message: known ? "Allowed by an identity-based policy." : `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
    dependsOn: [], expectation: member(request, "expect") ? { met: true, text: "expected", problems: [] } : undefined,
    sentence: { principal, action, resource },
    caller: { kind: "user", arn: principal, account, accountName: string(find(root, home + "/name")), identifiers: [principal], described: true },
    owner: { account, accountName: string(find(root, home + "/name")), origin: "document", described: true },
    crossAccount: false,
    stages: [stage("explicitDeny", "Explicit deny", decision === "explicitDeny" ? "stopped" : "passed", "none"), stage("scp", "Service control policies", "notApplicable", "none attached"), stage("identity", "Identity-based policies", known ? "granted" : "stopped", known ? "granted" : "stopped here")],
    policies, statements: statements.sort((a, b) => a.failing - b.failing),
    context: [{ key: "aws:username", values: [m?.[2] ?? ""], multi: false, origin: "derived", from: "the caller", pointer: "", used: false }],
    absent: [], notes: [], nearest: known ? [] : statements.filter((s) => s.failing === 1).map((s) => ({ statement: s.pointer, text: "one element is in the way", missing: [`allow the action ${action}`] })), also: [], positions,
  };
}

function call(text: string): string {
  const message = JSON.parse(text) as { scenario?: string; ops: { id: string; op: string; request?: number; text?: string }[] };
  held = message.scenario ?? held;
  if (held.includes("RUNAWAY")) for (;;);
  const results = message.ops.map((op) => {
    if (op.op === "evaluate") {
      const requests: Summary[] = items(member(parse(held), "requests")).map((_, i) => answer(held, i));
      return { id: op.id, op: op.op, diagnostics: [], requests };
    }
    if (op.op === "explain") return answer(held, op.request!);
    if (op.op === "check") {
      const error = syntaxError(op.text!);
      const at = error ? new Lines(op.text!).position(error.offset) : { line: 0, column: 0 };
      return { id: op.id, op: op.op, valid: !error, diagnostics: error ? [{ start: error.offset, end: error.offset + 1, line: at.line + 1, column: at.column + 1, severity: "error", code: "JSON_SYNTAX_ERROR", pointer: "", message: error.message, hint: "" }] : [] };
    }
    return { id: op.id, op: op.op, engine: "mock", rules: "2026-11-22", libraryDate: "", count: 0, date: "" };
  });
  return JSON.stringify({ api: 1, ok: true, results });
}

self.onmessage = (event: MessageEvent<{ id: number; text: string }>) => self.postMessage({ id: event.data.id, text: call(event.data.text) });
self.postMessage({ state: "loaded" });
self.postMessage({ state: "ready" });
