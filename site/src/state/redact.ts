import type { Pointer } from "../contract/report.ts";
import { harmless, net, standIns } from "./addresses.ts";
import { escape, items, members, parse, tokens, type Node } from "./tree.ts";

/** Kind is a kind of detail that can be replaced before a scenario is shared. */
export type Kind = "accounts" | "accessKeys" | "uniqueIds" | "organizations" | "emails" | "addresses" | "names";

/** kinds are all of them, in the order in which they are offered. */
export const kinds: readonly Kind[] = ["accounts", "accessKeys", "uniqueIds", "organizations", "emails", "addresses", "names"];

export interface Replacement {
  kind: Kind;
  original: string;
  fake: string;
}

/** Kept is a detail that was found and is not replaced, since the answers could change; why says how. */
export interface Kept {
  kind: Kind;
  original: string;
  why: string;
}

export interface Redaction {
  text: string;
  /** replaced and kept are in the order of the text. */
  replaced: Replacement[];
  kept: Kept[];
  /** moved gives a pointer into the original as the pointer to the same place in text. */
  moved(pointer: Pointer): Pointer;
}

// What the strings of a scenario are, by where they stand.

type Shape = "scenario" | "organization" | "levels" | "unit" | "account" | "identity" | "resource" | "endpoint" | "policy" | "statement" | "values" | "condition" | "request" | "expect";
/** What a member holds: things under names of one noun, a thing, prose, words of the language that stay, values, or who decided. */
type Holds = { under: string; shape: Shape } | Shape | "prose" | "word" | "value" | "label" | "decider";

const under = (noun: string, shape: Shape) => ({ under: noun, shape });
const identity = { policies: "value", inline: under("policy", "policy"), tags: "values", federations: under("federated-user", "identity"), sessions: under("session", "identity"), trust: "policy" } as const;
const shapes: Record<Shape, Record<string, Holds>> = {
  scenario: { $schema: "word", title: "prose", description: "prose", time: "word", organization: "organization", accounts: under("", "account"), requests: "request" },
  organization: { policies: under("policy", "policy"), root: "unit", rootAccess: "word", accountPolicies: under("", "levels") },
  levels: { s3PublicAccessBlock: "word" },
  unit: { s3PublicAccessBlock: "word",  units: under("unit", "unit") },
  account: {
    name: "label",
    partition: "word",
    policies: under("policy", "policy"),
    groups: under("group", "identity"),
    users: under("user", "identity"),
    roles: under("role", "identity"),
    resources: under("", "resource"),
    vpcEndpoints: under("", "endpoint"),
  },
  identity,
  resource: { policy: "policy", tags: "values", region: "word" },
  endpoint: { policy: "policy" },
  policy: { Version: "word", Statement: "statement", policy: "policy" },
  statement: { Sid: "word", Effect: "word", Action: "word", NotAction: "word", Principal: "values", NotPrincipal: "values", Condition: "condition" },
  values: {},
  condition: {},
  request: { name: "prose", action: "word", unknown: "word", context: "values", also: "request", expect: "expect" },
  expect: { decision: "word", decidedBy: "word", statements: "decider" },
};

interface Piece {
  node: Node;
  text: string;
  holds: "prose" | "value" | "label" | "decider";
  /** noun is what a key names, "" for an ARN, an account or no key at all. */
  noun: string;
}

/** pieces lists the strings that may be replaced, with the numbers that are twelve digits, in the order of the text. */
function pieces(root: Node | undefined): Piece[] {
  const found: Piece[] = [];
  const visit = (node: Node, holds: Holds): void => {
    if (node.type === "array") return items(node).forEach((item) => visit(item, holds));
    if (node.type === "object") {
      if (holds === "condition") return members(node).forEach(({ value }) => visit(value, "values"));
      for (const property of node.children ?? []) {
        const [key, value] = property.children ?? [];
        if (!key || !value) continue;
        if (typeof holds === "object") {
          found.push({ node: key, text: String(key.value), holds: "value", noun: holds.under });
          visit(value, holds.shape);
        } else if (key.value === "unknown" && value.type === "string") visit(value, "value"); // why nobody knows a part of a policy
        else visit(value, (Object.hasOwn(shapes, holds) && Object.hasOwn(shapes[holds as Shape], String(key.value)) && shapes[holds as Shape][String(key.value)]) || (Object.hasOwn(shapes, holds) ? "value" : holds));
      }
      return;
    }
    if (holds === "word" || (holds === "expect" && node.type === "string")) return;
    if (node.type === "string" || (node.type === "number" && /^\d{12}$/.test(String(node.value))))
      found.push({ node, text: String(node.value), holds: holds === "prose" || holds === "label" || holds === "decider" ? holds : "value", noun: "" });
  };
  if (root) visit(root, "scenario");
  return found;
}

// What is found in them.

/** numbered is how a stand-in of a hexadecimal id ends. */
const numbered = /0{5}[0-9a-f]{1,3}$/;
/** patterns find details by their form, as long as no letter or digit touches them; a later one does not look into an earlier one's finds. */
const patterns: readonly { kind: Kind; form: string; keep: RegExp }[] = [
  { kind: "emails", form: "[A-Za-z0-9_][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}", keep: /@(?:.*\.)?example(?:\.com|\.org|\.net)?$/i },
  { kind: "accessKeys", form: "(?:AKIA|ASIA)[A-Z0-9]{16}", keep: /EXAMPLE/ },
  { kind: "uniqueIds", form: "(?:A3T|ABIA|ACCA|AGPA|AIDA|AIPA|ANPA|ANVA|APKA|AROA|ASCA)[A-Z0-9]{12,17}", keep: /EXAMPLE/ },
  { kind: "uniqueIds", form: "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}", keep: numbered },
  { kind: "uniqueIds", form: "(?<!-)(?:i|vpc|vpce|subnet|sg|eni|vol|ami|snap|igw|nat|rtb|acl|tgw|eipalloc|fs|lt)-(?:[0-9a-f]{17}|[0-9a-f]{8})(?!-)", keep: numbered },
  { kind: "organizations", form: "(?<!-)(?:ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|o-[a-z0-9]{10,32}|r-[0-9a-z]{4,32})(?!-)", keep: /example|^r-ex0/ },
  { kind: "accounts", form: "\\d{12}", keep: /^(?:111122223333|222233334444|333344445555|444455556666|555566667777|666677778888|777788889999|888899990000|999988887777|123456789012|(\d)\1{11})$/ },
];
const forms = new RegExp(`(?<![A-Za-z0-9])(?:${patterns.map((p) => `(${p.form})`).join("|")})(?![A-Za-z0-9])`, "g");

/** address finds what may be an IP address or network in a longer text. */
const address = /(?<![\w.:/])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?:\/\d{1,3})?(?![\w:])/g;
/** untouched are the parts of a value that stay: variables, and the ARNs of AWS's own policies. */
const untouched = /(\$\{[^}]*\}|arn:[\w-]*:iam::aws:policy\/[^\s"]*)/;
/** word is how long a name can be at most: names of IAM, of buckets and of most resources have these characters. */
const word = /[A-Za-z0-9_+=,.@-]+/g;

const nouns: Record<string, string> = { instance: "instance", function: "function", table: "table", secret: "secret", parameter: "parameter", cluster: "cluster", alias: "alias", stack: "stack", repository: "repository", db: "database", key: "key" };

/** named lists the names in an ARN, and its words that are no names. */
function named(arn: string): { names: { name: string; noun: string }[]; words: string[] } {
  const [, partition = "", service = "", region = "", , ...more] = arn.split(":");
  const rest = more.join(":");
  const fixed = ["arn", partition, service, region];
  const parts = rest.split(/[/:]/);
  const type = parts[0] ?? "";
  const one = (name: string | undefined, noun: string) => (name ? [{ name, noun }] : []);
  if (service === "s3" && !region) return { names: one(type, "bucket"), words: fixed };
  if (service === "iam" || service === "sts") {
    if (type === "assumed-role") return { names: [...one(parts[1], "role"), ...one(parts[2], "session")], words: [...fixed, type] };
    if (type === "oidc-provider" || parts.length < 2) return { names: [], words: [...fixed, ...parts] };
    return { names: one(parts.at(-1), type === "saml-provider" ? "provider" : type), words: [...fixed, type] };
  }
  if (parts.length === 1) return { names: one(type, service === "sqs" ? "queue" : service === "sns" ? "topic" : "resource"), words: fixed };
  return { names: one(parts[1], nouns[type] ?? "resource"), words: [...fixed, type] };
}

const reserved = new Set(["anonymous", "unknown", "true", "false", "root", "aws", "arn", "user", "role", "group", "policy", "assumed-role", "federated-user", "service-role", "service", "canonicaluser", "federated", "allow", "deny", "absent"]);

/**
 * patternsOf reads the words with wildcards in some values. It gives a function that names the word that may speak of a detail
 * by a part of it or by its length, undefined when there is none. A variable counts as a wildcard, since nobody knows here what
 * it becomes.
 */
function patternsOf(values: string[]): (detail: string) => string | undefined {
  const begins = new Map<string, string>();
  const ends = new Map<string, string>();
  const middles = new Map<string, string>();
  const lengths = new Map<string, number>();
  for (const value of values) {
    if (!/[*?]|\$\{/.test(value)) continue;
    for (const word of value.replace(/\$\{[^}]*\}/g, "*").toLowerCase().split(/[:/\s]+/)) {
      if (!/[*?]/.test(word) || word === "*") continue;
      if (/^[*?]+$/.test(word)) lengths.set(word, word.replaceAll("*", "").length);
      const [first, ...more] = word.split(/[*?]/) as [string, ...string[]];
      const last = more.pop()!;
      // An account id may be a part of a longer word.
      for (const begin of [first, /\d*$/.exec(first)![0]]) if (begin) begins.set(begin, word);
      for (const end of [last, /^\d*/.exec(last)![0]]) if (end) ends.set(end, word);
      for (const middle of more) if (middle) middles.set(middle, word);
    }
  }
  return (detail) => {
    const text = detail.toLowerCase();
    for (let n = 1; n <= text.length; n++) {
      const found = begins.get(text.slice(0, n)) ?? ends.get(text.slice(-n));
      if (found) return found;
    }
    for (const [middle, word] of middles) if (text.includes(middle)) return word;
    for (const [word, length] of lengths) if (word.includes("*") ? text.length >= length : text.length === length) return word;
    return undefined;
  };
}

const pad = (n: number, width: number, radix = 10) => n.toString(radix).padStart(width, "0");
const documented = ["111122223333", "444455556666", "777788889999", "222233334444", "555566667777", "888899990000", "333344445555", "666677778888", "123456789012"];

/** form makes the nth stand-in of a detail that is found by its form; it has that form too. */
function form(kind: Kind, original: string, n: number): string {
  if (kind === "accounts") return documented[n - 1] ?? `9${pad(n, 11)}`;
  if (kind === "emails") return `user${n}@example.com`;
  const prefix = /^[A-Z0-9]{4}(?=[A-Z0-9]{12,17}$)/.exec(original)?.[0];
  if (prefix) return `${prefix}EXAMPLE${pad(n, original.length - prefix.length - 7, 36).toUpperCase()}`;
  if (kind === "organizations") return original.startsWith("o-") ? `o-exampleorg${n}` : `r-ex${pad(n, 2, 36)}`;
  const hyphen = original.lastIndexOf("-");
  return original.slice(0, hyphen + 1).replace(/^[0-9a-f-]+$/, "00000000-0000-4000-8000-") + pad(n, original.length - hyphen - 1, 16);
}

/**
 * redact replaces details of the chosen kinds by stand-ins, in keys, ARNs, conditions and prose alike. The same detail gets the
 * same stand-in everywhere, two details never the same one, and stand-ins are numbered in the order of the text: the same
 * scenario always gives the same result. A detail that a pattern's wildcard may speak of by a part is kept, since the answers
 * could change. Details that AWS's documentation uses tell nothing and are not counted as found.
 */
export function redact(text: string, chosen: ReadonlySet<Kind>): Redaction {
  const all = pieces(parse(text));
  const lower = text.toLowerCase();
  const values = all.filter((p) => p.holds !== "prose");
  const spoken = patternsOf(values.map((p) => p.text));
  const stands = new Map<string, string>();
  const replaced: Replacement[] = [];
  const kept: Kept[] = [];
  const seen = new Set<string>();
  const counts = new Map<string, number>();

  const keep = (kind: Kind, original: string, why: string) => void kept.push({ kind, original, why });
  const stand = (kind: Kind, original: string, fake: string) => {
    stands.set(original, fake);
    replaced.push({ kind, original, fake });
  };
  /** give finds the first stand-in that is not in the text and that no pattern speaks of. */
  const give = (kind: Kind, original: string, counter: string, make: (n: number) => string): void => {
    const pattern = spoken(original);
    if (pattern) return keep(kind, original, `the pattern “${pattern}” may speak of it by a part`);
    for (let tries = 0; tries < 1000; tries++) {
      const n = (counts.get(counter) ?? 0) + 1;
      counts.set(counter, n);
      const fake = make(n);
      if (!lower.includes(fake.toLowerCase()) && !spoken(fake)) return stand(kind, original, fake);
    }
    keep(kind, original, "no stand-in is free of the patterns in this scenario");
  };

  const whole = new RegExp(`^(?:${forms.source})$`);
  // Details found by their form.
  for (const piece of all) {
    for (const match of piece.text.matchAll(forms)) {
      const { kind, keep: harmless } = patterns[match.slice(1).findIndex((group) => group !== undefined)]!;
      const original = match[0];
      if (!chosen.has(kind) || seen.has(original) || harmless.test(original)) continue;
      seen.add(original);
      const unit = /^ou-([0-9a-z]+)-/.exec(original);
      if (!unit) {
        give(kind, original, kind + (/^(?:[a-z]+-|[A-Z]{4})/.exec(original)?.[0] ?? ""), (n) => form(kind, original, n));
        continue;
      }
      // A unit's id begins with that of its root.
      const root = `r-${unit[1]!}`;
      if (!seen.has(root) && !/example/.test(root)) {
        seen.add(root);
        give(kind, root, "organizationsr-", (n) => form(kind, root, n));
      }
      give(kind, original, "organizationsou-", (n) => `ou-${(stands.get(root) ?? root).slice(2)}-example${n}`);
    }
  }

  // Addresses, which keep their place in their networks.
  if (chosen.has("addresses")) {
    const nets = [...new Set(all.flatMap((p) => (net(p.text) ? [p.text] : (p.text.match(address) ?? []).filter(net))))];
    const open = nets.filter((one) => !harmless(net(one)!));
    const free = open.filter((one) => !spoken(one) && !spoken(one.split("/")[0]!));
    const ins = standIns(free, nets.filter((one) => !free.includes(one)));
    for (const one of open) {
      const fake = ins.get(one);
      if (fake) stand("addresses", one, fake);
      else keep("addresses", one, free.includes(one) ? "no other network has room for it" : "a pattern may speak of it by a part");
    }
  }

  // Names.
  const prose = new Map<string, string>();
  if (chosen.has("names")) {
    const names = new Map<string, string>();
    const words = new Set(reserved);
    const add = (name: string, noun: string) => {
      if (name !== "" && noun !== "" && !/[*?${}]/.test(name) && !names.has(name)) names.set(name, noun);
    };
    for (const { text: value, holds, noun } of values) {
      if (holds === "label") add(value, "account");
      else add(value, noun);
      if (!value.startsWith("arn:") || untouched.test(value.replace(/\$\{[^}]*\}/g, ""))) continue;
      const arn = named(value);
      for (const one of arn.names) add(one.name, one.noun);
      for (const one of arn.words) words.add(one.toLowerCase());
    }
    const spellings = new Map<string, number>();
    for (const name of names.keys()) spellings.set(name.toLowerCase(), (spellings.get(name.toLowerCase()) ?? 0) + 1);
    for (const [name, noun] of names) {
      const low = name.toLowerCase();
      if (stands.has(name) || seen.has(name) || whole.test(name) || new RegExp(`^${noun}-\\d+$`).test(name)) continue;
      if (words.has(low) || low.startsWith("aws") || /^(?:rcp)?fullawsaccess$/.test(low)) keep("names", name, "it is a word of AWS's too");
      else if (spellings.get(low)! > 1) keep("names", name, "another name differs in case only");
      else give("names", name, `names${noun}`, (n) => `${noun}-${n}`);
      const fake = stands.get(name);
      if (fake && low.length > 2) prose.set(low, fake);
    }
  }

  /** around replaces the addresses in a text, and the rest as replace does. */
  const around = (value: string, replace: (rest: string) => string): string => {
    let done = "";
    let from = 0;
    for (const { 0: found, index } of value.matchAll(address)) {
      if (!net(found)) continue;
      done += replace(value.slice(from, index)) + (stands.get(found) ?? found);
      from = index + found.length;
    }
    return done + replace(value.slice(from));
  };
  const inWord = (value: string) => value.replace(forms, (found) => stands.get(found) ?? found);
  const inValue = (value: string): string => {
    const all = stands.get(value);
    if (all !== undefined) return all;
    return value
      .split(untouched)
      .map((part, i) => (i % 2 ? part : around(part, (rest) => rest.replace(word, (one) => stands.get(one) ?? inWord(one)))))
      .join("");
  };
  const moved = (pointer: Pointer): Pointer => (pointer.startsWith("/") ? tokens(pointer).map((token) => "/" + escape(inValue(token))).join("") : pointer);
  const inProse = (value: string): string =>
    around(value, (rest) => rest.replace(/[A-Za-z0-9_+=@-]+(?:[.,][A-Za-z0-9_+=@-]+)*/g, (one) => stands.get(one) ?? prose.get(one.toLowerCase()) ?? inWord(one)));

  let out = "";
  let at = 0;
  for (const { node, text: value, holds } of all) {
    const next = holds === "prose" ? inProse(value) : holds === "decider" ? moved(value) : holds === "label" ? (stands.get(value) ?? inProse(value)) : inValue(value);
    if (next === value) continue;
    out += text.slice(at, node.offset) + (node.type === "number" ? next : JSON.stringify(next));
    at = node.offset + node.length;
  }
  return { text: out + text.slice(at), replaced, kept, moved };
}
