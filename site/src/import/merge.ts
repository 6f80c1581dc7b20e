import { get, has, items, members, read, string, type Node } from "./json.ts";
import { bytes, quote, room } from "./world.ts";
import { entries, write, type Value } from "./write.ts";

/** Merge is an open scenario with an imported one added to it. */
export interface Merge {
  /** text is the new scenario; "" when it could not be made. */
  text: string;
  /** added counts what came in; said lists what was renamed, what was there already and what was left as it is. */
  added: number;
  said: string[];
  error: string;
}

interface Insertion {
  at: number;
  text: string;
}

const sections = ["policies", "groups", "users", "roles", "resources", "vpcEndpoints"] as const;
type Section = (typeof sections)[number];
const words: Record<Section, string> = { policies: "policy", groups: "group", users: "user", roles: "role", resources: "resource", vpcEndpoints: "VPC endpoint" };

/** settings are the members of an account that are no lists of things; everybody names accounts as they like. */
const settings = (account: Node) => members(account).filter(({ key }) => key === "partition" || key === "publicAccessBlock");

/** plain gives what a value says, whatever its spacing and the order of its members. */
function plain(value: Value): string {
  const named = entries(value);
  if (named) return "{" + named.map(([k, v]) => `${JSON.stringify(k)}:${plain(v)}`).sort().join(",") + "}";
  if (Array.isArray(value)) return "[" + value.map(plain).join(",") + "]";
  if (value !== null && typeof value === "object" && (value as Node).type === "array") return "[" + ((value as Node & { type: "array" }).items as Node[]).map(plain).join(",") + "]";
  return write(value);
}

/** unread tells whether nothing is known of a thing but that it exists: it gives way to the same thing when that is known. */
function unread(section: Section, node: Node): boolean {
  const only = (member: string, value: string) => members(node).every((m) => (m.key === member && plain(m.value) === value) || m.key === "path" || m.key === "vpc");
  if (section === "policies") return string(node) === "unknown";
  if (section === "resources" || section === "vpcEndpoints") return only("policy", '"unknown"');
  if (section === "roles") return members(node).every((m) => (m.key === "policies" && plain(m.value) === '["unknown"]') || (m.key === "trust" && string(m.value) === "unknown") || m.key === "path");
  return only("policies", '["unknown"]');
}

/** renamedIn writes the new names into a value: of policies, groups, users and roles of an account, by name and by ARN. */
function renamedIn(value: Node, account: string, names: ReadonlyMap<string, string>, inside: string, within: string): Node {
  if (value.type === "object") {
    return {
      ...value,
      members: value.members.map((m) => {
        // Below "accounts" stands the account whose names the references mean; policy documents hold ARNs only.
        const next = within === "accounts" ? m.key : inside;
        return { key: m.key, value: renamedIn(m.value, account, names, next, m.key) };
      }),
    };
  }
  if (value.type === "array") return { ...value, items: value.items.map((v) => renamedIn(v, account, names, inside, within)) };
  if (value.type !== "string") return value;
  const a = /^(arn:[a-z-]+:(?:iam|sts)::)(\d{12}):(policy|user|role|group|assumed-role)(\/.*)$/s.exec(value.value);
  if (a && a[2] === account) {
    const section = ({ policy: "policies", user: "users", role: "roles", "assumed-role": "roles", group: "groups" } as const)[a[3]!]!;
    const parts = a[4]!.split("/");
    const at = a[3] === "assumed-role" ? 1 : parts.length - 1;
    const to = names.get(`${section} ${parts[at]!}`);
    if (to) {
      parts[at] = to;
      return { ...value, value: `${a[1]}${a[2]}:${a[3]}${parts.join("/")}` };
    }
    return value;
  }
  if (inside !== account) return value;
  const section = within === "policies" || within === "boundary" ? "policies" : within === "groups" ? "groups" : within === "role" ? "roles" : "";
  const to = section && names.get(`${section} ${value.value}`);
  return to ? { ...value, value: to } : value;
}

/** Target collects what is to be put into the open text; everything else of it stays byte for byte. */
class Target {
  private readonly insertions: Insertion[] = [];
  private readonly more = new Map<Node, string[]>();

  constructor(readonly text: string) {}

  /** add puts members behind the last one of an object, or values behind the last one of a list. */
  add(into: Node, key: string | null, value: Value, depth: number): void {
    const indent = "  ".repeat(depth);
    const list = this.more.get(into) ?? [];
    list.push(indent + (key === null ? "" : `${JSON.stringify(key)}: `) + write(value, indent));
    this.more.set(into, list);
  }

  finish(): string {
    for (const [into, texts] of this.more) {
      const last = into.type === "object" ? into.members.at(-1)?.value : into.type === "array" ? into.items.at(-1) : undefined;
      const close = into.type === "array" ? "]" : "}";
      const back = /^ */.exec(texts[0]!)![0].slice(2);
      if (last) this.insertions.push({ at: last.end, text: ",\n" + texts.join(",\n") + (this.text.slice(last.end, into.end).includes("\n") ? "" : `\n${back}`) });
      else this.insertions.push({ at: into.start, text: `${into.type === "array" ? "[" : "{"}\n${texts.join(",\n")}\n${back}${close}` });
    }
    let out = "";
    let from = 0;
    for (const { at, text } of this.insertions.sort((a, b) => a.at - b.at)) {
      out += this.text.slice(from, at) + text;
      // An empty object or list is replaced by the one that is written.
      from = text[0] === "," ? at : at + /^[{[]\s*[}\]]/.exec(this.text.slice(at))![0].length;
    }
    return out + this.text.slice(from);
  }
}

/**
 * merge adds an imported scenario to the open one: what is new comes in, what is the same stays, what has the same name and differs comes in
 * under another name. Of the open text nothing changes but what is added. assumed is the account ID of the import that only stands for one:
 * it becomes the open scenario's first account.
 */
export function merge(open: string, imported: string, assumed = ""): Merge {
  const fail = (error: string): Merge => ({ text: "", added: 0, said: [], error });
  const root = read(open);
  if (!root || get(root, "accounts")?.type !== "object") return fail("the open scenario has a syntax error or no accounts; repair it first, or open the import as a new scenario");
  const own = get(root, "accounts")!;
  const first = members(own)[0]?.key ?? "";
  const adopted = assumed && first && !has(own, assumed) ? imported.replaceAll(assumed, first) : imported;
  let from = read(adopted);
  if (!from) return fail("the import is no scenario");
  const target = new Target(open);
  const said: string[] = [];
  let added = 0;
  if (adopted !== imported) said.push(`the account ${assumed} only stood for one: it became ${first}`);

  const paths = new Map<string, string>();
  // First the names, since what refers to them is written with the new ones.
  for (const { key: id, value: account } of members(get(from, "accounts"))) {
    const there = get(own, id);
    if (!there) continue;
    const names = new Map<string, string>();
    for (const section of ["policies", "groups", "users", "roles"] as const) {
      const taken = new Set([...members(get(there, section)), ...members(get(account, section))].map((m) => m.key.toLowerCase()));
      const mine = new Map(members(get(there, section)).map((m) => [m.key.toLowerCase(), m]));
      for (const { key, value } of members(get(account, section))) {
        const clash = mine.get(key.toLowerCase());
        if (!clash || plain(clash.value) === plain(value) || unread(section, value)) {
          if (clash && clash.key !== key) names.set(`${section} ${key}`, clash.key);
          if (clash && section === "users") paths.set(`${id} ${clash.key}`, string(get(clash.value, "path")) || "/");
          continue;
        }
        let n = 2;
        while (taken.has(`${key}-${n}`.toLowerCase())) n++;
        taken.add(`${key}-${n}`.toLowerCase());
        names.set(`${section} ${key}`, `${key}-${n}`);
        said.push(`the ${words[section]} ${quote(key)} is another one here: it came in as ${quote(`${key}-${n}`)}`);
      }
    }
    if (names.size) from = renamedIn(from, id, names, "", "");
    // The names under which things stand are members; references are values.
    from = renamedKeys(from, id, names);
  }

  for (const { key: id, value: account } of members(get(from, "accounts"))) {
    const there = get(own, id);
    if (!there) {
      target.add(own, id, account, 2);
      added++;
      continue;
    }
    for (const { key, value } of settings(account)) {
      const old = get(there, key) ?? (key === "partition" ? "aws" : undefined);
      if (old === undefined) {
        target.add(there, key, value, 3);
        added++;
      } else if (plain(old) !== plain(value)) said.push(`the ${key} of the account ${id} is another one here: yours was kept`);
    }
    for (const section of sections) {
      const came = members(get(account, section));
      if (came.length === 0) continue;
      const mine = there.type === "object" ? there.members.find((m) => m.key === section)?.value : undefined;
      if (!mine || mine.type !== "object") {
        if (!mine) {
          target.add(there, section, get(account, section)!, 3);
          added += came.length;
        }
        continue;
      }
      for (const { key, value } of came) {
        const old = mine.members.find((m) => m.key.toLowerCase() === key.toLowerCase())?.value;
        if (!old) {
          target.add(mine, key, value, 4);
          added++;
        } else if (unread(section, value) || plain(old) === plain(value)) said.push(`the ${words[section]} ${quote(key)} is there already`);
        else if (old.type === "object" && value.type === "object" && (section === "resources" || section === "vpcEndpoints")) {
          const fresh = value.members.filter((m) => !has(old, m.key));
          for (const m of fresh) target.add(old, m.key, m.value, 5);
          added += fresh.length ? 1 : 0;
          const kept = value.members.filter((m) => has(old, m.key) && plain(get(old, m.key) ?? null) !== plain(m.value));
          for (const m of kept) said.push(`the ${m.key} of the ${words[section]} ${quote(key)} is another one here: yours was kept`);
        }
      }
    }
  }

  const organization = get(from, "organization");
  if (organization) {
    if (has(root, "organization")) said.push("the organization was left out: the scenario has one");
    else {
      target.add(root, "organization", organization, 1);
      added++;
    }
  }
  const time = get(from, "time");
  if (time && !has(root, "time")) target.add(root, "time", time, 1);
  else if (time && string(get(root, "time")) !== string(time)) said.push(`the time ${string(time)} was left out: the scenario has one`);
  // A user has one path: the open scenario's. A federated user needs the user behind the session.
  const requests = items(get(from, "requests")).flatMap((r): Node[] => {
    const principal = string(get(r, "principal"));
    const a = /^(arn:[a-z-]+:(?:iam|sts)::)(\d{12}):(user|federated-user)\/(?:.*\/)?([^/]+)$/.exec(principal);
    if (a?.[3] === "federated-user" && has(own, a[2]!) && !members(get(own, a[2]!, "users")).some((u) => has(get(u.value, "federations"), a[4]!))) {
      said.push(`the request ${quote(string(get(r, "name")))} was left out: no user here has the federated session ${quote(a[4]!)}`);
      return [];
    }
    const path = a?.[3] === "user" ? paths.get(`${a[2]} ${a[4]}`) : undefined;
    if (path === undefined || r.type !== "object") return [r];
    return [{ ...r, members: r.members.map((m) => (m.key === "principal" && m.value.type === "string" ? { key: m.key, value: { ...m.value, value: `${a![1]}${a![2]}:user${path}${a![4]}` } } : m)) }];
  });
  const mine = get(root, "requests");
  if (requests.length && mine?.type === "array") for (const r of requests) target.add(mine, null, r, 2);
  else if (requests.length && !mine) target.add(root, "requests", requests, 1);
  added += requests.length;
  const text = target.finish();
  if (bytes(text) > room) return fail(`both together have ${(bytes(text) / 1e6).toFixed(1)} MB, expected at most 1 MiB; open the import as a new scenario`);
  return { text, added, said: [...new Set(said)], error: "" };
}

function renamedKeys(root: Node, account: string, names: ReadonlyMap<string, string>): Node {
  const at = (node: Node, path: string[], change: (n: Node) => Node): Node => {
    if (path.length === 0) return change(node);
    if (node.type !== "object") return node;
    return { ...node, members: node.members.map((m) => (m.key === path[0] ? { key: m.key, value: at(m.value, path.slice(1), change) } : m)) };
  };
  let out = root;
  for (const section of ["policies", "groups", "users", "roles"] as const)
    out = at(out, ["accounts", account, section], (node) => (node.type === "object" ? { ...node, members: node.members.map((m) => ({ key: names.get(`${section} ${m.key}`) ?? m.key, value: m.value })) } : node));
  return out;
}
