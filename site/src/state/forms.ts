import type { Pointer, Summary } from "../contract/report.ts";
import type { Setting } from "../ui/requestContext.ts";
import type { Edit, Json, JsonObject, NodeKind } from "../ui/types.ts";
import { homeOf, roleArn, sessionArn, userArn } from "./world.ts";
import { find, items, join, lastToken, member, members, string, tokens, toJson, type Node } from "./tree.ts";

/** Change is what a form's button does: edits, where the page goes next, and the words for the history. */
export interface Change {
  edits: Edit[];
  select: Pointer;
  label: string;
}

/** fresh gives the base name, or base with the first number that makes it new. */
export function fresh(taken: Iterable<string>, base: string): string {
  const all = new Set(taken);
  if (!all.has(base)) return base;
  for (let n = 2; ; n++) if (!all.has(`${base}-${n}`)) return `${base}-${n}`;
}

const version = "2012-10-17";

/** emptyPolicy is a document that says nothing yet, in a shape that can be filled in. */
export const emptyPolicy = (): JsonObject => ({ Version: version, Statement: [{ Sid: "First", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::example-bucket/*"] }] });

const trust = (): JsonObject => ({ Version: version, Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }] });
const openPolicy = (): JsonObject => ({ Version: version, Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] });

const homes: { [kind in NodeKind]?: { member: string; base: string; value: () => Json } } = {
  user: { member: "users", base: "new-user", value: () => ({ groups: [], policies: [] }) },
  group: { member: "groups", base: "new-group", value: () => ({ policies: [] }) },
  role: { member: "roles", base: "NewRole", value: () => ({ trust: trust(), policies: [] }) },
  session: { member: "sessions", base: "session", value: () => ({}) },
  resource: { member: "resources", base: "arn:aws:s3:::new-bucket", value: () => ({}) },
  endpoint: { member: "vpcEndpoints", base: "vpce-11111111", value: () => ({ vpc: "vpc-11111111", policy: openPolicy() }) },
  policy: { member: "policies", base: "NewPolicy", value: emptyPolicy },
  unit: { member: "units", base: "NewUnit", value: () => ({ scps: ["FullAWSAccess"], accounts: [] }) },
};

function freshAccount(taken: string[]): string {
  for (let n = 1; ; n++) {
    const id = String(n % 10).repeat(4) + String((n + 1) % 10).repeat(4) + String((n + 2) % 10).repeat(4);
    if (!taken.includes(id)) return id;
  }
}

/** add makes a new thing of a kind inside the parent (an account, a unit, a role, the organization, or "" for the scenario), called as told or by a fresh name. */
export function add(root: Node | undefined, kind: NodeKind, parent: Pointer, from: Pointer | null = null, text = "", called = ""): Change {
  if (kind === "account") {
    const id = called || freshAccount(members(member(root, "accounts")).map((a) => a.key));
    return { edits: [{ op: "set", pointer: join("/accounts", id), value: { name: `account-${id.slice(0, 4)}` } }], select: join("/accounts", id), label: "added an account" };
  }
  if (kind === "organization") {
    const ids = members(member(root, "accounts")).map((a) => a.key);
    const value = { id: "o-exampleorgid", managementAccount: ids[0] ?? "999988887777", policies: {}, root: { id: "r-ab12", scps: ["FullAWSAccess"], accounts: ids } };
    return { edits: [{ op: "set", pointer: "/organization", value }], select: "/organization", label: "added an organization" };
  }
  if (kind === "request") return addRequest(root, from, text);
  const home = homes[kind]!;
  const holder = join(parent, home.member);
  const name = called || fresh(members(find(root, holder)).map((m) => m.key), home.base);
  return { edits: [{ op: "set", pointer: join(holder, name), value: home.value() }], select: join(holder, name), label: `added ${name}` };
}

/** addRequest starts from another request, so that nothing is typed twice, or from the first user of the world. Its expectation is left behind. */
export function addRequest(root: Node | undefined, from: Pointer | null, text: string): Change {
  const list = member(root, "requests");
  const count = items(list).length;
  const taken = items(list).map((r) => string(member(r, "name")));
  const model = from === null ? undefined : find(root, from);
  let value: JsonObject;
  if (model?.type === "object") {
    value = { ...(toJson(text, model) as JsonObject) };
    delete value.expect;
    value.name = fresh(taken, `${string(member(model, "name")) || "request"} (copy)`);
  } else {
    const account = members(member(root, "accounts"))[0];
    const user = members(member(account?.value, "users"))[0];
    const principal = account && user ? userArn(homeOf(account.key, account.value), user.key, user.value) : "anonymous";
    value = { name: fresh(taken, "a new request"), principal, action: "s3:ListAllMyBuckets", resource: "*" };
  }
  const select = join("/requests", count);
  return { edits: [{ op: "append", pointer: "/requests", value }], select, label: "added a request" };
}

/** ask makes a question a request of the scenario. */
export function ask(root: Node | undefined, question: { principal: string; action: string; resource: string; via: string }): Change {
  const list = items(member(root, "requests"));
  const { principal, action, resource, via } = question;
  const value: JsonObject = { name: fresh(list.map((r) => string(member(r, "name"))), `${principal.slice(principal.lastIndexOf("/") + 1)} ${action}`), principal, action, resource };
  if (via) value.via = via;
  return { edits: [{ op: "append", pointer: "/requests", value }], select: join("/requests", list.length), label: `asked for ${action}` };
}

export type { Setting };

/** setContext writes one context key of a request. Keys compare without case; the spelling that is there stays. */
export function setContext(root: Node | undefined, request: Pointer, key: string, setting: Setting): Edit[] {
  const node = find(root, request);
  const context = member(node, "context");
  const written = members(context).find((m) => m.key.toLowerCase() === key.toLowerCase())?.key;
  const at = join(request, "context", written ?? key);
  const unknown = items(member(node, "unknown")).map((n) => string(n));
  const listed = unknown.findIndex((k) => k.toLowerCase() === key.toLowerCase());
  const edits: Edit[] = [];
  if (setting.state === "typed") edits.push({ op: "set", pointer: at, value: setting.multi || setting.values.length !== 1 ? setting.values : setting.values[0]! });
  else if (setting.state === "absent") edits.push({ op: "set", pointer: at, value: null });
  else if (written !== undefined) edits.push(members(context).length === 1 ? { op: "remove", pointer: join(request, "context") } : { op: "remove", pointer: at });
  if (setting.state === "unknown" && listed < 0) edits.push({ op: "append", pointer: join(request, "unknown"), value: key });
  if (setting.state !== "unknown" && listed >= 0) edits.push({ op: "remove", pointer: unknown.length === 1 ? join(request, "unknown") : join(request, "unknown", listed) });
  return edits;
}

/** assume makes the request's principal a session of a role. */
export function assume(root: Node | undefined, request: Pointer, account: string, role: string, session: string): Edit[] {
  const home = homeOf(account, find(root, join("/accounts", account)));
  return [{ op: "set", pointer: join(request, "principal"), value: sessionArn(home, role, session) }];
}

/** expectation writes an answer down as what is expected from now on. */
export function expectation(summary: Summary): Json {
  const value: JsonObject = { decision: summary.decision, decidedBy: [...summary.decidedBy] };
  if (summary.decision === "depends") return { decision: "depends", dependsOn: summary.dependsOn.map((u) => u.name) };
  return value;
}

/** attach puts a policy on a list of attachments, once. */
export function attach(root: Node | undefined, list: Pointer, reference: string): Edit[] {
  const there = items(find(root, list)).some((n) => string(n) === reference);
  return there ? [] : [{ op: "append", pointer: list, value: reference }];
}

/** detach takes a policy off a list of attachments. */
export function detach(root: Node | undefined, list: Pointer, reference: string): Edit[] {
  const index = items(find(root, list)).findIndex((n) => string(n) === reference);
  return index < 0 ? [] : [{ op: "remove", pointer: join(list, index) }];
}

/** renamed gives the edits that keep the rest of the scenario pointing at a thing that gets another name: memberships, attachments, principals and resources of requests. */
export function renamed(root: Node | undefined, pointer: Pointer, key: string): Edit[] {
  const old = lastToken(pointer);
  const [top, account = "", kind] = tokens(pointer);
  const home = homeOf(account, find(root, join("/accounts", account)));
  const edits: Edit[] = [];
  const change = (node: Node | undefined, at: Pointer, from: string, to: string) => {
    if (string(node) === from && from !== "") edits.push({ op: "set", pointer: at, value: to });
  };
  const changeList = (holder: Node | undefined, at: Pointer, name: string, from: string, to: string) =>
    items(member(holder, name)).forEach((n, i) => change(n, join(at, name, i), from, to));
  const holders = (run: (node: Node, at: Pointer) => void) => {
    const all = find(root, join("/accounts", account));
    for (const group of ["users", "groups", "roles"])
      for (const h of members(member(all, group))) {
        const at = join("/accounts", account, group, h.key);
        run(h.value, at);
        for (const inner of ["sessions", "federations"]) for (const s of members(member(h.value, inner))) run(s.value, join(at, inner, s.key));
      }
  };
  const arns = (swap: (arn: string) => string) =>
    items(member(root, "requests")).forEach((r, i) => {
      for (const name of ["principal", "resource"]) {
        const value = string(member(r, name));
        change(member(r, name), join("/requests", i, name), value, value === "" ? "" : swap(value));
      }
    });
  const exact = (from: string, to: string) => arns((arn) => (arn === from ? to : arn));

  if (top === "accounts" && kind === undefined) {
    const organization = member(root, "organization");
    change(member(organization, "managementAccount"), "/organization/managementAccount", old, key);
    changeList(organization, "/organization", "delegatedAdministrators", old, key);
    const unit = (node: Node | undefined, at: Pointer) => {
      changeList(node, at, "accounts", old, key);
      for (const u of members(member(node, "units"))) unit(u.value, join(at, "units", u.key));
    };
    unit(member(organization, "root"), "/organization/root");
    if (member(member(organization, "accountPolicies"), old)) edits.push({ op: "rename", pointer: join("/organization/accountPolicies", old), key });
  } else if (top === "accounts" && kind === "policies") {
    holders((node, at) => {
      changeList(node, at, "policies", old, key);
      change(member(node, "boundary"), join(at, "boundary"), old, key);
    });
  } else if (top === "accounts" && kind === "groups") {
    holders((node, at) => changeList(node, at, "groups", old, key));
  } else if (top === "accounts" && kind === "users" && tokens(pointer).length === 4) {
    const node = find(root, pointer);
    exact(userArn(home, old, node), userArn(home, key, node));
  } else if (top === "accounts" && kind === "roles" && tokens(pointer).length === 4) {
    const session = `arn:${home.partition}:sts::${account}:assumed-role/`;
    const node = find(root, pointer);
    arns((arn) => {
      if (arn.startsWith(`${session}${old}/`)) return session + key + arn.slice(session.length + old.length);
      return arn === roleArn(home, old, node) ? roleArn(home, key, node) : arn;
    });
    members(find(root, join("/accounts", account, "resources"))).forEach((r) => change(member(r.value, "role"), join("/accounts", account, "resources", r.key, "role"), old, key));
  } else if (top === "accounts" && kind === "resources" && tokens(pointer).length === 4) {
    arns((arn) => (arn === old || arn.startsWith(old + "/") || arn.startsWith(old + ":") ? key + arn.slice(old.length) : arn));
  } else if (top === "organization" && account === "policies") {
    const level = (node: Node | undefined, at: Pointer) => {
      changeList(node, at, "scps", old, key);
      changeList(node, at, "rcps", old, key);
      for (const u of members(member(node, "units"))) level(u.value, join(at, "units", u.key));
    };
    const organization = member(root, "organization");
    level(member(organization, "root"), "/organization/root");
    for (const a of members(member(organization, "accountPolicies"))) level(a.value, join("/organization/accountPolicies", a.key));
  }
  // "change" compares with the value itself in arns(), so that only what swap altered is left.
  return edits.filter((e) => e.op !== "set" || string(find(root, e.pointer)) !== e.value);
}
