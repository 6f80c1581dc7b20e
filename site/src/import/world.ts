import { depth, get, has, items, members, read, string, type Node } from "./json.ts";
import type { Notes } from "./notes.ts";
import { object, write, type Fields, type Value } from "./write.ts";

/** placeholder is the account that stands for one whose ID is not written: AWS's own example. */
export const placeholder = "111122223333";

/** room is how many bytes a scenario may have: a little less than the engine's limit of 1 MiB, so that it can still be edited. */
export const room = 1_000_000;

const policyDepth = 40;
/** builtInProviders are the OIDC providers that IAM knows by name. */
const builtInProviders: ReadonlySet<string> = new Set(["accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"]);

const awsPolicy = /^arn:[a-z-]+:iam::aws:policy\//;

/** Arn is an ARN in its parts; resource is all that stands behind the account. */
export interface Arn {
  partition: string;
  service: string;
  region: string;
  account: string;
  resource: string;
}

/** arn splits an ARN; null for anything else. */
export function arn(text: string): Arn | null {
  const m = /^arn:([^:\s]*):([^:\s]*):([^:\s]*):([^:\s]*):(\S(?:.*\S)?)$/s.exec(text);
  return m ? { partition: m[1]!, service: m[2]!, region: m[3]!, account: m[4]!, resource: m[5]! } : null;
}

/** isAccount tells whether a text is an account ID. */
export const isAccount = (text: string): boolean => /^[0-9]{12}$/.test(text);

interface Account {
  name: string;
  /** partition is where the account was seen; "" when no ARN told yet. */
  partition: string;
  policies: Fields;
  groups: Map<string, Fields>;
  users: Map<string, Fields>;
  roles: Map<string, Fields>;
  resources: Map<string, Fields>;
  vpcEndpoints: Fields;
}

/** IdentityKind is what policies can be attached to. */
export type IdentityKind = "users" | "groups" | "roles";

const singular: Record<IdentityKind, string> = { users: "user", groups: "group", roles: "role" };

/** withPolicy are services whose resources can carry a policy that an answer may rest on. */
const withPolicy: ReadonlySet<string> = new Set(
  "s3 sqs sns kms lambda secretsmanager dynamodb ecr events glacier glue elasticfilesystem es backup kinesis logs codeartifact acm-pca ssm s3-object-lambda s3express".split(" "),
);

/**
 * World is a scenario being put together. References to what nobody describes are described as unknown, names that IAM
 * does not take are changed, and both are noted, so that what comes out is a document without errors of its own.
 */
export class World {
  title = "Imported";
  description = "";
  time = "";
  organization: Fields | null = null;
  /** assumed says that the account ID is a placeholder. */
  assumed = false;
  readonly accounts = new Map<string, Account>();
  readonly requests: Fields[] = [];

  constructor(readonly notes: Notes) {}

  account(id: string): Account {
    let account = this.accounts.get(id);
    if (!account) this.accounts.set(id, (account = { name: "", partition: "", policies: new Map(), groups: new Map(), users: new Map(), roles: new Map(), resources: new Map(), vpcEndpoints: new Map() }));
    return account;
  }

  /** lives notes in which partition an account is; false when it was seen in another one. */
  lives(id: string, partition: string): boolean {
    const account = this.account(id);
    account.partition ||= partition;
    return account.partition === partition;
  }

  /** name makes a name that IAM takes. */
  name(written: string, what: string, longest: number, at?: Node): string {
    const name = written.replace(/[^A-Za-z0-9+=,.@_-]/g, "-").slice(0, longest) || "unnamed";
    if (name !== written) this.notes.notUnderstood(`the name of the ${what} ${quote(written)} was written as ${quote(name)}, expected letters, digits and +=,.@_-`, at);
    return name;
  }

  /** identity gives the user, group or role of that name, made when it is new. */
  identity(id: string, kind: IdentityKind, written: string, at?: Node): Fields {
    const name = this.name(written, singular[kind], kind === "groups" ? 128 : 64, at);
    const map = this.account(id)[kind];
    let found = map.get(name);
    if (!found) map.set(name, (found = new Map()));
    return found;
  }

  /** document reads a policy as it is written in a text of AWS's: a value, or a string of JSON, percent-encoded or not. What is no policy becomes an unknown one, and is noted. */
  document(node: Node | undefined, what: string): Value {
    let read_ = node;
    if (node?.type === "string") read_ = read(node.value) ?? read(decoded(node.value)) ?? undefined;
    if (!read_ || !has(read_, "Statement")) {
      if (string(node).toLowerCase() !== "unknown") this.notes.notUnderstood(`${what} holds no policy that can be read, expected an object with "Statement"; it is left unknown`, node);
      return "unknown";
    }
    if (depth(read_) > policyDepth) {
      this.notes.notUnderstood(`${what} is nested more than ${policyDepth} levels deep, expected fewer; it is left unknown`, node);
      return "unknown";
    }
    return read_;
  }

  /** managed keeps a customer managed policy under its name. */
  managed(id: string, written: string, document: Value, at?: Node): string {
    const name = this.name(written, "policy", 128, at);
    this.account(id).policies.set(name, document);
    return name;
  }

  /** inline puts a policy in place into a user, group, role or session. */
  inline(into: Fields, name: string, document: Value): void {
    const inline = (into.get("inline") as Fields | undefined) ?? new Map<string, Value>();
    inline.set(name || "inline", document);
    into.set("inline", inline);
  }

  /** attach adds a reference to a policy: an ARN, or a name of the account. */
  attach(into: Fields, reference: string): void {
    const list = [...((into.get("policies") as string[] | undefined) ?? [])];
    if (!list.includes(reference)) list.push(reference);
    into.set("policies", list);
  }

  /** resource gives the resource of that ARN, made when it is new. */
  resource(id: string, resourceArn: string): Fields {
    const { resources } = this.account(id);
    let found = resources.get(resourceArn);
    if (!found) resources.set(resourceArn, (found = new Map()));
    return found;
  }

  /** tags writes a list of {Key, Value}, or an object, as tags. */
  tags(into: Fields, node: Node | undefined): void {
    const tags: Fields = new Map();
    if (node?.type === "object") for (const { key, value } of node.members) tags.set(key, string(value));
    else for (const tag of items(node)) tags.set(string(get(tag, "Key") ?? get(tag, "key")), string(get(tag, "Value") ?? get(tag, "value")));
    tags.delete("");
    if (tags.size) into.set("tags", tags);
  }

  /**
   * caller makes sure that whoever sends a request is described, with unknown policies where nothing is known of them, and gives the
   * principal as a request names it; "" for what is no caller. described says that the caller's policies follow.
   */
  caller(principal: string, at?: Node, described = false): string {
    if (principal === "anonymous" || builtInProviders.has(principal) || /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(principal)) return principal;
    const a = arn(principal);
    if (!a || !isAccount(a.account)) return "";
    const [, kind, rest] = /^([^/]+)\/?(.*)$/s.exec(a.resource)!;
    const known = () => this.lives(a.account, a.partition);
    if (a.service === "iam" && a.resource === "root") {
      known();
      return principal;
    }
    if (a.service === "iam" && kind === "user" && rest) {
      const cut = rest.lastIndexOf("/") + 1;
      const name = this.name(rest.slice(cut), "user", 64, at);
      const path = cut ? `/${rest.slice(0, cut)}` : "/";
      if (known()) {
        const fresh = !this.account(a.account).users.has(name);
        const user = this.identity(a.account, "users", name, at);
        if (fresh && path !== "/") user.set("path", path);
        if (fresh && !described) this.unread(user, `the policies of the user ${quote(name)}`, at);
      }
      return `arn:${a.partition}:iam::${a.account}:user${path}${name}`;
    }
    const assumed = a.service === "sts" && kind === "assumed-role";
    if ((assumed || (a.service === "iam" && kind === "role")) && rest) {
      const parts = rest.split("/");
      const name = this.name(assumed ? parts[0]! : parts.at(-1)!, "role", 64, at);
      const session = (assumed && parts.slice(1).join("/")) || "session";
      if (!assumed || parts.length < 2) this.notes.unknown(`the name of the role session: "session" stands for it`, at);
      if (known() && !this.account(a.account).roles.has(name)) {
        const role = this.identity(a.account, "roles", name, at);
        const path = assumed ? "" : parts.slice(0, -1).join("/");
        if (path) role.set("path", `/${path}/`);
        if (!described) this.unread(role, `the policies of the role ${quote(name)}`, at);
      }
      return `arn:${a.partition}:sts::${a.account}:assumed-role/${name}/${session}`;
    }
    if (a.service === "sts" && kind === "federated-user" && rest) {
      this.notes.unknown("which user asked for the federated session, and so all policies of the caller", at);
      return this.accounts.has(a.account) ? "" : principal;
    }
    if (a.service === "iam" && (kind === "oidc-provider" || kind === "saml-provider")) return principal;
    return "";
  }

  private unread(identity: Fields, what: string, at?: Node): void {
    identity.set("policies", ["unknown"]);
    this.notes.unknown(what, at);
  }

  /** target makes sure that the resource of a request can be asked about: one whose service has resource policies is described with an unknown policy. */
  target(resource: string, owner: string, at?: Node): void {
    const a = arn(resource);
    if (!a || !withPolicy.has(a.service) || !this.accounts.has(owner) || resource.includes("*")) return;
    const entry = a.service === "s3" ? `arn:${a.partition}:s3:::${a.resource.split("/")[0]}` : resource;
    if (this.account(owner).resources.has(entry)) return;
    this.resource(owner, entry).set("policy", "unknown");
    this.notes.unknown(`the resource-based policy of ${entry}`, at);
  }

  /** settle describes what is referred to and not described: as unknown policies and groups. */
  private settle(): void {
    for (const [id, account] of this.accounts) {
      const reference = (written: string, by: string): string => {
        if (awsPolicy.test(written)) {
          if (!written.startsWith("arn:aws:")) this.notes.unknown(`${written}: the policy of the same name of the partition "aws" stands for it`);
          return written.replace(/^arn:[a-z-]+:/, "arn:aws:");
        }
        if (written === "unknown") return written;
        const a = arn(written);
        const name = this.name(a ? a.resource.slice(a.resource.lastIndexOf("/") + 1) : written, "policy", 128);
        const owner = a && isAccount(a.account) && a.account !== id ? a.account : id;
        const there = this.account(owner).policies;
        if (!there.has(name)) {
          there.set(name, "unknown");
          this.notes.unknown(`the text of the policy ${quote(name)}, attached to ${by}`);
        }
        return owner === id ? name : `arn:${this.account(owner).partition || "aws"}:iam::${owner}:policy/${name}`;
      };
      for (const kind of ["users", "groups", "roles"] as const) {
        for (const [name, identity] of account[kind]) {
          const by = `the ${singular[kind]} ${quote(name)}`;
          const list = identity.get("policies") as string[] | undefined;
          if (list) identity.set("policies", [...new Set(list.map((r) => reference(r, by)))]);
          const boundary = identity.get("boundary");
          if (typeof boundary === "string") {
            const to = reference(boundary, `${by} as permissions boundary`);
            identity.set("boundary", to);
          }
          for (const group of (identity.get("groups") as string[] | undefined) ?? []) {
            if (account.groups.has(group)) continue;
            account.groups.set(group, object(["policies", ["unknown"]]));
            this.notes.unknown(`the policies of the group ${quote(group)}`);
          }
        }
      }
    }
  }

  /** made counts what the world holds, by kind, with names. */
  made(): Made[] {
    const out = new Map<string, string[]>();
    const add = (kind: string, names: Iterable<string>) => {
      const list = [...(out.get(kind) ?? []), ...names];
      if (list.length) out.set(kind, list);
    };
    for (const [id, a] of this.accounts) {
      add("account", [a.name ? `${id} ${a.name}` : id]);
      for (const kind of ["users", "groups", "roles"] as const) add(singular[kind], a[kind].keys());
      add("managed policy", a.policies.keys());
      add("resource", a.resources.keys());
      add("VPC endpoint", a.vpcEndpoints.keys());
    }
    if (this.organization) add("organization policy", ((this.organization.get("policies") as Fields | undefined) ?? new Map<string, Value>()).keys());
    add("request", this.requests.map((r) => String(r.get("name"))));
    return [...out].map(([kind, names]) => ({ kind, count: names.length, names: names.slice(0, 12) }));
  }

  /**
   * finish gives the scenario's text. only keeps the users, groups and roles whose name holds it, and what they need. When all of it is more
   * than a scenario can hold, the first that fit are kept, and what is left out is noted.
   */
  finish(only = ""): string {
    this.settle();
    const sought = only.toLowerCase();
    const called = new Set(this.requests.map((r) => String(r.get("principal"))));
    const wanted = (id: string, kind: IdentityKind, name: string) =>
      name.toLowerCase().includes(sought) || [...called].some((c) => c.includes(`:${id}:`) && c.split(/[:/]/).includes(name) && kind !== "groups");
    if (sought) {
      for (const [id, account] of this.accounts) {
        const groups = new Set<string>();
        for (const [name, user] of account.users) {
          if (!wanted(id, "users", name)) account.users.delete(name);
          else for (const group of (user.get("groups") as string[] | undefined) ?? []) groups.add(group);
        }
        for (const name of account.roles.keys()) if (!wanted(id, "roles", name)) account.roles.delete(name);
        for (const name of account.groups.keys()) if (!groups.has(name) && !name.toLowerCase().includes(sought)) account.groups.delete(name);
      }
      this.prune();
    }
    const text = write(this.value()) + "\n";
    if (bytes(text) <= room) return text;
    return this.shortened();
  }

  /** prune removes customer managed policies that nothing refers to. */
  private prune(): void {
    for (const [id, account] of this.accounts) {
      const used = this.used();
      for (const name of account.policies.keys()) if (!used.has(`${id} ${name}`)) account.policies.delete(name);
    }
  }

  private used(): Set<string> {
    const used = new Set<string>();
    for (const [id, account] of this.accounts)
      for (const kind of ["users", "groups", "roles"] as const) for (const identity of account[kind].values()) for (const ref of references(identity)) used.add(key(id, ref));
    return used;
  }

  private shortened(): string {
    const left = { users: 0, groups: 0, roles: 0 };
    let size = 4_000;
    for (const [id, account] of this.accounts) {
      for (const [resource, value] of account.resources) {
        const more = bytes(write(value, "        ")) + resource.length + 16;
        if (size + more > room / 2) {
          account.resources.delete(resource);
          this.notes.notUnderstood(`left out, because a scenario holds 1 MiB: the resource ${resource}`);
        } else size += more;
      }
      const paid = new Set<string>();
      const price = (identity: Fields) => {
        let sum = bytes(write(identity, "        ")) + 120;
        const fresh: string[] = [];
        for (const ref of references(identity)) {
          const at = key(id, ref);
          if (paid.has(at) || fresh.includes(at)) continue;
          fresh.push(at);
          const policy = account.policies.get(ref);
          if (policy !== undefined) sum += bytes(write(policy, "        ")) + ref.length + 16;
        }
        return { sum, fresh };
      };
      for (const kind of ["groups", "users", "roles"] as const) {
        for (const [name, identity] of account[kind]) {
          const { sum, fresh } = price(identity);
          if (size + sum > room * (kind === "roles" ? 1 : 0.6)) {
            account[kind].delete(name);
            left[kind]++;
          } else {
            size += sum;
            for (const at of fresh) paid.add(at);
          }
        }
      }
      for (const user of account.users.values()) {
        const groups = user.get("groups") as string[] | undefined;
        if (groups?.some((g) => !account.groups.has(g))) user.set("groups", groups.filter((g) => account.groups.has(g)));
      }
    }
    this.prune();
    for (const kind of ["users", "groups", "roles"] as const)
      if (left[kind]) this.notes.notUnderstood(`left out, because a scenario holds 1 MiB: ${left[kind].toLocaleString("en")} ${kind}. Write a part of the names that you want`);
    return write(this.value()) + "\n";
  }

  private value(): Value {
    const part = (map: ReadonlyMap<string, Value>): Value | undefined => (map.size ? map : undefined);
    const accounts: Fields = new Map();
    for (const [id, a] of this.accounts) {
      accounts.set(
        id,
        object(["name", a.name || undefined], ["partition", a.partition && a.partition !== "aws" ? a.partition : undefined], ["policies", part(a.policies)], ["groups", part(a.groups)], ["users", part(a.users)], ["roles", part(a.roles)], ["resources", part(a.resources)], ["vpcEndpoints", part(a.vpcEndpoints)]),
      );
    }
    return object(
      ["version", 1],
      ["title", this.title],
      ["description", this.description || undefined],
      ["time", this.time || undefined],
      ["organization", this.organization ?? undefined],
      ["accounts", accounts],
      ["requests", this.requests.length ? this.requests : undefined],
    );
  }
}

/** Made counts things of one kind; names holds the first of them. */
export interface Made {
  kind: string;
  count: number;
  names: string[];
}

const encoder = new TextEncoder();

/** bytes counts the bytes of a text in UTF-8. */
export const bytes = (text: string): number => encoder.encode(text).length;

/** quote writes what was found into a message, shortened. */
export const quote = (text: string): string => JSON.stringify(text.length > 80 ? text.slice(0, 79) + "…" : text);

const key = (id: string, reference: string) => (reference.startsWith("arn:") ? `${reference.split(":")[4]} ${reference.slice(reference.lastIndexOf("/") + 1)}` : `${id} ${reference}`);

function references(identity: Fields): string[] {
  const boundary = identity.get("boundary");
  return [...((identity.get("policies") as string[] | undefined) ?? []), ...(typeof boundary === "string" ? [boundary] : [])];
}

/** decoded undoes percent-encoding; text that is not encoded properly stays. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** isPolicy tells whether a value looks like a policy document. */
export function isPolicy(node: Node | undefined): node is Node {
  return has(node, "Statement") && members(node).every((m) => ["Version", "Id", "Statement"].includes(m.key)) && items(get(node, "Statement")).every((s) => s.type === "object");
}
