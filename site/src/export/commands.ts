import { get, members, string, type Node } from "../import/json.ts";
import { accounts, blocks, document, forEverybody, levels, open, openBucket, path, place, plainName, referenceArn, strings, tags, type Account, type Exported } from "./scenario.ts";

/** shell quotes a word for a POSIX shell. Words of harmless characters stay as they are. */
export function shell(word: string): string {
  return /^[A-Za-z0-9_/.:,@%+-]+$/.test(word) && !word.startsWith("-") ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** comment makes a line of comment that cannot end early, whatever the names in it hold. */
export function comment(text: string): string {
  return "# " + text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
}

/** option writes an option with its value as one word, so that a value never reads as an option. */
const option = (name: string, value: string) => (value.startsWith("-") ? `--${name}=${shell(value)}` : `--${name} ${shell(value)}`);

/** loads tells whether the AWS CLI would take a value as the address of a file to read. */
const loads = (value: string) => /^(fileb?|https?):\/\//i.test(value);

const variable = (kind: string, name: string, taken: Set<string>): string => {
  const base = `${kind}_${name}`.toUpperCase().replace(/[^A-Z0-9]+/g, "_").slice(0, 60);
  let made = base;
  for (let n = 2; taken.has(made); n++) made = `${base}_${n}`;
  taken.add(made);
  return made;
};

/** commands writes the AWS CLI commands that would build a scenario's world, in an order that works; left is what they leave out. */
export function commands(text: string): Exported {
  const root = open(text);
  const lines: string[] = [];
  const left: string[] = [];
  const say = (what: string) => {
    left.push(what);
    lines.push(comment(`left out: ${what}`));
  };
  const list = accounts(root);
  lines.push("#!/bin/sh", comment(`Builds the world of "${string(get(root ?? undefined, "title")) || "a scenario"}" with the AWS CLI.`), "set -eu");
  const world = organization(root, lines, say);
  for (const account of list) {
    lines.push("", comment(`Account ${account.id}${account.name ? ` (${account.name})` : ""}: run this part with its credentials.`));
    identities(account, lines, say);
    if (account.block) lines.push(`aws s3control put-public-access-block --account-id ${/^\d{12}$/.test(account.id) ? account.id : "ACCOUNT"} ${option("public-access-block-configuration", configuration(account.block))}`);
    for (const { name, node } of account.resources) resource(name, node, account, lines, say);
    for (const { name, node } of account.endpoints) endpoint(name, node, lines, say);
  }
  if (members(get(root ?? undefined, "requests")).length === 0 && list.length === 0 && !world) left.push("there is nothing to build");
  return { text: lines.join("\n") + "\n", left };
}

function identities(account: Account, lines: string[], say: (what: string) => void): void {
  const usable = (kind: string, name: string) => {
    if (plainName(name)) return true;
    say(`the ${kind} ${JSON.stringify(name)}, whose name IAM does not take`);
    return false;
  };
  for (const { name, node } of account.policies) {
    if (!usable("policy", name)) continue;
    const text = document(node);
    if (text) lines.push(`aws iam create-policy ${option("policy-name", name)} ${option("policy-document", text)}`);
    else say(`the policy "${name}", whose text is unknown`);
  }
  const attached = (kind: "group" | "user" | "role", name: string, node: Node) => {
    for (const { key, value } of members(get(node, "inline"))) {
      const text = document(value);
      if (text && plainName(key)) lines.push(`aws iam put-${kind}-policy ${option(`${kind}-name`, name)} ${option("policy-name", key)} ${option("policy-document", text)}`);
      else say(`the inline policy ${JSON.stringify(key)} of the ${kind} "${name}"${text ? "" : ", whose text is unknown"}`);
    }
    for (const reference of strings(get(node, "policies"))) {
      const arn = referenceArn(reference, account);
      const known = !reference.startsWith("arn:") ? document(account.policies.find((p) => p.name === reference)?.node) !== "" : true;
      if (arn && known && /^arn:/.test(arn)) lines.push(`aws iam attach-${kind}-policy ${option(`${kind}-name`, name)} ${option("policy-arn", arn)}`);
      else say(`a policy attached to the ${kind} "${name}" that is unknown${arn ? `: ${reference}` : ""}`);
    }
  };
  const boundary = (node: Node, kind: string, name: string): string => {
    const reference = string(get(node, "boundary"));
    if (!reference) return "";
    const arn = referenceArn(reference, account);
    if (arn) return ` ${option("permissions-boundary", arn)}`;
    say(`the permissions boundary of the ${kind} "${name}", which is unknown`);
    return "";
  };
  const tagged = (node: Node): string => {
    const list = tags(node);
    return list.length ? ` ${option("tags", JSON.stringify(list.map(([Key, Value]) => ({ Key, Value }))))}` : "";
  };
  for (const { name, node } of account.groups) {
    if (!usable("group", name)) continue;
    lines.push(`aws iam create-group ${option("group-name", name)}`);
    attached("group", name, node);
  }
  for (const { name, node } of account.users) {
    if (!usable("user", name)) continue;
    const limit = boundary(node, "user", name);
    lines.push(`aws iam create-user ${option("user-name", name)}${path(node) === "/" ? "" : ` ${option("path", path(node))}`}${limit}${tagged(node)}`);
    for (const group of strings(get(node, "groups"))) if (plainName(group)) lines.push(`aws iam add-user-to-group ${option("user-name", name)} ${option("group-name", group)}`);
    attached("user", name, node);
    for (const { key } of members(get(node, "federations"))) say(`the federated session ${JSON.stringify(key)}: sts get-federation-token makes it when it is needed`);
  }
  for (const { name, node } of account.roles) {
    if (!usable("role", name)) continue;
    const trust = document(get(node, "trust"));
    if (!trust) {
      say(`the role "${name}", whose trust policy is ${get(node, "trust") ? "unknown" : "not written: AWS makes no role without one"}`);
      continue;
    }
    const limit = boundary(node, "role", name);
    lines.push(`aws iam create-role ${option("role-name", name)}${path(node) === "/" ? "" : ` ${option("path", path(node))}`} ${option("assume-role-policy-document", trust)}${limit}${tagged(node)}`);
    attached("role", name, node);
    for (const { key } of members(get(node, "sessions"))) say(`the session ${JSON.stringify(key)} of the role "${name}": sts assume-role makes it when it is needed`);
  }
}

/** configuration writes settings of Block Public Access as the AWS CLI takes them. */
const configuration = (node: Node): string => blocks(node).map(([name, on]) => `${name}=${on}`).join(",");

function resource(arn: string, node: Node, account: Account, lines: string[], say: (what: string) => void): void {
  const at = place(arn);
  const policy = document(get(node, "policy"));
  const region = at?.region ? ` ${option("region", at.region)}` : "";
  const unread = get(node, "policy") && !policy ? `, whose policy is unknown` : "";
  const list = tags(node);
  const pairs = JSON.stringify(list.map(([Key, Value]) => ({ Key, Value })));
  const s3 = at?.service === "s3" && /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(at.rest);
  const simple = at && /^[A-Za-z0-9_.-]{1,256}$/.test(at.rest);
  const block = get(node, "publicAccessBlock");
  if (at && s3) {
    const home = string(get(node, "region"));
    const elsewhere = /^[a-z0-9-]+$/.test(home) && home !== "us-east-1" ? ` --region ${home} --create-bucket-configuration LocationConstraint=${home}` : "";
    lines.push(`aws s3api create-bucket ${option("bucket", at.rest)}${elsewhere}`);
    if (block) lines.push(`aws s3api put-public-access-block ${option("bucket", at.rest)} ${option("public-access-block-configuration", configuration(block))}`);
    else if (forEverybody(policy)) say(openBucket(arn));
    if (policy) lines.push(`aws s3api put-bucket-policy ${option("bucket", at.rest)} ${option("policy", policy)}`);
    if (list.length) lines.push(`aws s3api put-bucket-tagging ${option("bucket", at.rest)} ${option("tagging", `{"TagSet":${pairs}}`)}`);
    const abac = get(node, "abac");
    if (abac?.type === "boolean" && abac.value) lines.push(`aws s3api put-bucket-abac ${option("bucket", at.rest)} --abac-status Status=Enabled`);
    if (unread) say(`the policy of ${arn}, which is unknown`);
  } else if (at?.service === "sqs" && simple) {
    lines.push(`aws sqs create-queue${region} ${option("queue-name", at.rest)}${policy ? ` ${option("attributes", JSON.stringify({ Policy: policy }))}` : ""}${list.length ? ` ${option("tags", JSON.stringify(Object.fromEntries(list)))}` : ""}`);
    if (unread) say(`the policy of ${arn}, which is unknown`);
  } else if (at?.service === "sns" && simple) {
    lines.push(`aws sns create-topic${region} ${option("name", at.rest)}${policy ? ` ${option("attributes", JSON.stringify({ Policy: policy }))}` : ""}${list.length ? ` ${option("tags", pairs)}` : ""}`);
    if (unread) say(`the policy of ${arn}, which is unknown`);
  } else if (at?.service === "kms" && at.rest.startsWith("key/")) {
    lines.push(comment(`AWS makes up the ID of the key: this one stands for ${arn}.`));
    lines.push(`aws kms create-key${region}${policy ? ` ${option("policy", policy)}` : ""}${list.length ? ` ${option("tags", JSON.stringify(list.map(([TagKey, TagValue]) => ({ TagKey, TagValue }))))}` : ""}`);
    if (unread) say(`the key policy of ${arn}, which is unknown`);
  } else if (at?.service === "secretsmanager" && /^secret:[A-Za-z0-9/_+=.@-]+$/.test(at.rest)) {
    const name = at.rest.slice("secret:".length).replace(/-[A-Za-z0-9?]{6}$/, "");
    lines.push(`aws secretsmanager create-secret${region} ${option("name", name)}${list.length ? ` ${option("tags", pairs)}` : ""}`);
    if (policy) lines.push(`aws secretsmanager put-resource-policy${region} ${option("secret-id", name)} ${option("resource-policy", policy)}`);
    if (unread) say(`the policy of ${arn}, which is unknown`);
  } else if (at?.service === "ecr" && /^repository\/[a-z0-9._/-]+$/.test(at.rest)) {
    const name = at.rest.slice("repository/".length);
    lines.push(`aws ecr create-repository${region} ${option("repository-name", name)}${list.length ? ` ${option("tags", pairs)}` : ""}`);
    if (policy) lines.push(`aws ecr set-repository-policy${region} ${option("repository-name", name)} ${option("policy-text", policy)}`);
    if (unread) say(`the policy of ${arn}, which is unknown`);
  } else if (at?.service === "lambda" && /^function:[A-Za-z0-9_-]+$/.test(at.rest)) say(`${arn}, which needs code: give it the role with "aws lambda create-function --role"`);
  else if (at?.service === "ec2" && at.rest.startsWith("instance/")) instance(arn, node, account, lines, say);
  else say(`${arn}${unread}: make it with its own service${policy ? ", and put its policy there" : ""}`);
}

function instance(arn: string, node: Node, account: Account, lines: string[], say: (what: string) => void): void {
  const role = string(get(node, "role"));
  const name = role.slice(role.lastIndexOf("/") + 1);
  if (plainName(name) && account.roles.some((r) => r.name === name)) {
    lines.push(`aws iam create-instance-profile ${option("instance-profile-name", name)}`);
    lines.push(`aws iam add-role-to-instance-profile ${option("instance-profile-name", name)} ${option("role-name", name)}`);
  }
  say(`${arn}: start one with "aws ec2 run-instances"${name ? ` and the instance profile "${name}"` : ""}`);
}

function endpoint(id: string, node: Node, lines: string[], say: (what: string) => void): void {
  const policy = document(get(node, "policy"));
  if (policy && /^vpce-[0-9a-z]+$/.test(id)) {
    lines.push(comment(`The VPC endpoint ${id} must be there already: which service it is for, a scenario does not say.`));
    lines.push(`aws ec2 modify-vpc-endpoint ${option("vpc-endpoint-id", id)} ${option("policy-document", policy)}`);
  } else say(`the VPC endpoint ${JSON.stringify(id)}${policy ? "" : ", which has AWS's own policy or an unknown one"}`);
}

/** organization builds the units and policies, with credentials of the management account. It tells whether there is one. */
function organization(root: Node | null, lines: string[], say: (what: string) => void): boolean {
  const whole = get(root ?? undefined, "organization");
  if (!whole) return false;
  const taken = new Set<string>();
  const management = string(get(whole, "managementAccount"));
  lines.push("", comment(`The organization: run this part with credentials of the management account${management ? ` ${management}` : ""}.`));
  lines.push(`ROOT_ID=$(aws organizations list-roots --query 'Roots[0].Id' --output text)`);
  const ids = new Map<string, string>();
  const attach = (target: string, node: Node | undefined) => {
    for (const [member, type, full] of [["scps", "SERVICE_CONTROL_POLICY", "p-FullAWSAccess"], ["rcps", "RESOURCE_CONTROL_POLICY", "p-RCPFullAWSAccess"]] as const) {
      const written = get(node, member);
      if (!written) continue;
      const names = strings(written);
      for (const name of names) {
        if (/(^|\/)(RCP)?FullAWSAccess$/.test(name)) continue;
        if (loads(name)) {
          say(`the policy ${JSON.stringify(name)}, which the AWS CLI would take for a file`);
          continue;
        }
        const key = `${type} ${name}`;
        if (!ids.has(key)) {
          const text = document(members(get(whole, "policies")).find((m) => m.key === name)?.value);
          if (!text) {
            say(`the ${type === "SERVICE_CONTROL_POLICY" ? "service" : "resource"} control policy ${JSON.stringify(name)}, whose text is unknown`);
            continue;
          }
          const made = variable("policy", name, taken);
          ids.set(key, made);
          lines.push(`${made}=$(aws organizations create-policy ${option("name", name)} ${option("description", "")} --type ${type} ${option("content", text)} --query Policy.PolicySummary.Id --output text)`);
        }
        lines.push(`aws organizations attach-policy --policy-id "$${ids.get(key)!}" --target-id ${target}`);
      }
      // FullAWSAccess is attached from the beginning; where a level lacks it, it is taken away last.
      if (!names.some((n) => /(^|\/)(RCP)?FullAWSAccess$/.test(n)) && type === "SERVICE_CONTROL_POLICY") lines.push(`aws organizations detach-policy --policy-id ${full} --target-id ${target}`);
    }
  };
  const unit = (node: Node | undefined, id: string) => {
    for (const account of strings(get(node, "accounts"))) if (/^\d{12}$/.test(account) && account !== management && id !== '"$ROOT_ID"') lines.push(`aws organizations move-account --account-id ${account} --source-parent-id "$ROOT_ID" --destination-parent-id ${id}`);
    for (const { key, value } of members(get(node, "units"))) {
      if (loads(key)) {
        say(`the unit ${JSON.stringify(key)}, which the AWS CLI would take for a file`);
        continue;
      }
      const made = variable("unit", key, taken);
      lines.push(`${made}=$(aws organizations create-organizational-unit --parent-id ${id} ${option("name", key)} --query OrganizationalUnit.Id --output text)`);
      unit(value, `"$${made}"`);
    }
    attach(id, node);
  };
  unit(get(whole, "root"), '"$ROOT_ID"');
  for (const { key, value } of members(get(whole, "accountPolicies"))) if (/^\d{12}$/.test(key)) attach(key, value);
  for (const level of levels(whole, "s3PublicAccessBlock")) say(`the organization's S3 policy of ${JSON.stringify(level)}, which sets Block Public Access`);
  const administrators = strings(get(whole, "delegatedAdministrators")).filter((id) => /^\d{12}$/.test(id));
  const access = get(whole, "rootAccess");
  const rooted = access?.type === "boolean" && access.value;
  if (rooted || administrators.length) lines.push("aws organizations enable-aws-service-access --service-principal iam.amazonaws.com");
  if (rooted) lines.push("aws iam enable-organizations-root-sessions");
  for (const id of administrators) lines.push(`aws organizations register-delegated-administrator --account-id ${id} --service-principal iam.amazonaws.com`);
  return true;
}
