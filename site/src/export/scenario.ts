import { get, items, members, read, string, type Node } from "../import/json.ts";

/** Named is something that stands under a name. */
export interface Named {
  name: string;
  node: Node;
}

/** Account is an account of a scenario, as its parts. */
export interface Account {
  id: string;
  name: string;
  partition: string;
  /** block are the account's settings of Block Public Access; none when they are not written. */
  block: Node | undefined;
  policies: Named[];
  groups: Named[];
  users: Named[];
  roles: Named[];
  resources: Named[];
  endpoints: Named[];
}

/** Exported is what every export has: the text and what it does not say. */
export interface Exported {
  text: string;
  left: string[];
}

const named = (node: Node | undefined): Named[] => members(node).map((m) => ({ name: m.key, node: m.value }));

/** accounts lists the accounts of a scenario; none for a text that is no scenario. */
export function accounts(root: Node | null): Account[] {
  return members(get(root ?? undefined, "accounts")).map(({ key: id, value }) => ({
    id,
    name: string(get(value, "name")),
    partition: string(get(value, "partition")) || "aws",
    block: get(value, "publicAccessBlock"),
    policies: named(get(value, "policies")),
    groups: named(get(value, "groups")),
    users: named(get(value, "users")),
    roles: named(get(value, "roles")),
    resources: named(get(value, "resources")),
    endpoints: named(get(value, "vpcEndpoints")),
  }));
}

/** open reads the text of a scenario; null for broken text. */
export const open = (text: string): Node | null => read(text);

/** document gives a policy on one line, one with an ID without it; "" for an unknown one, for one with unknown parts, which AWS does not store, and for none. */
export function document(node: Node | undefined): string {
  const within = get(node, "policy");
  if (within) return document(within);
  return node?.type === "object" && node.members.length && !partly(node) ? compact(node) : "";
}

/** partly tells whether some part of a policy is unknown. */
function partly(node: Node): boolean {
  if (node.type === "array") return node.items.some(partly);
  return node.type === "object" && node.members.some((m) => m.key === "unknown" || partly(m.value));
}

/** compact writes a value on one line, its numbers and doubles as they are. */
export function compact(node: Node): string {
  if (node.type === "object") return `{${node.members.map((m) => `${JSON.stringify(m.key)}:${compact(m.value)}`).join(",")}}`;
  if (node.type === "array") return `[${node.items.map(compact).join(",")}]`;
  if (node.type === "null") return "null";
  if (node.type === "number") return node.raw;
  return node.type === "string" ? JSON.stringify(node.value) : String(node.value);
}

/** strings lists the texts of a list. */
export const strings = (node: Node | undefined): string[] => items(node).map(string);

/** tags lists tags as pairs. */
export const tags = (node: Node | undefined): [string, string][] => members(get(node, "tags")).map((m) => [m.key, string(m.value)]);

/** path gives the IAM path of an identity. */
export const path = (node: Node): string => string(get(node, "path")) || "/";

/** plainName tells whether IAM takes a name. What it does not take is left out of every export. */
export const plainName = (name: string): boolean => /^[A-Za-z0-9+=,.@_-]{1,128}$/.test(name);

/** Place is the place of a resource: the service and what the ARN says behind it. */
export interface Place {
  service: string;
  region: string;
  account: string;
  rest: string;
}

/** place splits a resource's ARN; null for anything else. */
export function place(arn: string): Place | null {
  const m = /^arn:[a-z-]+:([a-z0-9-]+):([a-z0-9-]*):([0-9]*):([^\s]+)$/.exec(arn);
  return m ? { service: m[1]!, region: m[2]!, account: m[3]!, rest: m[4]! } : null;
}

/** blocks are the four settings of Block Public Access by AWS's names; those that are not written are off. */
export function blocks(node: Node | undefined): [string, boolean][] {
  return ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"].map((name) => {
    const value = get(node, name);
    return [name[0]!.toUpperCase() + name.slice(1), value?.type === "boolean" && value.value];
  });
}

/** forEverybody tells whether a policy, on one line, names everybody as a principal: it may be public. */
export const forEverybody = (policy: string): boolean => /"Principal":(?:"\*"|\{[^}]*"\*")/.test(policy);

/** openBucket says what an export does not do: no export opens a bucket that its scenario does not open by name. */
export const openBucket = (arn: string): string => `that Block Public Access is off for ${arn}: AWS switches it on for new buckets, and refuses a public policy`;

/** levels lists the levels of an organization that have a member, by their names. */
export function levels(organization: Node | undefined, member: string): string[] {
  const unit = (node: Node | undefined, name: string): string[] => [...(get(node, member) ? [name] : []), ...members(get(node, "units")).flatMap((u) => unit(u.value, u.key))];
  return [...unit(get(organization, "root"), "root"), ...members(get(organization, "accountPolicies")).filter((a) => get(a.value, member)).map((a) => a.key)];
}

/** referenceArn gives the ARN of a policy that an identity of an account refers to; "" for an unknown one. */
export function referenceArn(reference: string, account: Account): string {
  if (reference === "unknown") return "";
  return reference.startsWith("arn:") ? reference : `arn:${account.partition}:iam::${account.id}:policy/${reference}`;
}
