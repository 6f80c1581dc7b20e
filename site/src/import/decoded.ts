import { deny } from "./denial.ts";
import { get, items, read, string, type Node } from "./json.ts";
import { quote, type World } from "./world.ts";
import type { Fields } from "./write.ts";

const withheld = /^\*+$|^<.*>$|HIDDEN/i;

/** unwrapped gives the decoded message itself, out of what `aws sts decode-authorization-message` prints. */
export function unwrapped(root: Node): Node | null {
  const inside = get(root, "DecodedMessage");
  return inside?.type === "string" ? read(inside.value) : root;
}

/** readDecoded makes a world of a decoded authorization message: the request with its whole context, and what is told of the policies. */
export function readDecoded(world: World, root: Node): void {
  const { notes } = world;
  const message = unwrapped(root);
  const at = root;
  // What stands inside a string has its place in the pasted text where the string has it.
  const place = (node: Node) => (message === root ? node : root);
  const context = get(message ?? undefined, "context");
  if (!message || !context) {
    notes.notUnderstood('found no "context" in the decoded message, expected who called, the action and the resource', at);
    return;
  }
  if (get(message, "allowed")?.type === "boolean" && string(get(message, "allowed")) === "true") notes.notUnderstood("the message says that the call was allowed; it was taken as a denial's all the same", at);
  const facts: Fields = new Map();
  const unknown: string[] = [];
  for (const item of items(get(context, "conditions", "items"))) {
    const written = string(get(item, "key"));
    const values = items(get(item, "values", "items")).map((v) => string(get(v, "value")));
    // The message names the keys of EC2 and of others with their prefix, and its own facts about the resource without one.
    const key = written.includes(":") ? written : "";
    if (!key || !/^[\w-]+:\S/.test(key)) {
      if (written) notes.notUnderstood(`${quote(written)} is no condition key, and was left out`, place(item));
      continue;
    }
    if (values.some((v) => withheld.test(v))) {
      unknown.push(key);
      notes.unknown(`the value of ${key}, which the message hides`, place(item));
    } else if (values.length) facts.set(key, values.length === 1 ? values[0]! : values);
  }
  const explicit = get(message, "explicitDeny");
  const made = deny(
    world,
    {
      principal: string(get(context, "principal", "arn")),
      action: string(get(context, "action")),
      resource: string(get(context, "resource")) || "*",
      explicit: explicit?.type === "boolean" ? explicit.value : null,
      layer: "",
      context: facts,
      unknown,
    },
    at,
  );
  if (!made) return;
  notes.understood(`the request with ${facts.size} facts about it`, place(context));
  for (const item of items(get(message, "matchedStatements", "items"))) {
    const sid = string(get(item, "statementId"));
    const source = string(get(item, "sourcePolicyId")) || string(get(item, "sourcePolicyType"));
    notes.understood(`${sid ? `the statement ${quote(sid)}` : "a statement without a name"}${source ? ` of ${quote(source)}` : ""} matched${get(item, "effect") ? `, with the effect ${string(get(item, "effect"))}` : ""}`, place(item));
  }
  world.title = String(world.requests[0]!.get("name"));
  world.description = "Made from a decoded authorization message, which tells the request in full and of the policies only which statements matched. AWS's answer is written as the expectation.";
}
