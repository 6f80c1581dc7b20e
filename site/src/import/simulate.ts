import { get, items, read, string, type Node } from "./json.ts";
import { grammarOf } from "./policy.ts";
import { arn, isAccount, placeholder, quote, type World } from "./world.ts";
import { object, type Fields, type Value } from "./write.ts";

/** most is how many combinations of action and resource become requests. */
const most = 500;

/** readSimulation makes a world of the input of `aws iam simulate-custom-policy` or `simulate-principal-policy`. */
export function readSimulation(world: World, root: Node): void {
  const { notes } = world;
  const source = string(get(root, "PolicySourceArn"));
  const callerArn = string(get(root, "CallerArn")) || (arn(source)?.resource.startsWith("group/") ? "" : source);
  const owner = arn(string(get(root, "ResourceOwner")))?.account ?? string(get(root, "ResourceOwner"));
  const asked = arn(callerArn);
  const id = asked && isAccount(asked.account) ? asked.account : (arn(source)?.account ?? placeholder);
  const account = isAccount(id) ? id : placeholder;
  world.assumed = account === placeholder && !callerArn && !source;
  if (world.assumed) notes.unknown(`the account: ${account} stands for it`);
  const list = items(get(root, "PolicyInputList"));
  let principal = callerArn || `arn:aws:iam::${account}:user/simulated`;
  if (!callerArn) notes.unknown('who asks: the user "simulated" stands for them');
  const parts = arn(principal)?.resource.split("/") ?? [];
  const kind = parts[0] === "user" ? "users" : "roles";
  const name = parts[0] === "assumed-role" ? (parts[1] ?? "") : parts.at(-1)!;
  principal = world.caller(principal, get(root, "CallerArn") ?? get(root, "PolicySourceArn"), !source);
  if (!principal) {
    notes.notUnderstood(`the caller is ${quote(callerArn)}, expected the ARN of a user or a role`, get(root, "CallerArn") ?? get(root, "PolicySourceArn"));
    return;
  }
  const identity = world.account(account)[kind].get(name);
  if (identity) {
    list.forEach((one, i) => world.inline(identity, `Policy${i + 1}`, world.document(one, `policy ${i + 1}`)));
    const boundary = items(get(root, "PermissionsBoundaryPolicyInputList"))[0];
    if (boundary) identity.set("boundary", world.managed(account, "Boundary", world.document(boundary, "the permissions boundary"), boundary));
  } else if (list.length) notes.notUnderstood("the policies have no user or role to be attached to", get(root, "PolicyInputList"));
  if (list.length) notes.understood(`${list.length} polic${list.length === 1 ? "y" : "ies"} of the caller`, get(root, "PolicyInputList"));
  const context: Fields = new Map();
  for (const entry of items(get(root, "ContextEntries"))) {
    const key = string(get(entry, "ContextKeyName"));
    const values = items(get(entry, "ContextKeyValues")).map(string);
    if (!/^[^:\s]+:\S/.test(key)) notes.notUnderstood(`${quote(key)} is not a condition key, expected a prefix and a name such as aws:SourceIp`, entry);
    else context.set(key, /List$/.test(string(get(entry, "ContextKeyType"))) || values.length > 1 ? values : (values[0] ?? ""));
  }
  const actions = items(get(root, "ActionNames")).map(string);
  const resources = items(get(root, "ResourceArns")).map(string);
  if (resources.length === 0) resources.push("*");
  const policy = get(root, "ResourcePolicy");
  if (policy) {
    const document = world.document(policy, "the resource policy");
    const parsed = policy.type === "string" ? read(policy.value) : policy;
    for (const resource of resources) {
      const a = arn(resource);
      if (!a) {
        notes.notUnderstood(`the resource policy has no resource to stand at: ${quote(resource)} is not an ARN`, policy);
        continue;
      }
      const holder = isAccount(owner) ? owner : isAccount(a.account) ? a.account : account;
      if (parsed && grammarOf(parsed) === "trust" && a.resource.startsWith("role/")) world.identity(holder, "roles", a.resource.slice(a.resource.lastIndexOf("/") + 1)).set("trust", document);
      else world.resource(holder, a.service === "s3" ? `arn:${a.partition}:s3:::${a.resource.split("/")[0]}` : resource).set("policy", document);
    }
    notes.understood("a resource-based policy", policy);
  }
  if (string(get(root, "ResourceHandlingOption"))) notes.notUnderstood(`"ResourceHandlingOption": how EC2 handles several resources of one call cannot be said; name each under "also"`, get(root, "ResourceHandlingOption"));
  let beyond = 0;
  for (const action of actions) {
    if (!/^[^:*?\s]+:[^:*?\s]+$/.test(action)) {
      notes.notUnderstood(`the action is ${quote(action)}, expected one such as s3:GetObject`, get(root, "ActionNames"));
      continue;
    }
    for (const resource of resources) {
      if (world.requests.length >= most) {
        beyond++;
        continue;
      }
      if (resource !== "*" && !arn(resource)) {
        notes.notUnderstood(`the resource is ${quote(resource)}, expected an ARN or "*"`, get(root, "ResourceArns"));
        continue;
      }
      world.requests.push(
        object(["name", `${action}${resource === "*" ? "" : ` on ${resource.slice(resource.lastIndexOf(":") + 1)}`}`], ["principal", principal], ["action", action], ["resource", resource], ["context", context.size ? (context as Value) : undefined]),
      );
    }
  }
  if (beyond) notes.notUnderstood(`${beyond.toLocaleString("en")} more requests were left out, expected at most ${most}`);
  if (world.requests.length) notes.understood(`${world.requests.length} request${world.requests.length === 1 ? "" : "s"}`, get(root, "ActionNames"));
  world.title = "An imported simulation";
  world.description = "Made from the input of AWS's policy simulator.";
}
