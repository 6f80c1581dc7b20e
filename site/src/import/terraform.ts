import { get, has, items, members, string, type Node } from "./json.ts";
import { accountIn } from "./policy.ts";
import { arn, isAccount, quote, type IdentityKind, type World } from "./world.ts";
import { object, type Fields, type Value } from "./write.ts";

/** Managed is a resource or data source of Terraform, in the form that is common to plans and states. */
interface Managed {
  address: string;
  type: string;
  name: string;
  values: Node | undefined;
  /** expressions are how the configuration writes the arguments; plans have them. */
  expressions: Node | undefined;
  node: Node;
}

/** isTerraform tells whether a value is a plan or state of Terraform as JSON. */
export function isTerraform(node: Node): boolean {
  return has(node, "planned_values") || has(node, "resource_changes") || (has(node, "format_version") && has(node, "values")) || (has(node, "terraform_version") && (has(node, "resources") || has(node, "values")));
}

/** isSource tells whether a text is Terraform's own language. */
export function isSource(text: string): boolean {
  return /^\s*(resource|data)\s+"aws_\w+"\s+"[\w-]+"\s*\{/m.test(text.slice(0, 200_000));
}

const bare = (address: string) => address.replace(/\[[^\]]*\]/g, "");

function configured(module: Node | undefined, prefix: string, into: Map<string, Node>, depth = 0): void {
  if (depth > 50) return;
  for (const one of items(get(module, "resources"))) {
    const expressions = get(one, "expressions");
    if (expressions) into.set(prefix + string(get(one, "address")), expressions);
  }
  for (const { key, value } of members(get(module, "module_calls"))) configured(get(value, "module"), `${prefix}module.${key}.`, into, depth + 1);
}

function* within(module: Node | undefined, depth = 0): Generator<Node> {
  if (!module || depth > 50) return;
  yield* items(get(module, "resources"));
  for (const child of items(get(module, "child_modules"))) yield* within(child, depth + 1);
}

/** resources lists what a plan will have made, or what a state holds. */
function resources(root: Node): Managed[] {
  const out: Managed[] = [];
  const expressions = new Map<string, Node>();
  configured(get(root, "configuration", "root_module"), "", expressions);
  const seen = new Set<string>();
  const add = (node: Node, address: string, values: Node | undefined) => {
    if (seen.has(address)) return;
    seen.add(address);
    out.push({ address, type: string(get(node, "type")), name: string(get(node, "name")), values, expressions: expressions.get(bare(address)), node });
  };
  const planned = get(root, "planned_values", "root_module");
  for (const node of within(planned ?? get(root, "values", "root_module"))) add(node, string(get(node, "address")), get(node, "values"));
  if (!planned) {
    for (const node of items(get(root, "resource_changes"))) {
      const after = get(node, "change", "after");
      if (after) add(node, string(get(node, "address")), after);
    }
  }
  // Data sources that were read while planning stand in the state before.
  for (const node of within(get(root, "prior_state", "values", "root_module"))) if (string(get(node, "mode")) === "data") add(node, string(get(node, "address")), get(node, "values"));
  // The state file itself has instances.
  for (const node of items(get(root, "resources"))) {
    for (const [i, instance] of items(get(node, "instances")).entries()) {
      const module = string(get(node, "module"));
      const base = `${module ? module + "." : ""}${string(get(node, "mode")) === "data" ? "data." : ""}${string(get(node, "type"))}.${string(get(node, "name"))}`;
      add(node, has(instance, "index_key") ? `${base}[${string(get(instance, "index_key")) || i}]` : base, get(instance, "attributes"));
    }
  }
  return out;
}

const identityTypes: Readonly<Record<string, { kind: IdentityKind; word: string }>> = {
  aws_iam_role: { kind: "roles", word: "role" },
  aws_iam_user: { kind: "users", word: "user" },
  aws_iam_group: { kind: "groups", word: "group" },
};

/** holders are resources with a policy: where the policy stands, where its ARN, and what ARN a name makes. */
const holders: Readonly<Record<string, { policy: string; arn: string; name: string; form: string }>> = {
  aws_s3_bucket: { policy: "policy", arn: "arn", name: "bucket", form: "arn:aws:s3:::N" },
  aws_sqs_queue: { policy: "policy", arn: "arn", name: "name", form: "arn:aws:sqs:R:A:N" },
  aws_sns_topic: { policy: "policy", arn: "arn", name: "name", form: "arn:aws:sns:R:A:N" },
  aws_kms_key: { policy: "policy", arn: "arn", name: "key_id", form: "arn:aws:kms:R:A:key/N" },
  aws_dynamodb_table: { policy: "", arn: "arn", name: "name", form: "arn:aws:dynamodb:R:A:table/N" },
  aws_secretsmanager_secret: { policy: "policy", arn: "arn", name: "name", form: "arn:aws:secretsmanager:R:A:secret:N" },
  aws_ecr_repository: { policy: "", arn: "arn", name: "name", form: "arn:aws:ecr:R:A:repository/N" },
  aws_lambda_function: { policy: "", arn: "arn", name: "function_name", form: "arn:aws:lambda:R:A:function:N" },
};

/** policiesOf are resources that are a policy of another one: which argument names that, and its type. */
const policiesOf: Readonly<Record<string, { of: string; type: string; policy: string }>> = {
  aws_s3_bucket_policy: { of: "bucket", type: "aws_s3_bucket", policy: "policy" },
  aws_sqs_queue_policy: { of: "queue_url", type: "aws_sqs_queue", policy: "policy" },
  aws_sns_topic_policy: { of: "arn", type: "aws_sns_topic", policy: "policy" },
  aws_kms_key_policy: { of: "key_id", type: "aws_kms_key", policy: "policy" },
  aws_secretsmanager_secret_policy: { of: "secret_arn", type: "aws_secretsmanager_secret", policy: "policy" },
  aws_ecr_repository_policy: { of: "repository", type: "aws_ecr_repository", policy: "policy" },
  aws_dynamodb_resource_policy: { of: "resource_arn", type: "aws_dynamodb_table", policy: "policy" },
};

/** readTerraform makes a world of a plan or state. */
export function readTerraform(world: World, root: Node, text: string): void {
  new Reader(world, root, text).read();
}

class Reader {
  private readonly all: Managed[];
  private readonly byAddress = new Map<string, Managed>();
  private readonly id: string;
  private readonly region: string;
  private readonly counts = new Map<string, number>();
  private readonly others = new Map<string, number>();

  constructor(
    private readonly world: World,
    private readonly root: Node,
    text: string,
  ) {
    this.all = resources(root);
    for (const one of this.all) {
      this.byAddress.set(one.address, one);
      if (!this.byAddress.has(bare(one.address))) this.byAddress.set(bare(one.address), one);
    }
    const identity = this.all.find((r) => r.type === "aws_caller_identity");
    const told = string(get(identity?.values, "account_id"));
    this.id = isAccount(told) ? told : accountIn(text);
    world.assumed = !text.includes(this.id);
    this.region = /\barn:aws[a-z-]*:[a-z0-9-]+:([a-z]{2}(?:-[a-z]+)+-\d):\d{12}:/.exec(text)?.[1] ?? "us-east-1";
  }

  private value(r: Managed, name: string): string {
    return string(get(r.values, name));
  }

  /** referred gives the resources that an argument refers to in the configuration, when its value is not known yet. */
  private referred(r: Managed, argument: string, ...inside: (string | number)[]): Managed[] {
    const expression = get(r.expressions, argument, ...inside);
    const prefix = r.address.startsWith("module.") ? bare(r.address).slice(0, bare(r.address).lastIndexOf(`${r.type}.`)).replace(/data\.$/, "") : "";
    const out: Managed[] = [];
    for (const reference of items(get(expression, "references")).map(string)) {
      const m = /^((?:data\.)?[\w-]+\.[\w-]+)/.exec(bare(reference));
      const found = m ? this.byAddress.get(prefix + m[1]!) : undefined;
      if (found && !out.includes(found)) out.push(found);
    }
    return out;
  }

  /** name gives the name of a resource: as it is written, or the one Terraform knows it by. */
  private name(r: Managed, argument: string): string {
    const written = this.value(r, argument);
    if (written) return written;
    this.world.notes.unknown(`the name of ${r.address}, known after apply: ${quote(r.name)} stands for it`, r.node);
    return r.name;
  }

  private nameOf(r: Managed, argument: string, kind: IdentityKind): string {
    const written = this.value(r, argument);
    if (written) return written.startsWith("arn:") ? written.slice(written.lastIndexOf("/") + 1) : written;
    const to = this.referred(r, argument).find((x) => identityTypes[x.type]?.kind === kind);
    if (to) return this.name(to, "name");
    this.world.notes.unknown(`whom ${r.address} belongs to, known after apply`, r.node);
    return "";
  }

  private names(r: Managed, argument: string, kind: IdentityKind): string[] {
    const written = items(get(r.values, argument)).map(string).filter(Boolean);
    if (written.length) return written;
    return this.referred(r, argument).filter((x) => identityTypes[x.type]?.kind === kind).map((x) => this.name(x, "name"));
  }

  private policyReference(r: Managed, argument: string): string {
    const written = this.value(r, argument);
    if (written) return written;
    const to = this.referred(r, argument).find((x) => x.type === "aws_iam_policy");
    if (to) return this.value(to, "arn") || this.name(to, "name");
    const read = this.referred(r, argument).find((x) => this.value(x, "arn"));
    if (read) return this.value(read, "arn");
    this.world.notes.unknown(`which policy ${r.address} attaches, known after apply`, r.node);
    return "unknown";
  }

  private document(r: Managed, argument: string, what = `the policy of ${r.address}`): Value {
    const written = get(r.values, argument);
    if (written && string(written) !== "") return this.world.document(written, what);
    const data = this.referred(r, argument).find((x) => x.type === "aws_iam_policy_document" && this.value(x, "json"));
    if (data) return this.world.document(get(data.values, "json"), what);
    this.world.notes.unknown(`${what}, known after apply`, r.node);
    return "unknown";
  }

  private arnOf(r: Managed): string {
    const holder = Object.hasOwn(holders, r.type) ? holders[r.type]! : undefined;
    const written = this.value(r, holder?.arn ?? "arn");
    if (arn(written) || !holder) return arn(written) ? written : "";
    return holder.form.replace("R", this.region).replace(":A:", `:${this.id}:`).replace(/N$/, () => this.name(r, holder.name));
  }

  private holderOf(r: Managed, rule: { of: string; type: string }): string {
    const written = this.value(r, rule.of);
    const to = this.referred(r, rule.of).find((x) => x.type === rule.type);
    if (to) return this.arnOf(to);
    if (arn(written)) return written;
    const queue = /^https:\/\/sqs\.([^.]+)\.[^/]+\/(\d{12})\/(.+)$/.exec(written);
    if (queue) return `arn:aws:sqs:${queue[1]}:${queue[2]}:${queue[3]}`;
    if (written) {
      const same = this.all.find((x) => x.type === rule.type && [this.value(x, holders[rule.type]!.name), this.value(x, "id"), this.value(x, "url")].includes(written));
      return same ? this.arnOf(same) : holders[rule.type]!.form.replace("R", this.region).replace(":A:", `:${this.id}:`).replace(/N$/, () => written);
    }
    this.world.notes.unknown(`what ${r.address} belongs to, known after apply`, r.node);
    return "";
  }

  read(): void {
    const { world, id } = this;
    world.account(id);
    if (world.assumed) world.notes.unknown(`the account, because nothing names it: ${id} stands for it`);
    // What others refer to comes first.
    for (const r of this.all) if (Object.hasOwn(identityTypes, r.type) && !r.address.includes("data.")) this.identity(r);
    for (const r of this.all) if (!r.address.includes("data.")) this.rest(r);
    this.organization();
    for (const [type, n] of this.counts) world.notes.understood(`${n} × ${type}`);
    for (const [type, n] of this.others) world.notes.notUnderstood(`${n} × ${type}: nothing here is made of it`);
    if (this.all.length === 0) world.notes.notUnderstood('found no resources, expected what "terraform show -json" prints of a plan or a state', this.root);
    world.title = has(this.root, "planned_values") || has(this.root, "resource_changes") ? "An imported Terraform plan" : "An imported Terraform state";
    world.description = "Made from Terraform's JSON. What is known only after apply is unknown here, or has a name that stands for it.";
  }

  private count(r: Managed): void {
    this.counts.set(r.type, (this.counts.get(r.type) ?? 0) + 1);
  }

  private identity(r: Managed): void {
    const { world, id } = this;
    const { kind, word } = identityTypes[r.type]!;
    const name = this.name(r, "name");
    const into = world.identity(id, kind, name, r.node);
    const path = this.value(r, "path");
    if (/^\/([!-~]*\/)?$/.test(path) && path !== "/" && kind !== "groups") into.set("path", path);
    if (kind !== "groups" && this.value(r, "unique_id")) into.set("id", this.value(r, "unique_id"));
    if (kind === "roles") into.set("trust", this.document(r, "assume_role_policy", `the trust policy of ${r.address}`));
    if (kind !== "groups") {
      const boundary = this.value(r, "permissions_boundary");
      if (boundary) into.set("boundary", boundary);
      else if (get(r.expressions, "permissions_boundary", "references")) into.set("boundary", this.policyReference(r, "permissions_boundary"));
      world.tags(into, get(r.values, "tags_all") ?? get(r.values, "tags"));
    }
    for (const reference of items(get(r.values, "managed_policy_arns")).map(string)) world.attach(into, reference);
    for (const one of items(get(r.values, "inline_policy"))) {
      const policyName = string(get(one, "name"));
      if (policyName) world.inline(into, policyName, world.document(get(one, "policy"), `the ${word}'s policy ${quote(policyName)}`));
    }
    this.count(r);
  }

  private rest(r: Managed): void {
    const { world, id } = this;
    if (Object.hasOwn(identityTypes, r.type) || r.type.startsWith("aws_organizations_")) return;
    const holder = Object.hasOwn(holders, r.type) ? holders[r.type]! : undefined;
    const policyOf = Object.hasOwn(policiesOf, r.type) ? policiesOf[r.type]! : undefined;
    const inline = /^aws_iam_(role|user|group)_policy$/.exec(r.type)?.[1];
    const attachment = /^aws_iam_(role|user|group)_policy_attachment$/.exec(r.type)?.[1];
    if (r.type === "aws_iam_policy") world.managed(id, this.name(r, "name"), this.document(r, "policy"), r.node);
    else if (inline) {
      const name = this.nameOf(r, inline, `${inline}s` as IdentityKind);
      if (name) world.inline(world.identity(id, `${inline}s` as IdentityKind, name, r.node), this.name(r, "name"), this.document(r, "policy"));
    } else if (attachment) {
      const name = this.nameOf(r, attachment, `${attachment}s` as IdentityKind);
      if (name) world.attach(world.identity(id, `${attachment}s` as IdentityKind, name, r.node), this.policyReference(r, "policy_arn"));
    } else if (r.type === "aws_iam_policy_attachment") {
      const reference = this.policyReference(r, "policy_arn");
      for (const kind of ["roles", "users", "groups"] as const) for (const name of this.names(r, kind, kind)) world.attach(world.identity(id, kind, name, r.node), reference);
    } else if (r.type === "aws_iam_user_group_membership") {
      const user = this.nameOf(r, "user", "users");
      if (user) this.member(user, this.names(r, "groups", "groups"), r);
    } else if (r.type === "aws_iam_group_membership") {
      const group = this.nameOf(r, "group", "groups");
      if (group) for (const user of this.names(r, "users", "users")) this.member(user, [group], r);
    } else if (r.type === "aws_s3_bucket_public_access_block" || r.type === "aws_s3_account_public_access_block") {
      const at = r.type === "aws_s3_bucket_public_access_block" ? this.holderOf(r, { of: "bucket", type: "aws_s3_bucket" }) : "";
      const into = at ? world.resource(id, at) : r.type === "aws_s3_account_public_access_block" ? world.account(id).settings : undefined;
      if (into) world.block(into, (name) => get(r.values, name.replace(/(?!^)[A-Z]/g, "_$&").toLowerCase()));
    } else if (policyOf) {
      const at = this.holderOf(r, policyOf);
      if (at) world.resource(id, at).set("policy", this.document(r, policyOf.policy));
    } else if (holder) {
      const at = this.arnOf(r);
      const into = world.resource(id, at);
      // A policy that is empty, or that another resource writes, is none of its own.
      if (holder.policy && this.value(r, holder.policy) && !into.has("policy")) into.set("policy", this.document(r, holder.policy));
      else if (r.type === "aws_kms_key" && !into.has("policy")) {
        into.set("policy", "unknown");
        world.notes.unknown(`the key policy of ${r.address}, known after apply`, r.node);
      }
      world.tags(into, get(r.values, "tags_all") ?? get(r.values, "tags"));
      if (r.type === "aws_lambda_function") {
        const role = this.nameOf(r, "role", "roles");
        const name = role && world.name(role, "role", 64, r.node);
        if (name) {
          if (!world.account(id).roles.has(name)) world.identity(id, "roles", name).set("policies", ["unknown"]);
          into.set("role", name);
        }
      }
    } else if (r.type === "aws_vpc_endpoint") {
      const own = this.value(r, "id");
      const endpoint = /^vpce-/.test(own) ? own : `vpce-${r.name.toLowerCase().replace(/[^a-z0-9]/g, "")}`;
      if (endpoint !== own) world.notes.unknown(`the ID of ${r.address}, known after apply: ${quote(endpoint)} stands for it`, r.node);
      const vpc = this.value(r, "vpc_id");
      world.account(id).vpcEndpoints.set(endpoint, object(["vpc", vpc || undefined], ["policy", this.value(r, "policy") ? this.document(r, "policy") : undefined]));
    } else {
      this.others.set(r.type, (this.others.get(r.type) ?? 0) + 1);
      return;
    }
    this.count(r);
  }

  private member(user: string, groups: string[], r: Managed): void {
    const into = this.world.identity(this.id, "users", user, r.node);
    const names = groups.map((g) => this.world.name(g, "group", 128, r.node));
    const all = [...new Set([...((into.get("groups") as string[] | undefined) ?? []), ...names])];
    if (all.length) into.set("groups", all);
  }

  /** organization puts the tree of units together, and the policies that hang on it. */
  private organization(): void {
    const { world } = this;
    const of = (type: string) => this.all.filter((r) => r.type === `aws_organizations_${type}` && !r.address.includes("data."));
    const policies = of("policy");
    const whole = of("organization")[0] ?? this.all.find((r) => r.type === "aws_organizations_organization");
    const units = of("organizational_unit");
    const accounts = of("account");
    if (policies.length + units.length + accounts.length === 0) return;
    const root: Fields = new Map();
    const rootId = string(get(whole?.values, "roots", 0, "id"));
    if (rootId) root.set("id", rootId);
    const placed = new Map<string, Fields>();
    if (rootId) placed.set(rootId, root);
    for (const unit of units) {
      const fields: Fields = new Map();
      if (this.value(unit, "id")) placed.set(this.value(unit, "id"), fields.set("id", this.value(unit, "id")) as Fields);
      placed.set(unit.address, fields);
    }
    const parent = (r: Managed, argument: string): Fields => {
      const written = this.value(r, argument);
      const to = written ? undefined : this.referred(r, argument)[0];
      return placed.get(written) ?? (to && placed.get(to.address)) ?? root;
    };
    const childOf = new Map<Fields, Fields>();
    for (const unit of units) {
      const above = parent(unit, "parent_id");
      const own = placed.get(unit.address)!;
      let cycle = above === own;
      for (let up: Fields | undefined = above; up && !cycle; up = childOf.get(up)) cycle = up === own;
      const into = cycle ? root : above;
      childOf.set(own, into);
      const list = (into.get("units") as Fields | undefined) ?? new Map<string, Value>();
      list.set(this.name(unit, "name"), own);
      into.set("units", list);
      this.count(unit);
    }
    const stands = new Set<string>();
    const stand = (account: string, at: Fields) => {
      if (!isAccount(account) || stands.has(account)) return;
      stands.add(account);
      at.set("accounts", [...((at.get("accounts") as string[] | undefined) ?? []), account]);
      world.account(account);
    };
    for (const account of accounts) {
      const own = this.value(account, "id");
      if (isAccount(own)) {
        stand(own, parent(account, "parent_id"));
        world.account(own).name = this.value(account, "name");
      } else world.notes.unknown(`the ID of ${account.address}, known after apply: it was left out`, account.node);
      this.count(account);
    }
    const management = string(get(whole?.values, "master_account_id"));
    if (isAccount(management)) stand(management, root);
    stand(this.id, root);
    const documents: Fields = new Map();
    const named = new Map<string, { name: string; rcp: boolean }>();
    for (const policy of policies) {
      const type = this.value(policy, "type") || "SERVICE_CONTROL_POLICY";
      if (!/^(SERVICE|RESOURCE)_CONTROL_POLICY$/.test(type)) {
        world.notes.notUnderstood(`${policy.address} is a ${type}, which says nothing about permissions`, policy.node);
        continue;
      }
      const name = this.name(policy, "name");
      documents.set(name, this.document(policy, "content"));
      const entry = { name, rcp: type === "RESOURCE_CONTROL_POLICY" };
      named.set(policy.address, entry);
      if (this.value(policy, "id")) named.set(this.value(policy, "id"), entry);
      this.count(policy);
    }
    const levels: Fields = new Map();
    for (const attachment of of("policy_attachment")) {
      const to = this.referred(attachment, "policy_id")[0];
      const what = named.get(this.value(attachment, "policy_id")) ?? (to && named.get(to.address));
      const target = this.value(attachment, "target_id");
      let at: Fields | undefined = placed.get(target);
      if (!at && isAccount(target)) {
        if (!stands.has(target)) stand(target, root);
        at = (levels.get(target) as Fields | undefined) ?? new Map<string, Value>();
        levels.set(target, at);
      }
      const unit = at ? undefined : this.referred(attachment, "target_id").find((r) => placed.has(r.address));
      at ??= unit && placed.get(unit.address);
      if (!what || !at) {
        world.notes.unknown(`${what ? "what" : "which policy"} ${attachment.address} attaches${what ? " it to" : ""}, known after apply: it was left out`, attachment.node);
        continue;
      }
      const member = what.rcp ? "rcps" : "scps";
      const list = (at.get(member) as string[] | undefined) ?? [what.rcp ? "RCPFullAWSAccess" : "FullAWSAccess"];
      at.set(member, [...new Set([...list, what.name])]);
      this.count(attachment);
    }
    const orgId = string(get(whole?.values, "id"));
    world.organization = object(["id", orgId || undefined], ["managementAccount", isAccount(management) ? management : undefined], ["policies", documents.size ? documents : undefined], ["root", root], ["accountPolicies", levels.size ? levels : undefined]);
    world.notes.unknown('whether "FullAWSAccess" is still attached at every level: it was taken to be');
  }
}
