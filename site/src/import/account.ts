import { get, has, items, members, read, string, type Node } from "./json.ts";
import { grammarOf } from "./policy.ts";
import { arn, decoded, isAccount, isPolicy, placeholder, quote, type IdentityKind, type World } from "./world.ts";
import type { Fields } from "./write.ts";

const lists = ["UserDetailList", "GroupDetailList", "RoleDetailList"] as const;

/** single are members by which the answers of IAM's other commands are known. */
const single = ["Role", "User", "Group", "PolicyVersion", "PolicyDocument", "AttachedPolicies", "PolicyNames", "Policies", "Roles", "Users", "Groups", "Policy", "InstanceProfile", "InstanceProfiles", "ResourcePolicy"];

/** isAccountDetails tells whether a value is, or is a page of, what get-account-authorization-details prints. */
export function isAccountDetails(node: Node): boolean {
  return lists.some((name) => has(node, name)) || items(get(node, "Policies")).some((p) => has(p, "PolicyVersionList"));
}

/** isAnswer tells whether a value is what another command of IAM prints. */
export function isAnswer(node: Node): boolean {
  const kinds: Record<string, (n: Node | undefined) => boolean> = {
    Role: (n) => has(n, "RoleName"),
    User: (n) => has(n, "UserName"),
    Group: (n) => has(n, "GroupName"),
    PolicyVersion: (n) => has(n, "Document"),
    PolicyDocument: (n) => n !== undefined,
    AttachedPolicies: (n) => n?.type === "array",
    PolicyNames: (n) => n?.type === "array",
    Policies: (n) => items(n).every((p) => has(p, "PolicyName")) && n?.type === "array",
    Roles: (n) => items(n).every((r) => has(r, "RoleName")) && n?.type === "array",
    Users: (n) => items(n).every((u) => has(u, "UserName")) && n?.type === "array",
    Groups: (n) => items(n).every((g) => has(g, "GroupName")) && n?.type === "array",
    Policy: (n) => n?.type === "string" || has(n, "PolicyName"),
    InstanceProfile: (n) => has(n, "Roles"),
    InstanceProfiles: (n) => n?.type === "array",
    ResourcePolicy: (n) => n?.type === "string",
  };
  return single.some((name) => has(node, name) && kinds[name]!(get(node, name)));
}

/** accountOf gives the first ARN with an account in a value; null without one. */
function accountOf(node: Node): ReturnType<typeof arn> {
  const seen: Node[] = [node];
  // Breadth first and bounded: the ARNs stand near the top.
  for (let i = 0; i < seen.length && i < 20_000; i++) {
    const one = seen[i]!;
    if (one.type === "object") {
      for (const { key, value } of one.members) {
        const a = value.type === "string" && /arn$/i.test(key) ? arn(value.value) : null;
        if (a && isAccount(a.account)) return a;
        if (value.type === "object" || value.type === "array") seen.push(value);
      }
    } else if (one.type === "array") seen.push(...one.items.slice(0, 200));
  }
  return null;
}

/** readAccount puts the answers of IAM's commands into a world, one value after the other: pages of one list add up. */
export function readAccount(world: World, roots: readonly Node[], progress: (part: number) => void = () => {}): void {
  const { notes } = world;
  const told = roots.map(accountOf).find((found) => found !== null);
  const id = told?.account ?? placeholder;
  world.assumed = !told;
  if (world.assumed) notes.unknown(`the account, because no ARN names it: ${id} stands for it`);
  world.account(id);
  if (told) world.lives(id, told.partition);
  const reader = new Reader(world, id);
  roots.forEach((root, i) => {
    progress(i / roots.length);
    reader.read(root, (part) => progress((i + part) / roots.length));
  });
  reader.finish();
}

class Reader {
  private readonly counts = new Map<string, number>();
  /** lastRole and lastPolicy are what was pasted before: the lists and versions behind them belong to them. */
  private lastRole = "";
  private lastPolicy = "";
  /** named are inline policies and managed ones of which only the name was printed so far. */
  private readonly named: { into: Fields | null; name: string; at: Node }[] = [];

  constructor(
    private readonly world: World,
    private readonly id: string,
  ) {}

  private count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  read(root: Node, progress: (part: number) => void): void {
    const { world } = this;
    const big = [...items(get(root, "Policies")).map((node) => ({ node, kind: "policies" })), ...items(get(root, "GroupDetailList") ?? get(root, "Groups")).map((node) => ({ node, kind: "groups" })), ...items(get(root, "UserDetailList") ?? get(root, "Users")).map((node) => ({ node, kind: "users" })), ...items(get(root, "RoleDetailList") ?? get(root, "Roles")).map((node) => ({ node, kind: "roles" }))];
    big.forEach(({ node, kind }, i) => {
      if (i % 200 === 0) progress(i / big.length);
      if (kind === "policies") this.managed(node);
      else this.identity(kind as IdentityKind, node);
    });
    if (has(root, "IsTruncated") && string(get(root, "IsTruncated")) === "true") world.notes.notUnderstood("the list is cut off (IsTruncated): run the command without limits, or paste the next pages behind it", root);
    for (const [member, kind] of [["Role", "roles"], ["User", "users"], ["Group", "groups"]] as const) {
      const one = get(root, member);
      if (has(one, `${member}Name`)) {
        this.identity(kind, one!);
        if (kind === "roles") this.lastRole = string(get(one, "RoleName"));
        // get-group prints the members beside the group.
        if (kind === "groups") for (const user of items(get(root, "Users"))) this.member(string(get(user, "UserName")), string(get(one, "GroupName")), user);
      }
    }
    for (const profile of [...items(get(root, "InstanceProfiles")), ...items(get(root, "InstanceProfile"))]) for (const role of items(get(profile, "Roles"))) this.identity("roles", role);
    const policy = get(root, "Policy") ?? get(root, "ResourcePolicy");
    if (has(policy, "PolicyName")) {
      this.managed(policy!);
      this.lastPolicy = string(get(policy, "PolicyName"));
    } else if (policy?.type === "string") this.resourcePolicy(policy);
    const version = get(root, "PolicyVersion");
    if (has(version, "Document")) {
      const name = world.managed(this.id, this.lastPolicy || "ImportedPolicy", world.document(get(version, "Document"), "the policy version"), version);
      if (!this.lastPolicy) {
        world.notes.unknown('the name of the policy and who has it, because the command does not print them: it was called "ImportedPolicy" and attached to the user "someone"', version);
        world.attach(world.identity(this.id, "users", "someone"), name);
      }
      this.count("policy");
    }
    const inline = get(root, "PolicyDocument");
    if (inline) {
      for (const [member, kind] of [["RoleName", "roles"], ["UserName", "users"], ["GroupName", "groups"]] as const) {
        const owner = string(get(root, member));
        if (!owner) continue;
        world.inline(world.identity(this.id, kind, owner, root), string(get(root, "PolicyName")), world.document(inline, `the policy ${quote(string(get(root, "PolicyName")))}`));
        this.count("inline policy");
      }
    }
    const attached = get(root, "AttachedPolicies");
    if (attached) {
      const role = this.someone("the policies are attached to", attached);
      for (const one of items(attached)) world.attach(role, string(get(one, "PolicyArn")) || string(get(one, "PolicyName")));
      this.count("list of attached policies");
    }
    const names = get(root, "PolicyNames");
    if (names) {
      const role = this.someone("the inline policies belong to", names);
      for (const one of items(names)) this.named.push({ into: role, name: string(one), at: one });
      this.count("list of inline policies");
    }
    for (const { key } of members(root)) if (!known.has(key)) world.notes.notUnderstood(`${quote(key)} was left out: nothing here is made of it`, get(root, key));
  }

  finish(): void {
    for (const { into, name, at } of this.named) {
      if (into ? (into.get("inline") as Fields | undefined)?.has(name) : this.world.account(this.id).policies.has(name)) continue;
      if (into) this.world.inline(into, name, "unknown");
      else this.world.managed(this.id, name, "unknown", at);
      this.world.notes.unknown(`the text of the ${into ? "inline" : "managed"} policy ${quote(name)}`, at);
    }
    for (const [what, n] of this.counts) this.world.notes.understood(`${n.toLocaleString("en")} ${n === 1 ? what : what.replace(/y$/, "ie").replace(/^list of/, "lists of") + (/^list of/.test(what) ? "" : "s")}`);
    this.world.title = this.world.assumed ? "An imported account" : `Account ${this.id}`;
    this.world.description = "Made from what AWS's command line prints. Service control policies, resource-based policies and session policies are not part of it.";
  }

  /** someone is the role that was pasted before; a command that prints a list alone does not say whose it is. */
  private someone(what: string, at: Node): Fields {
    if (this.lastRole) return this.world.identity(this.id, "roles", this.lastRole);
    this.world.notes.unknown(`who ${what}, because the command does not print it: the role "ImportedRole" stands for them`, at);
    return this.world.identity(this.id, "roles", "ImportedRole");
  }

  private member(user: string, group: string, at: Node): void {
    if (!user || !group) return;
    const into = this.world.identity(this.id, "users", user, at);
    into.set("groups", [...new Set([...((into.get("groups") as string[] | undefined) ?? []), this.world.name(group, "group", 128, at)])]);
  }

  private managed(node: Node): void {
    const { world } = this;
    const own = string(get(node, "Arn"));
    // AWS's own policies are known by their ARN; the documents come from the bundled library.
    if (/^arn:[a-z-]+:iam::aws:policy\//.test(own)) {
      this.count("policy of AWS, known by name");
      return;
    }
    const versions = items(get(node, "PolicyVersionList"));
    const sought = string(get(node, "DefaultVersionId"));
    const version = versions.find((v) => string(get(v, "IsDefaultVersion")) === "true") ?? versions.find((v) => sought !== "" && string(get(v, "VersionId")) === sought) ?? versions[0];
    const name = string(get(node, "PolicyName"));
    if (version) world.managed(this.id, name, world.document(get(version, "Document"), `the policy ${quote(name)}`), node);
    else this.named.push({ into: null, name: world.name(name, "policy", 128, node), at: node });
    this.count("managed policy");
  }

  private identity(kind: IdentityKind, node: Node): void {
    const { world, id } = this;
    const member = { users: "UserName", groups: "GroupName", roles: "RoleName" }[kind];
    const name = string(get(node, member));
    if (!name) {
      world.notes.notUnderstood(`found no ${quote(member)}, expected the name`, node);
      return;
    }
    const into = world.identity(id, kind, name, node);
    const path = string(get(node, "Path"));
    if (path && path !== "/" && kind !== "groups") {
      if (/^\/([!-~]*\/)?$/.test(path) && path.length <= 512) into.set("path", path);
      else world.notes.notUnderstood(`the path of ${quote(name)} is ${quote(path)}, expected one that begins and ends with /`, node);
    }
    const unique = string(get(node, { users: "UserId", groups: "GroupId", roles: "RoleId" }[kind]));
    if (unique && kind !== "groups") into.set("id", unique);
    const trust = get(node, "AssumeRolePolicyDocument");
    if (trust && kind === "roles") into.set("trust", world.document(trust, `the trust policy of the role ${quote(name)}`));
    for (const group of items(get(node, "GroupList"))) this.member(name, string(group), node);
    for (const policy of items(get(node, "AttachedManagedPolicies"))) {
      const reference = string(get(policy, "PolicyArn")) || string(get(policy, "PolicyName"));
      if (reference) world.attach(into, reference);
    }
    for (const policy of items(get(node, { users: "UserPolicyList", groups: "GroupPolicyList", roles: "RolePolicyList" }[kind]))) {
      const policyName = string(get(policy, "PolicyName"));
      world.inline(into, policyName, world.document(get(policy, "PolicyDocument"), `the policy ${quote(policyName)} of ${quote(name)}`));
    }
    const boundary = string(get(node, "PermissionsBoundary", "PermissionsBoundaryArn"));
    if (boundary) into.set("boundary", boundary);
    world.tags(into, get(node, "Tags"));
    this.count({ users: "user", groups: "group", roles: "role" }[kind]);
  }

  /** resourcePolicy is what get-bucket-policy and get-key-policy print: a policy as a string. */
  private resourcePolicy(node: Node & { type: "string" }): void {
    const { world } = this;
    const policy = read(node.value) ?? read(decoded(node.value)) ?? undefined;
    if (!isPolicy(policy)) {
      world.notes.notUnderstood('"Policy" holds no policy that can be read', node);
      return;
    }
    const named = items(get(policy, "Statement")).flatMap((s) => items(get(s, "Resource")).map(string)).map((r) => r.replace(/\/\*+$/, "")).find((r) => arn(r) && !/[*?$]/.test(r));
    const key = grammarOf(policy) === "resource" && !named;
    const at = named ?? (key ? `arn:aws:kms:us-east-1:${this.id}:key/imported` : "arn:aws:s3:::imported-resource");
    if (!named) world.notes.unknown(`which resource has the policy: ${at} stands for it`, node);
    world.resource(this.id, arn(at)!.service === "s3" ? at.split("/")[0]! : at).set("policy", world.document(policy, "the policy"));
    this.count("resource-based policy");
  }
}

const known: ReadonlySet<string> = new Set([...lists, ...single, "RoleName", "UserName", "GroupName", "PolicyName", "IsTruncated", "Marker", "NextToken"]);

