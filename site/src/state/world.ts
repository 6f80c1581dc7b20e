import type { Diagnostic, Pointer } from "../contract/report.ts";
import type { NodeKind, PolicyEntry, World, WorldNode } from "../ui/types.ts";
import { commonActions, servicePrincipals } from "./actions.ts";
import { items, join, member, members, string, within, type Node } from "./tree.ts";

/** ManagedName is an entry of the list of AWS's managed policies. */
export interface ManagedName {
  name: string;
  arn: string;
}

/** fullAccess and rcpFullAccess are the ARNs of the two organization policies that AWS gives to everybody. */
export const fullAccess = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess";
export const rcpFullAccess = "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess";

const kinds: Record<string, string> = { s3: "bucket", sqs: "queue", sns: "topic", kms: "key", secretsmanager: "secret", logs: "log group", ecr: "repository" };

/** resourceKind names the kind of a resource from its ARN: "bucket", "instance", "table". */
export function resourceKind(arn: string): string {
  const [, , service = "", , , ...rest] = arn.split(":");
  return kinds[service] ?? /^([a-z-]+)[/:]/.exec(rest.join(":"))?.[1] ?? service;
}

/** shortArn is the part of an ARN that people say: the name behind the service and account. */
export function shortArn(arn: string): string {
  const rest = arn.split(":").slice(5).join(":");
  if (!arn.startsWith("arn:") || rest === "") return arn;
  if (arn.includes(":assumed-role/")) return rest.slice("assumed-role/".length).replace("/", " as ");
  return /^arn:[^:]*:s3:::/.test(arn) ? rest : rest.replace(/^(user|role|group|instance|table|function|key|secret|federated-user)[/:]/, "");
}

function plural(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? "" : "s"}`;
}

/** Home is an account as far as ARNs name it. */
export interface Home {
  id: string;
  partition: string;
}

/** homeOf reads where the identities of an account live. */
export function homeOf(id: string, account: Node | undefined): Home {
  return { id, partition: string(member(account, "partition")) || "aws" };
}

/** userArn gives a user's ARN with its path. */
export function userArn({ id, partition }: Home, name: string, node?: Node): string {
  return `arn:${partition}:iam::${id}:user${string(member(node, "path")) || "/"}${name}`;
}

/** roleArn gives a role's ARN with its path. */
export function roleArn({ id, partition }: Home, name: string, node?: Node): string {
  return `arn:${partition}:iam::${id}:role${string(member(node, "path")) || "/"}${name}`;
}

/** sessionArn gives the ARN of a session of a role; paths of roles are not in it. */
export function sessionArn({ id, partition }: Home, role: string, session: string): string {
  return `arn:${partition}:sts::${id}:assumed-role/${role}/${session}`;
}

/** pointerOf gives the thing of the scenario that a principal's ARN names: the user, the role of a session, the resource that runs code; null when it is not described. */
export function pointerOf(root: Node | undefined, principal: string): Pointer | null {
  for (const { key: account, value } of members(member(root, "accounts"))) {
    const at = join("/accounts", account);
    const home = homeOf(account, value);
    const user = members(member(value, "users")).find((u) => userArn(home, u.key, u.value) === principal);
    if (user) return join(at, "users", user.key);
    const role = members(member(value, "roles")).find((r) => principal.startsWith(sessionArn(home, r.key, "")) || roleArn(home, r.key, r.value) === principal);
    if (role) return join(at, "roles", role.key);
    if (members(member(value, "resources")).some((r) => r.key === principal)) return join(at, "resources", principal);
    if (principal === `arn:${home.partition}:iam::${account}:root`) return at;
  }
  return null;
}

/** references lists the strings of all lists that attach policies, with their account ("" for the organization). */
export function references(root: Node | undefined): { account: string; reference: string }[] {
  const found: { account: string; reference: string }[] = [];
  const take = (account: string, list: Node | undefined) => {
    for (const item of items(list)) found.push({ account, reference: string(item) });
  };
  for (const { key: account, value } of members(member(root, "accounts"))) {
    for (const group of ["users", "groups", "roles"]) {
      for (const holder of members(member(value, group))) {
        take(account, member(holder.value, "policies"));
        const boundary = string(member(holder.value, "boundary"));
        if (boundary) found.push({ account, reference: boundary });
        for (const kind of ["sessions", "federations"]) for (const s of members(member(holder.value, kind))) take(account, member(s.value, "policies"));
      }
    }
  }
  const level = (node: Node | undefined) => {
    take("", member(node, "scps"));
    take("", member(node, "rcps"));
    for (const child of members(member(node, "units"))) level(child.value);
  };
  const organization = member(root, "organization");
  level(member(organization, "root"));
  for (const account of members(member(organization, "accountPolicies"))) level(account.value);
  return found;
}

/** actionsIn collects the whole actions (without wildcards) of all statements, in the order of the text. */
function actionsIn(node: Node | undefined, found: Set<string>): void {
  if (!node) return;
  if (node.type === "property") {
    const [key, value] = node.children ?? [];
    if (/^(not)?action$/i.test(String(key?.value))) {
      for (const leaf of value?.type === "array" ? items(value) : value ? [value] : []) {
        const action = string(leaf);
        if (action.includes(":") && !/[*?]/.test(action)) found.add(action);
      }
    }
    actionsIn(value, found);
  } else for (const child of node.children ?? []) actionsIn(child, found);
}

/** world reads the scenario's tree as lists for the page. It takes any tree and leaves out what has the wrong shape. */
export function world(root: Node | undefined, diagnostics: readonly Diagnostic[], managed: readonly ManagedName[], bundled: ReadonlySet<string>): World {
  const errors = diagnostics.filter((d) => d.severity === "error").map((d) => d.pointer);
  const problems = (pointer: Pointer) => errors.filter((e) => within(e, pointer)).length;
  const make = (kind: NodeKind, pointer: Pointer, name: string, detail: string, children: WorldNode[] = []): WorldNode => ({
    kind,
    pointer,
    name,
    detail,
    problems: problems(pointer),
    children,
  });

  const uses = references(root);
  const policies: PolicyEntry[] = [];
  const principals: World["principals"] = [];
  const resources: World["resources"] = [];
  const roles: World["roles"] = [];
  const groups: World["groups"] = [];
  const accountIds: World["accountIds"] = [];

  const policyNodes = (holder: Pointer, list: Node | undefined, account: string, source: "account" | "organization", partition = "aws") =>
    members(list).map(({ key: name, value }) => {
      const pointer = join(holder, "policies", name);
      const arn = `arn:${partition}:iam::${account}:policy/${name}`;
      const used = uses.filter((u) => (u.account === account && u.reference === name) || u.reference === arn).length;
      policies.push({ reference: name, name, pointer, account, source, bundled: true, used });
      return make("policy", pointer, name, string(value) === "unknown" ? "unknown" : used === 0 ? "not used" : `used ${used}×`);
    });

  const accounts = members(member(root, "accounts")).map(({ key: id, value: account }) => {
    const at = join("/accounts", id);
    const home = homeOf(id, account);
    const accountName = string(member(account, "name"));
    const label = accountName || id;
    accountIds.push({ id, name: accountName });
    const children: WorldNode[] = [];
    for (const { key: name, value } of members(member(account, "users"))) {
      const joined = items(member(value, "groups")).map(string).filter(Boolean);
      children.push(make("user", join(at, "users", name), name, joined.length ? "user in " + joined.join(", ") : "user"));
      principals.push({ value: userArn(home, name, value), label: name, detail: `user of ${label}` });
      for (const { key: session } of members(member(value, "federations")))
        principals.push({ value: `arn:${home.partition}:sts::${id}:federated-user/${session}`, label: session, detail: `federated user, by ${name}` });
    }
    for (const { key: name } of members(member(account, "groups"))) {
      const size = members(member(account, "users")).filter((u) => items(member(u.value, "groups")).some((g) => string(g) === name)).length;
      children.push(make("group", join(at, "groups", name), name, "group of " + size));
      groups.push({ name, account: id });
    }
    for (const { key: name, value } of members(member(account, "roles"))) {
      const sessions = members(member(value, "sessions")).map((s) => s.key);
      const pointer = join(at, "roles", name);
      children.push(make("role", pointer, name, "role", sessions.map((s) => make("session", join(pointer, "sessions", s), s, "session"))));
      roles.push({ arn: roleArn(home, name, value), name, account: id, pointer, sessions });
      for (const session of sessions.length ? sessions : ["session"])
        principals.push({ value: sessionArn(home, name, session), label: `${name} as ${session}`, detail: `role session of ${label}` });
      resources.push({ value: roleArn(home, name, value), label: name, detail: `role of ${label}` });
    }
    for (const { key: arn, value } of members(member(account, "resources"))) {
      const kind = resourceKind(arn);
      const role = string(member(value, "role"));
      const runs = /:(ec2|lambda|ecs):/.test(arn);
      children.push(make("resource", join(at, "resources", arn), shortArn(arn), role ? `${kind} with role ${role}` : kind));
      resources.push({ value: arn, label: shortArn(arn), detail: `${kind} of ${label}` });
      if (kind === "bucket") resources.push({ value: arn + "/example.txt", label: shortArn(arn) + "/example.txt", detail: "an object in the bucket" });
      if (role || runs) principals.push({ value: arn, label: shortArn(arn), detail: role ? `${kind}, acts as ${role}` : `${kind} without a role` });
    }
    for (const { key: name } of members(member(account, "vpcEndpoints"))) children.push(make("endpoint", join(at, "vpcEndpoints", name), name, "VPC endpoint"));
    children.push(...policyNodes(at, member(account, "policies"), id, "account", home.partition));
    principals.push({ value: `arn:${home.partition}:iam::${id}:root`, label: "root user", detail: `of ${label}` });
    return make("account", at, label, accountName ? id : "account", children);
  });

  const named = new Map(accountIds.map((a) => [a.id, a.name || a.id]));
  const unit = (node: Node | undefined, pointer: Pointer, name: string): WorldNode => {
    const scps = member(node, "scps");
    const rcps = items(member(node, "rcps")).length;
    const detail = [scps ? plural(items(scps).length, "SCP") : "", rcps ? plural(rcps, "RCP") : ""].filter(Boolean).join(", ");
    const children = members(member(node, "units")).map((u) => unit(u.value, join(pointer, "units", u.key), u.key));
    for (const id of items(member(node, "accounts")).map(string)) children.push(make("account", join("/accounts", id), named.get(id) ?? id, named.has(id) ? id : "not described"));
    return make("unit", pointer, name, detail, children);
  };
  const organizationNode = member(root, "organization");
  let organization: WorldNode | null = null;
  if (organizationNode?.type === "object") {
    const children = [unit(member(organizationNode, "root"), "/organization/root", "Root")];
    children.push(...policyNodes("/organization", member(organizationNode, "policies"), "", "organization"));
    organization = make("organization", "/organization", "Organization", string(member(organizationNode, "id")), children);
  }
  for (const [name, pointer] of [["FullAWSAccess", fullAccess], ["RCPFullAWSAccess", rcpFullAccess]] as const)
    if (organization) policies.push({ reference: name, name, pointer, account: "", source: "organization", bundled: true, used: uses.filter((u) => u.reference === name).length });
  for (const { name, arn } of managed)
    policies.push({ reference: arn, name, pointer: arn, account: "", source: "aws", bundled: bundled.has(arn), used: uses.filter((u) => u.reference === arn).length });

  const requests = items(member(root, "requests")).map((node, i) => ({
    pointer: join("/requests", i),
    name: string(member(node, "name")) || `request ${i + 1}`,
    principal: string(member(node, "principal")),
    action: string(member(node, "action")),
    resource: string(member(node, "resource")),
  }));
  const seen = new Set<string>(requests.map((r) => r.action).filter(Boolean));
  actionsIn(member(root, "accounts"), seen);
  actionsIn(member(root, "organization"), seen);
  for (const r of requests) {
    if (r.principal && !principals.some((p) => p.value === r.principal)) principals.push({ value: r.principal, label: shortArn(r.principal), detail: "in a request" });
    if (r.resource && !resources.some((x) => x.value === r.resource)) resources.push({ value: r.resource, label: shortArn(r.resource), detail: "in a request" });
  }
  if (!resources.some((r) => r.value === "*")) resources.push({ value: "*", label: "*", detail: "for actions without a resource" });
  principals.push({ value: "anonymous", label: "anonymous", detail: "nobody signed the request" });
  for (const service of servicePrincipals) if (!principals.some((p) => p.value === service)) principals.push({ value: service, label: service, detail: "AWS service" });

  return {
    title: string(member(root, "title")),
    description: string(member(root, "description")),
    organization,
    accounts,
    policies,
    principals,
    actions: [...[...seen].map((value) => ({ value, seen: true })), ...commonActions.filter((a) => !seen.has(a)).map((value) => ({ value, seen: false }))],
    resources,
    roles,
    groups,
    accountIds,
    problems: diagnostics.map(({ pointer, severity, message, hint }) => ({ pointer, severity, message, hint: hint ?? "" })),
    requests,
  };
}
