import type { Pointer } from "../contract/report.ts";
import type { NodeKind, PolicyKind } from "../ui/types.ts";
import { join, tokens } from "./tree.ts";

/** Place is a thing of the scenario that has a tab of its own. */
export interface Place {
  kind: NodeKind;
  pointer: Pointer;
  /** name is the key under which the thing stands; "" for the scenario and the organization. */
  name: string;
  /** account is the id of the account that it stands under, "" for none. */
  account: string;
  /** grammar is the policy's kind; null for what is no policy. */
  grammar: PolicyKind | null;
  /** owner is the pointer of what holds an inline, trust, session, resource or endpoint policy; "" for others. */
  owner: Pointer;
}

type Step = { kind: NodeKind; grammar?: PolicyKind; keyed: boolean; next: Steps };
type Steps = { [member: string]: Step };

const policies = (grammar: PolicyKind): Step => ({ kind: "policy", grammar, keyed: true, next: {} });
const single = (grammar: PolicyKind): Step => ({ kind: "policy", grammar, keyed: false, next: {} });
const session: Step = { kind: "session", keyed: true, next: { inline: policies("identity") } };
const unit: Step = { kind: "unit", keyed: true, next: {} };
unit.next = { units: unit };

const steps: Steps = {
  organization: {
    kind: "organization",
    keyed: false,
    next: { policies: { ...policies("scp"), next: { policy: single("scp") } }, root: { ...unit, keyed: false } },
  },
  accounts: {
    kind: "account",
    keyed: true,
    next: {
      policies: policies("identity"),
      users: { kind: "user", keyed: true, next: { inline: policies("identity"), federations: session } },
      groups: { kind: "group", keyed: true, next: { inline: policies("identity") } },
      roles: { kind: "role", keyed: true, next: { inline: policies("identity"), trust: single("trust"), sessions: session } },
      resources: { kind: "resource", keyed: true, next: { policy: single("resource") } },
      vpcEndpoints: { kind: "endpoint", keyed: true, next: { policy: single("vpce") } },
    },
  },
  requests: { kind: "request", keyed: true, next: {} },
};

/** place gives the innermost thing with a tab of its own that holds the pointer. */
export function place(pointer: Pointer): Place {
  const path = tokens(pointer);
  let found: Place = { kind: "scenario", pointer: "", name: "", account: "", grammar: null, owner: "" };
  let next = steps;
  for (let i = 0; i < path.length; ) {
    const step = Object.hasOwn(next, path[i]!) ? next[path[i]!] : undefined;
    const used = step?.keyed ? 2 : 1;
    if (!step || i + used > path.length) break;
    // The document of a policy with an ID is that policy.
    const within = found.kind === "policy";
    const name = within ? found.name : path[i + used - 1]!;
    const inner = step.kind === "policy" && path[i] !== "policies" && !within;
    found = {
      kind: step.kind,
      pointer: join("", ...path.slice(0, i + used)),
      name,
      account: path[0] === "accounts" ? (path[1] ?? "") : "",
      grammar: step.grammar ?? null,
      owner: inner ? found.pointer : "",
    };
    next = step.next;
    i += used;
  }
  return found;
}

/** managed splits the address of an AWS managed policy, "ARN#/pointer"; null for addresses inside the scenario. */
export function managed(pointer: Pointer): { arn: string; pointer: Pointer } | null {
  if (pointer.startsWith("/") || pointer === "") return null;
  const hash = pointer.indexOf("#");
  return hash < 0 ? { arn: pointer, pointer: "" } : { arn: pointer.slice(0, hash), pointer: pointer.slice(hash + 1) };
}

/** tabOf gives the pointer of the tab that shows what is pointed at. */
export function tabOf(pointer: Pointer): Pointer {
  const aws = managed(pointer);
  return aws ? aws.arn : place(pointer).pointer;
}
