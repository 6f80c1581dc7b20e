import { get, has, items, members, string, type Node } from "../import/json.ts";
import { accounts, compact, document, levels, open, place, strings, type Account, type Exported } from "./scenario.ts";

/** Fact is a context key of the request as the engine derived it. */
export interface Fact {
  key: string;
  values: readonly string[];
  multi: boolean;
  origin: string;
}

/** Simulation is a request for AWS's own simulator. */
export interface Simulation extends Exported {
  /** input is the JSON that the command takes. */
  input: string;
}

/** supported are services whose resource-based policies the simulator takes. */
const supported: ReadonlySet<string> = new Set(["s3", "sqs", "sns", "glacier"]);

const numeric = /^-?\d+(\.\d+)?$/;
const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const address = /^(\d{1,3}\.){3}\d{1,3}(\/\d+)?$|^[0-9a-f]*:[0-9a-f:.]+(\/\d+)?$/i;

function contextType(key: string, values: readonly string[], multi: boolean): string {
  const all = (pattern: RegExp) => values.length > 0 && values.every((v) => pattern.test(v));
  const base = /(SourceIp|VpcSourceIp)$/i.test(key) && all(address) ? "ip" : /^(true|false)$/.test(values[0] ?? "") && all(/^(true|false)$/) ? "boolean" : all(date) ? "date" : /(Age|max-keys|EpochTime|Size|Iops)$/i.test(key) && all(numeric) ? "numeric" : "string";
  return base + (multi ? "List" : "");
}

/**
 * simulator writes a request as the command `aws iam simulate-custom-policy`, with the list of what AWS's simulator cannot express of it.
 * facts are the derived context; library gives the text of a policy of AWS by its ARN, undefined when it is not bundled.
 *
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
 */
export function simulator(text: string, request: number, facts: readonly Fact[], library: (arn: string) => string | undefined): Simulation {
  const root = open(text);
  const r = get(root ?? undefined, "requests", request);
  const left: string[] = [];
  if (!r) return { text: "", input: "", left: ["there is no request to simulate"] };
  const all = accounts(root);
  const principal = string(get(r, "principal"));
  const action = string(get(r, "action"));
  const resource = string(get(r, "resource"));
  const caller = /^arn:[a-z-]+:(iam|sts)::(\d{12}):(user|assumed-role|federated-user|root)(?:\/(.*))?$/.exec(principal);
  const home = all.find((a) => a.id === caller?.[2]);
  const parts = caller?.[4]?.split("/") ?? [];
  const identity = caller?.[3] === "user" ? home?.users.find((u) => u.name === parts.at(-1))?.node : caller?.[3] === "assumed-role" ? home?.roles.find((x) => x.name === parts[0])?.node : undefined;

  const policies: string[] = [];
  const take = (reference: string, account: Account, what: string): string => {
    const own = reference.startsWith("arn:") && !reference.includes("::aws:") ? all.find((a) => a.id === reference.split(":")[4]) : account;
    const name = reference.startsWith("arn:") ? reference.slice(reference.lastIndexOf("/") + 1) : reference;
    const found = reference.includes("::aws:") ? library(reference) : document(own?.policies.find((p) => p.name === name)?.node);
    if (found) return found.includes("\n") ? compact(open(found) ?? { type: "null", start: 0, end: 0 }) : found;
    left.push(`${what} "${reference}", whose text is not known here`);
    return "";
  };
  const collect = (node: Node, account: Account, what: string) => {
    for (const reference of strings(get(node, "policies"))) {
      const found = take(reference, account, `the policy of ${what}`);
      if (found) policies.push(found);
    }
    for (const { key, value } of members(get(node, "inline"))) {
      const found = document(value);
      if (found) policies.push(found);
      else left.push(`the inline policy "${key}" of ${what}, whose text is not known here`);
    }
  };
  let boundary = "";
  if (home && identity) {
    collect(identity, home, `the ${caller![3] === "user" ? "user" : "role"} "${caller![3] === "user" ? parts.at(-1)! : parts[0]!}"`);
    for (const group of strings(get(identity, "groups"))) {
      const node = home.groups.find((g) => g.name === group)?.node;
      if (node) collect(node, home, `the group "${group}"`);
    }
    const reference = string(get(identity, "boundary"));
    if (reference) boundary = take(reference, home, "the permissions boundary");
  }

  const at = place(resource);
  const covering = (a: Account) => a.resources.filter((x) => resource === x.name || resource.startsWith(`${x.name}/`) || resource.startsWith(`${x.name}:`)).sort((x, y) => y.name.length - x.name.length)[0];
  const owner = all.find((a) => covering(a)) ?? all.find((a) => a.id === at?.account);
  const entry = owner && covering(owner);
  let resourcePolicy = "";
  const written = document(get(entry?.node, "policy"));
  if (has(entry?.node, "policy")) {
    if (!written) left.push(`the resource-based policy of ${entry!.name}, whose text is not known here`);
    else if (!supported.has(at?.service ?? "")) left.push(`the resource-based policy of ${entry!.name}: the simulator takes those of S3, SQS, SNS and S3 Glacier`);
    else if (caller?.[3] !== "user") left.push(`the resource-based policy of ${entry!.name}: the simulator takes one only with an IAM user as the caller`);
    else resourcePolicy = written;
  }

  // What the request has around it and the simulator has no place for.
  const organization = get(root ?? undefined, "organization");
  if (organization && caller && has(organization, "root")) left.push("service control policies: simulate-custom-policy takes none");
  if (organization && owner && JSON.stringify(organizationMembers(organization)).includes("rcps")) left.push("resource control policies");
  if (owner && at?.service === "s3" && (owner.block || has(entry?.node, "publicAccessBlock") || levels(organization, "s3PublicAccessBlock").length)) left.push("S3 Block Public Access");
  if (caller && owner && owner.id !== caller[2]) left.push(`that account ${caller[2]} calls and account ${owner.id} owns: both sides must allow, and the simulator asks one`);
  if (caller && !home) left.push(`the policies of the caller, whose account ${caller[2]} the scenario does not describe`);
  if (caller?.[3] === "assumed-role") {
    left.push("that the caller is a role session: the role's policies are given as those of nobody in particular");
    const session = parts.slice(1).join("/");
    const node = identity ? get(identity, "sessions", session) : undefined;
    if (node && (items(get(node, "policies")).length || members(get(node, "inline")).length)) left.push("the session policies");
  }
  if (caller?.[3] === "federated-user") left.push("that the caller is a federated user, with the session policies that it has");
  if (caller?.[3] === "root") left.push("that the caller is the root user, whom no identity-based policy restricts");
  if (!caller) left.push(principal === "anonymous" ? "an anonymous caller" : `the caller ${JSON.stringify(principal)}: a service, a provider or a resource cannot be simulated`);
  if (/^sts:AssumeRole/i.test(action)) left.push("the trust policy of the role");
  if (string(get(r, "via"))) left.push(`the VPC endpoint ${string(get(r, "via"))} and its policy`);
  for (const key of strings(get(r, "unknown"))) left.push(`that the value of ${key} is unknown: it is left away here, which AWS takes as absent`);
  for (const one of items(get(r, "also"))) left.push(`the further check of ${string(get(one, "action"))}: simulate it by itself`);
  if (policies.length === 0) left.push("a caller without policies: the simulator wants at least one, so one that allows nothing stands for them");

  const context = facts.filter((f) => f.values.length && f.origin !== "absent" && f.origin !== "unknown").map((f) => ({ ContextKeyName: f.key, ContextKeyValues: f.values, ContextKeyType: contextType(f.key, f.values, f.multi) }));
  const input = {
    PolicyInputList: policies.length ? policies : ['{"Version":"2012-10-17","Statement":[]}'],
    ...(boundary ? { PermissionsBoundaryPolicyInputList: [boundary] } : {}),
    ActionNames: [action],
    ResourceArns: [resource],
    ...(resourcePolicy ? { ResourcePolicy: resourcePolicy, ...(owner ? { ResourceOwner: `arn:${owner.partition}:iam::${owner.id}:root` } : {}) } : {}),
    ...(caller?.[3] === "user" ? { CallerArn: principal } : {}),
    ...(context.length ? { ContextEntries: context } : {}),
  };
  const json = JSON.stringify(input, null, 2);
  return {
    input: json + "\n",
    // No line of JSON can be the word that ends the document, since its strings hold no line breaks.
    text: `cat > simulation.json <<'END_OF_SIMULATION'\n${json}\nEND_OF_SIMULATION\naws iam simulate-custom-policy --cli-input-json file://simulation.json --query 'EvaluationResults[].[EvalActionName,EvalResourceName,EvalDecision]' --output table\n`,
    left: [...new Set(left)],
  };
}

/** organizationMembers lists the names of members inside an organization's tree. */
function organizationMembers(node: Node): string[] {
  return members(node).flatMap((m) => (m.key === "policies" ? [] : [m.key, ...organizationMembers(m.value)]));
}
