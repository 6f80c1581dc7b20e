import { get, members, string, type Node } from "../import/json.ts";
import { accounts, blocks, document, forEverybody, levels, open, openBucket, path, place, plainName, referenceArn, strings, tags, type Account, type Exported } from "./scenario.ts";

/** Block is a piece of Terraform's JSON. */
type Json = string | number | boolean | Json[] | Map<string, Json>;
type Block = Map<string, Json>;

/** literal writes a text so that Terraform takes it as it is: ${ and %{ begin its own expressions. */
export function literal(text: string): string {
  return text.replace(/[$%]\{/g, (begin) => begin[0]! + begin);
}

const block = (...members: [string, Json | undefined][]): Block => new Map(members.filter((m): m is [string, Json] => m[1] !== undefined));

/** settings are those of Block Public Access as Terraform's arguments. */
const settings = (node: Node | undefined): Block => new Map(blocks(node).map(([name, on]) => [name.replace(/(?!^)[A-Z]/g, "_$&").toLowerCase(), on]));

function print(value: Json, indent = ""): string {
  const inner = indent + "  ";
  if (value instanceof Map) return value.size ? `{\n${[...value].map(([k, v]) => `${inner}${JSON.stringify(k)}: ${print(v, inner)}`).join(",\n")}\n${indent}}` : "{}";
  if (Array.isArray(value)) return value.length ? `[\n${value.map((v) => inner + print(v, inner)).join(",\n")}\n${indent}]` : "[]";
  return JSON.stringify(value);
}

/** terraform writes a scenario's world as Terraform's JSON, for a file named main.tf.json; left is what it leaves out. */
export function terraform(text: string): Exported {
  const root = open(text);
  const writer = new Writer(root);
  return { text: print(writer.write()) + "\n", left: writer.left };
}

class Writer {
  readonly left: string[] = [];
  private readonly resources = new Map<string, Map<string, Block>>();
  private readonly several: boolean;
  private readonly regions = new Set<string>();

  constructor(private readonly root: Node | null) {
    this.several = accounts(root).length > 1 || get(root ?? undefined, "organization") !== undefined;
  }

  /** add keeps a resource under a label of its own and gives its address. */
  private add(type: string, name: string, account: string, value: Block): string {
    const map = this.resources.get(type) ?? new Map<string, Block>();
    this.resources.set(type, map);
    const base = (/^[A-Za-z_]/.test(name) ? name : `_${name}`).replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 100);
    let label = base;
    for (let n = 2; map.has(label); n++) label = `${base}_${n}`;
    map.set(label, this.several && account ? new Map<string, Json>([["provider", `aws.${this.provider(account)}`], ...value]) : value);
    return `${type}.${label}`;
  }

  private provider(account: string): string {
    return account === "organization" ? "organization" : `account_${account}`;
  }

  write(): Block {
    this.organization();
    const list = accounts(this.root);
    for (const account of list) this.account(account);
    const region = [...this.regions][0] ?? "us-east-1";
    const providers: Json = this.several
      ? [
          ...(get(this.root ?? undefined, "organization") ? [block(["alias", "organization"], ["region", region])] : []),
          ...list.map((a) => block(["alias", this.provider(a.id)], ["region", region], ["allowed_account_ids", [a.id]])),
        ]
      : block(["region", region], ["allowed_account_ids", list[0] ? [list[0].id] : undefined]);
    if (this.regions.size > 1) this.left.push(`other regions than ${region}: ${[...this.regions].slice(1).join(", ")}; give their resources a provider of their own`);
    const title = string(get(this.root ?? undefined, "title"));
    return block(
      ["//", literal(`The world of "${title || "a scenario"}". Left out: ${this.left.length ? this.left.join("; ") : "nothing"}.`)],
      ["terraform", block(["required_providers", block(["aws", block(["source", "hashicorp/aws"])])])],
      ["provider", block(["aws", providers])],
      ["data", get(this.root ?? undefined, "organization") ? block(["aws_organizations_organization", block(["this", block(["provider", "aws.organization"])])]) : undefined],
      ["resource", this.resources.size ? new Map<string, Json>(this.resources) : undefined],
    );
  }

  private tagsOf(node: Node): Json | undefined {
    const list = tags(node);
    return list.length ? new Map(list.map(([k, v]) => [literal(k), literal(v)] as [string, Json])) : undefined;
  }

  private account(account: Account): void {
    const { id } = account;
    const policies = new Map<string, string>();
    const usable = (kind: string, name: string) => {
      if (!plainName(name)) this.left.push(`the ${kind} ${JSON.stringify(name)}, whose name IAM does not take`);
      return plainName(name);
    };
    for (const { name, node } of account.policies) {
      if (!usable("policy", name)) continue;
      const text = document(node);
      if (!text) this.left.push(`the policy "${name}", whose text is unknown`);
      else policies.set(name, this.add("aws_iam_policy", name, id, block(["name", name], ["policy", literal(text)])));
    }
    const policyArn = (reference: string, by: string): string => {
      const own = policies.get(reference) ?? policies.get(reference.startsWith(`arn:${account.partition}:iam::${id}:policy/`) ? reference.slice(reference.lastIndexOf("/") + 1) : "");
      if (own) return `\${${own}.arn}`;
      if (reference.startsWith("arn:")) return literal(referenceArn(reference, account));
      this.left.push(`a policy of ${by} that is unknown`);
      return "";
    };
    const attached = (kind: "group" | "user" | "role", name: string, node: Node, address: string) => {
      const owner = `\${${address}.name}`;
      for (const { key, value } of members(get(node, "inline"))) {
        const text = document(value);
        if (!text) this.left.push(`the inline policy ${JSON.stringify(key)} of the ${kind} "${name}", whose text is unknown`);
        else this.add(`aws_iam_${kind}_policy`, `${name}_${key}`, id, block(["name", literal(key)], [kind, owner], ["policy", literal(text)]));
      }
      for (const reference of strings(get(node, "policies"))) {
        const arn = policyArn(reference, `the ${kind} "${name}"`);
        if (arn) this.add(`aws_iam_${kind}_policy_attachment`, `${name}_${reference.slice(reference.lastIndexOf("/") + 1)}`, id, block([kind, owner], ["policy_arn", arn]));
      }
    };
    const boundary = (node: Node, by: string): string | undefined => {
      const reference = string(get(node, "boundary"));
      return reference ? policyArn(reference, `${by} as permissions boundary`) || undefined : undefined;
    };
    const groups = new Map<string, string>();
    for (const { name, node } of account.groups) {
      if (!usable("group", name)) continue;
      const address = this.add("aws_iam_group", name, id, block(["name", name]));
      groups.set(name, address);
      attached("group", name, node, address);
    }
    for (const { name, node } of account.users) {
      if (!usable("user", name)) continue;
      const address = this.add("aws_iam_user", name, id, block(["name", name], ["path", path(node) === "/" ? undefined : literal(path(node))], ["permissions_boundary", boundary(node, `the user "${name}"`)], ["tags", this.tagsOf(node)]));
      const inside = strings(get(node, "groups")).map((g) => groups.get(g)).filter((g) => g !== undefined);
      if (inside.length) this.add("aws_iam_user_group_membership", name, id, block(["user", `\${${address}.name}`], ["groups", inside.map((g) => `\${${g}.name}`)]));
      attached("user", name, node, address);
      for (const { key } of members(get(node, "federations"))) this.left.push(`the federated session ${JSON.stringify(key)}`);
    }
    for (const { name, node } of account.roles) {
      if (!usable("role", name)) continue;
      const trust = document(get(node, "trust"));
      if (!trust) {
        this.left.push(`the role "${name}", whose trust policy is ${get(node, "trust") ? "unknown" : "not written"}`);
        continue;
      }
      const address = this.add("aws_iam_role", name, id, block(["name", name], ["path", path(node) === "/" ? undefined : literal(path(node))], ["assume_role_policy", literal(trust)], ["permissions_boundary", boundary(node, `the role "${name}"`)], ["tags", this.tagsOf(node)]));
      attached("role", name, node, address);
      for (const { key } of members(get(node, "sessions"))) this.left.push(`the session ${JSON.stringify(key)} of the role "${name}"`);
    }
    if (account.block) this.add("aws_s3_account_public_access_block", "this", id, settings(account.block));
    for (const { name, node } of account.resources) this.resource(name, node, id);
    for (const { name } of account.endpoints) this.left.push(`the VPC endpoint ${JSON.stringify(name)}: which service it is for, a scenario does not say`);
  }

  private resource(arn: string, node: Node, id: string): void {
    const at = place(arn);
    const policy = document(get(node, "policy"));
    const tagged: [string, Json | undefined] = ["tags", this.tagsOf(node)];
    const label = arn.slice(arn.lastIndexOf(":") + 1);
    const simple = at && /^[A-Za-z0-9_.-]{1,256}$/.test(at.rest);
    const made = (type: string, own: Block, policyType: string, owner: string, attribute: string) => {
      const address = this.add(type, label, id, own);
      const access = get(node, "publicAccessBlock");
      const blocked = type === "aws_s3_bucket" && access ? this.add("aws_s3_bucket_public_access_block", label, id, block(["bucket", `\${${address}.id}`], ...settings(access))) : "";
      if (type === "aws_s3_bucket" && !access && forEverybody(policy)) this.left.push(openBucket(arn));
      if (policy) this.add(policyType, label, id, block([owner, `\${${address}.${attribute}}`], ["policy", literal(policy)], ["depends_on", blocked ? [blocked] : undefined]));
    };
    const abac = get(node, "abac");
    if (abac?.type === "boolean" && abac.value) this.left.push(`that the tags of ${arn} take part in authorization (ABAC)`);
    const region = at?.region || string(get(node, "region"));
    if (/^[a-z0-9-]+$/.test(region)) this.regions.add(region);
    if (get(node, "policy") && !policy) this.left.push(`the policy of ${arn}, which is unknown`);
    if (at?.service === "s3" && simple) made("aws_s3_bucket", block(["bucket", at.rest], tagged), "aws_s3_bucket_policy", "bucket", "id");
    else if (at?.service === "sqs" && simple) made("aws_sqs_queue", block(["name", at.rest], tagged), "aws_sqs_queue_policy", "queue_url", "url");
    else if (at?.service === "sns" && simple) made("aws_sns_topic", block(["name", at.rest], tagged), "aws_sns_topic_policy", "arn", "arn");
    else if (at?.service === "kms" && at.rest.startsWith("key/")) made("aws_kms_key", block(["description", literal(`stands for ${arn}`)], tagged), "aws_kms_key_policy", "key_id", "id");
    else if (at?.service === "secretsmanager" && /^secret:[A-Za-z0-9/_+=.@-]+$/.test(at.rest)) made("aws_secretsmanager_secret", block(["name", at.rest.slice(7).replace(/-[A-Za-z0-9?]{6}$/, "")], tagged), "aws_secretsmanager_secret_policy", "secret_arn", "arn");
    else if (at?.service === "ecr" && /^repository\/[a-z0-9._/-]+$/.test(at.rest)) made("aws_ecr_repository", block(["name", at.rest.slice(11)], tagged), "aws_ecr_repository_policy", "repository", "name");
    else this.left.push(`${arn}${string(get(node, "role")) ? ", which runs code with a role" : ""}`);
  }

  private organization(): void {
    const whole = get(this.root ?? undefined, "organization");
    if (!whole) return;
    const ids = new Map<string, string>();
    const attach = (target: string, label: string, node: Node | undefined) => {
      for (const [member, type] of [["scps", "SERVICE_CONTROL_POLICY"], ["rcps", "RESOURCE_CONTROL_POLICY"]] as const) {
        const names = strings(get(node, member));
        for (const name of names) {
          if (/(^|\/)(RCP)?FullAWSAccess$/.test(name)) continue;
          const key = `${type} ${name}`;
          if (!ids.has(key)) {
            const text = document(members(get(whole, "policies")).find((m) => m.key === name)?.value);
            if (!text) {
              this.left.push(`the organization's policy ${JSON.stringify(name)}, whose text is unknown`);
              continue;
            }
            ids.set(key, this.add("aws_organizations_policy", name, "organization", block(["name", literal(name)], ["type", type], ["content", literal(text)])));
          }
          this.add("aws_organizations_policy_attachment", `${label}_${name}`, "organization", block(["policy_id", `\${${ids.get(key)!}.id}`], ["target_id", target]));
        }
        if (get(node, member) && member === "scps" && !names.some((n) => /(^|\/)FullAWSAccess$/.test(n))) this.left.push(`that "FullAWSAccess" is not attached to ${label}: detach it by hand`);
      }
    };
    const unit = (node: Node | undefined, id: string, label: string) => {
      for (const { key, value } of members(get(node, "units"))) {
        const address = this.add("aws_organizations_organizational_unit", key, "organization", block(["name", literal(key)], ["parent_id", id]));
        unit(value, `\${${address}.id}`, key);
      }
      const stand = strings(get(node, "accounts"));
      if (stand.length && label !== "root") this.left.push(`that the accounts ${stand.join(", ")} stand in "${label}": move them there`);
      attach(id, label, node);
    };
    unit(get(whole, "root"), "${data.aws_organizations_organization.this.roots[0].id}", "root");
    for (const { key, value } of members(get(whole, "accountPolicies"))) if (/^\d{12}$/.test(key)) attach(key, key, value);
    for (const level of levels(whole, "s3PublicAccessBlock")) this.left.push(`the organization's S3 policy of ${JSON.stringify(level)}, which sets Block Public Access`);
    for (const one of strings(get(whole, "delegatedAdministrators"))) if (/^\d{12}$/.test(one)) this.add("aws_organizations_delegated_administrator", one, "organization", block(["account_id", one], ["service_principal", "iam.amazonaws.com"]));
    const access = get(whole, "rootAccess");
    if (access?.type === "boolean" && access.value) this.add("aws_iam_organizations_features", "root", "organization", block(["enabled_features", ["RootSessions"]]));
  }
}
