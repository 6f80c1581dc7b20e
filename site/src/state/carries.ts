import { items, member, members, parse, string, type Node } from "./tree.ts";

/** Carried is one kind of thing that a scenario holds, and each of them as one line. */
export interface Carried {
  noun: string;
  plural: string;
  items: string[];
}

/** carries lists everything in a scenario that whoever opens it gets to read, in the order of what tells the most. */
export function carries(text: string): Carried[] {
  const root = parse(text);
  const found = new Map<string, Carried>();
  const add = (noun: string, item: string, plural = `${noun}s`) => {
    if (!found.has(noun)) found.set(noun, { noun, plural, items: [] });
    found.get(noun)!.items.push(item);
  };
  const policy = (name: string) => add("policy", name, "policies");
  const keys = (node: Node | undefined, each: (key: string, value: Node) => void) => members(node).forEach(({ key, value }) => each(key, value));
  const holder = (noun: string, name: string, value: Node) => {
    add(noun, name);
    keys(member(value, "inline"), (key) => policy(`${key}, in ${name}`));
    if (member(value, "trust")) policy(`trust policy of ${name}`);
    keys(member(value, "tags"), (key, tag) => add("tag", `${key} = ${string(tag)}, of ${name}`));
    keys(member(value, "sessions"), (key, session) => holder("session", `${key} of ${name}`, session));
    keys(member(value, "federations"), (key, session) => holder("federated user", `${key} of ${name}`, session));
  };
  const unit = (value: Node | undefined) =>
    keys(member(value, "units"), (key, inner) => {
      add("organizational unit", key);
      unit(inner);
    });
  keys(member(root, "accounts"), (id, account) => {
    const name = string(member(account, "name"));
    add("account", name ? `${id} (${name})` : id);
    for (const noun of ["user", "group", "role"]) keys(member(account, `${noun}s`), (key, value) => holder(noun, key, value));
    keys(member(account, "policies"), (key) => policy(key));
    keys(member(account, "resources"), (arn, value) => {
      add("resource", arn);
      if (member(value, "policy")) policy(`resource policy of ${arn}`);
      keys(member(value, "tags"), (key, tag) => add("tag", `${key} = ${string(tag)}, of ${arn}`));
    });
    keys(member(account, "vpcEndpoints"), (id, value) => {
      add("VPC endpoint", id);
      if (member(value, "policy")) policy(`endpoint policy of ${id}`);
    });
  });
  const organization = member(root, "organization");
  if (organization) {
    add("organization", string(member(organization, "id")) || "without an id");
    keys(member(organization, "policies"), (key) => policy(`${key}, of the organization`));
    unit(member(organization, "root"));
  }
  for (const request of items(member(root, "requests"))) {
    const name = string(member(request, "name")) || "a request without a name";
    add("request", name);
    keys(member(request, "context"), (key, value) => add("context value", `${key} = ${text.slice(value.offset, value.offset + value.length)}`));
    if (member(request, "expect")) add("expectation", `of ${name}`);
  }
  const [title, story] = [string(member(root, "title")), string(member(root, "description"))];
  if (title) add("title", title);
  if (story) add("story", story, "stories");
  return [...found.values()].map((one) => ({ ...one, items: [...new Set(one.items)] }));
}
