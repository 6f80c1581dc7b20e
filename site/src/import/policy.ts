import { get, has, items, string, type Node } from "./json.ts";
import { arn, isAccount, placeholder, quote, type World } from "./world.ts";
import { object } from "./write.ts";

export type Grammar = "identity" | "resource" | "trust";

const concrete = /^[a-z0-9-]+:[A-Za-z0-9]+$/i;

/** grammarOf tells what a bare policy is for: who may assume a role, who may use a resource, or what an identity may do. */
export function grammarOf(policy: Node): Grammar {
  const statements = items(get(policy, "Statement"));
  if (!statements.some((s) => has(s, "Principal") || has(s, "NotPrincipal"))) return "identity";
  const trust = statements.every((s) => !has(s, "Resource") && !has(s, "NotResource") && items(get(s, "Action")).every((a) => /^sts:/i.test(string(a))));
  return trust ? "trust" : "resource";
}

/** accountIn gives the first account ID that a text of ARNs names; the placeholder when there is none. */
export function accountIn(text: string): string {
  return /\barn:aws[a-z-]*:(?:iam|sts):[a-z0-9-]*:(\d{12}):/.exec(text)?.[1] ?? /\barn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):/.exec(text)?.[1] ?? placeholder;
}

/** readPolicy puts a bare policy into a world of its own: attached to somebody or something, with one made-up request where the policy names enough for it. */
export function readPolicy(world: World, policy: Node, text: string, name = ""): void {
  const { notes } = world;
  const document = world.document(policy, "the policy");
  const statements = items(get(policy, "Statement"));
  const grammar = grammarOf(policy);
  // Whom a resource-based or trust policy names is not whose it is.
  const id = grammar === "identity" ? accountIn(text) : placeholder;
  world.assumed = !text.includes(id);
  const first = statements.find((s) => string(get(s, "Effect")) === "Allow") ?? statements[0];
  const action = items(get(first, "Action")).map(string).find((a) => concrete.test(a));
  notes.understood(`${grammar === "identity" ? "an identity-based policy" : grammar === "trust" ? "a role trust policy" : "a resource-based policy"} with ${statements.length} statement${statements.length === 1 ? "" : "s"}`, policy);
  const made = "a request and a name were made up around it; change them to your own";
  if (grammar === "trust") {
    world.identity(id, "roles", name || "ImportedRole").set("trust", document);
    world.title = "An imported trust policy";
  } else if (grammar === "identity") {
    const policyName = world.managed(id, name || "ImportedPolicy", document);
    world.attach(world.identity(id, "users", "someone"), policyName);
    world.title = `An imported policy`;
    const resource = example(items(get(first, "Resource")).map(string), action ?? "");
    if (action && resource) {
      world.requests.push(object(["name", `May someone ${action}?`], ["principal", `arn:aws:iam::${id}:user/someone`], ["action", action], ["resource", resource]));
      notes.unknown(`who has the policy: ${made}`);
    } else notes.unknown('who has the policy: a user "someone" stands for them');
  } else {
    const resources = statements.flatMap((s) => items(get(s, "Resource")).map(string));
    const base = resources.map((r) => r.replace(/[/:]?\*+$/, "")).find((r) => arn(r) && !/[*?$]/.test(r)) ?? "";
    const a = arn(base);
    if (!a) {
      notes.unknown('which resource has the policy: "arn:aws:s3:::imported-resource" stands for it');
    }
    const owner = a && isAccount(a.account) ? a.account : id;
    if (owner !== id) world.assumed = false;
    const at = a ? (a.service === "s3" ? `arn:${a.partition}:s3:::${a.resource.split("/")[0]}` : base) : "arn:aws:s3:::imported-resource";
    world.resource(owner, at).set("policy", document);
    world.title = "An imported resource-based policy";
    const principals = statements.flatMap((s) => items(get(s, "Principal", "AWS")).map(string));
    const principal = principals.map((p) => (isAccount(p) ? `arn:aws:iam::${p}:root` : p)).find((p) => arn(p)) ?? "anonymous";
    const resource = example(items(get(first, "Resource")).map(string), action ?? "");
    const caller = action && resource ? world.caller(principal) : "";
    if (action && resource && caller) {
      world.requests.push(object(["name", `May the caller ${action}?`], ["principal", caller], ["action", action], ["resource", resource]));
      notes.unknown(`who asks: ${made}`);
    }
  }
  if (world.assumed) notes.unknown(`the account: ${id} stands for it`);
}

/** example is a resource that a pattern of the policy covers; "" when it cannot be made up. */
function example(patterns: string[], action: string): string {
  const one = patterns.find((p) => arn(p) && !/\$\{/.test(p)) ?? (patterns.includes("*") && action ? "*" : "");
  if (one === "*") return "*";
  const made = one.replace(/\*+/g, "example").replaceAll("?", "x");
  return arn(made) && !quote(made).includes("\\") ? made : "";
}
