import { isAccountDetails, isAnswer, readAccount } from "./account.ts";
import { isTemplate, readTemplate } from "./cloudformation.ts";
import { readDecoded, unwrapped } from "./decoded.ts";
import { isEvent, readEvents } from "./event.ts";
import { any, Broken, get, has, items, lineAt, readAll, string, type Node } from "./json.ts";
import { kindNames, type Kind } from "./kinds.ts";
import { isMessage, readMessage } from "./message.ts";
import { Notes, type Note } from "./notes.ts";
import { readPolicy } from "./policy.ts";
import { readSimulation } from "./simulate.ts";
import { isSource, isTerraform, readTerraform } from "./terraform.ts";
import { bytes, decoded, isPolicy, quote, room, World, type Made } from "./world.ts";
import { readYaml } from "./yaml.ts";

export type { Kind, Made, Note };

/** Import is what was made of a text. */
export interface Import {
  kind: Kind;
  title: string;
  /** text is the scenario; "" when none could be made. */
  text: string;
  /** assumed is the account ID that stands for one that is not written, "" when it is. */
  assumed: string;
  made: Made[];
  understood: Note[];
  notUnderstood: Note[];
  unknown: Note[];
  /** error says why nothing could be made, "" otherwise. */
  error: string;
}

/** longest is how many characters of text are read. */
export const longest = 32_000_000;

/** Options of an import. */
export interface Options {
  filename?: string;
  /** only keeps identities whose name holds it. */
  only?: string;
  /** progress is told what is being done and how far it is, from 0 to 1. */
  progress?: (what: string, part: number) => void;
}

const expected =
  "expected a policy, a scenario, an access denied message, CloudTrail events, a decoded authorization message, what the aws iam command prints, a Terraform plan or state as JSON, a CloudFormation template, or the input of the policy simulator";

const empty = (kind: Kind, error: string): Import => ({ kind, title: "", text: "", assumed: "", made: [], understood: [], notUnderstood: [], unknown: [], error });

/** Read is a text as values, or the reason why it is none. */
type Read = { roots: Node[]; text: string } | { error: string; offset: number };

/** scenarioLike tells whether a value is a scenario of any version. */
const scenarioLike = (node: Node) => has(node, "accounts") && has(node, "version") && get(node, "accounts")?.type === "object";

function shape(roots: Node[]): Kind {
  const root = roots[0]!;
  const one = root.type === "array" ? root.items[0] : root;
  if (!one) return "nothing";
  if (scenarioLike(root)) return "scenario";
  if (isPolicy(root)) return "policy";
  const decodedMessage = get(root, "DecodedMessage") ? unwrapped(root) : root;
  if (has(root, "DecodedMessage") || (has(decodedMessage ?? undefined, "context") && (has(decodedMessage ?? undefined, "allowed") || has(decodedMessage ?? undefined, "explicitDeny")))) return "decoded";
  if (items(get(root, "Records") ?? get(root, "Events") ?? root).some(isEvent)) return "event";
  if (has(root, "Records") && items(get(root, "Records")).length === 0) return "event";
  if (isTerraform(root)) return "terraform";
  if (isTemplate(root)) return "cloudformation";
  if (has(root, "PolicyInputList") || (has(root, "ActionNames") && (has(root, "PolicySourceArn") || has(root, "ResourceArns") || has(root, "CallerArn")))) return "simulation";
  if (roots.some(isAccountDetails)) return "account";
  if (roots.some(isAnswer)) return "answer";
  // A list of users, groups or roles alone, as jq cuts it out.
  if (has(one, "Statement")) return "policy";
  const message = string(any(one, "message")) || string(any(one, "errorMessage")) || string(root);
  if (message && isMessage(message)) return "message";
  return "nothing";
}

function looksLikeJson(text: string): boolean {
  return /^[\s\ufeff]*[[{"]/.test(text);
}

function looksLikeYaml(text: string, filename: string): boolean {
  return /\.ya?ml$/i.test(filename) || /^(AWSTemplateFormatVersion|Resources|Transform|Statement|Version|UserDetailList|RoleDetailList|Records|Role|User|PolicyVersion)\s*:/m.test(text.slice(0, 100_000));
}

/** stripped takes a text out of the fences of Markdown. */
function stripped(text: string): string {
  return /^\s*```\w*\r?\n([^]*?)\r?\n```\s*$/.exec(text.length < 2_000_000 ? text : "")?.[1] ?? text;
}

function values(text: string, filename: string, progress: (part: number) => void): Read {
  const say = (error: Broken, what: string) => ({ offset: error.offset, error: `line ${lineAt(text, error.offset)}: ${error.message}. ${what}` });
  if (looksLikeJson(text)) {
    try {
      return { roots: readAll(text, progress), text };
    } catch (error) {
      if (error instanceof Broken) return say(error, "The text is no whole JSON");
      throw error;
    }
  }
  if (/^\s*%7B/i.test(text)) {
    const plain = decoded(text.trim());
    try {
      return { roots: readAll(plain), text: plain };
    } catch {
      return { error: "line 1: found percent-encoded text that is no JSON, expected a whole policy", offset: 0 };
    }
  }
  if (looksLikeYaml(text, filename)) {
    try {
      return { roots: [readYaml(text)], text };
    } catch (error) {
      if (error instanceof Broken) return say(error, "The text is no whole YAML");
      throw error;
    }
  }
  return { error: "", offset: 0 };
}

/** recognise tells what a text is, and from what; it reads no more of it than it needs. */
export function recognise(text: string, filename = ""): { kind: Kind; why: string } {
  const result = examine(stripped(text), filename, () => {});
  if ("error" in result) return { kind: result.kind, why: result.error };
  return { kind: result.kind, why: `found ${kindNames[result.kind]}` };
}

type Examined = { kind: Kind; roots: Node[]; text: string } | { kind: Kind; error: string };

function examine(text: string, filename: string, progress: (part: number) => void): Examined {
  if (text.length > longest) return { kind: "nothing", error: `found ${(text.length / 1e6).toFixed(0)} million characters, expected at most ${longest / 1e6} million; import a part of it` };
  if (text.trim() === "") return { kind: "nothing", error: `found nothing, ${expected}` };
  if (!looksLikeJson(text) && isMessage(text)) return { kind: "message", roots: [], text };
  const read = values(text, filename, progress);
  if ("error" in read) {
    // A line of a log may begin like JSON; JSON that breaks off later is no log.
    if (read.offset < 40 && isMessage(text)) return { kind: "message", roots: [], text };
    if (isSource(text)) return { kind: "terraform", error: 'found the source of a Terraform configuration, expected JSON: run "terraform show -json" on a plan or a state, and paste what it prints' };
    return { kind: "nothing", error: read.error || `found ${quote(text.trim().split("\n")[0]!)}, ${expected}` };
  }
  const kind = shape(read.roots);
  if (kind === "nothing") {
    const names = (read.roots[0]?.type === "object" ? read.roots[0].members : []).slice(0, 5).map((m) => quote(m.key));
    return { kind, error: `found JSON${names.length ? ` with ${names.join(", ")}` : ""}, ${expected}` };
  }
  return { kind, ...read };
}

/** importText makes a scenario of a text. It never throws: what cannot be read is said in error. */
export function importText(pasted: string, options: Options = {}): Import {
  try {
    return make(stripped(pasted), options);
  } catch (error) {
    // What is left is depth beyond the stack: an input made to break things.
    if (error instanceof RangeError) return empty("nothing", "found a text that is nested too deeply, expected fewer levels");
    throw error;
  }
}

function make(text: string, { filename = "", only = "", progress = () => {} }: Options): Import {
  const found = examine(text, filename, (part) => progress("reading", part * 0.6));
  if ("error" in found) return empty(found.kind, found.error);
  const { kind, roots } = found;
  const root = roots[0]!;
  const notes = new Notes(found.text, roots);
  const world = new World(notes);
  if (kind === "scenario") return scenario(root, roots, text, notes);
  const name = /^([A-Za-z0-9+=,.@_-]{1,60})\.json$/.exec(filename)?.[1] ?? "";
  switch (kind) {
    case "policy":
      if (root.type === "array") readPolicy(world, { ...root.items[0]! }, found.text, name);
      else readPolicy(world, root, found.text, name);
      if (root.type === "array" && root.items.length > 1) notes.notUnderstood(`the first of ${root.items.length} policies was read, expected one`, root.items[1]);
      break;
    case "message": {
      const one = root ? (root.type === "array" ? root.items[0] : root) : undefined;
      readMessage(world, one ? string(any(one, "message")) || string(any(one, "errorMessage")) || string(one) : text, root);
      break;
    }
    case "event":
      readEvents(world, roots);
      break;
    case "decoded":
      readDecoded(world, root);
      break;
    case "account":
    case "answer":
      readAccount(world, roots, (part) => progress("putting together", 0.6 + part * 0.2));
      break;
    case "terraform":
      readTerraform(world, root, found.text);
      break;
    case "cloudformation":
      readTemplate(world, root);
      break;
    case "simulation":
      readSimulation(world, root);
      break;
    case "nothing":
  }
  if (roots.length > 1 && !["account", "answer", "event"].includes(kind)) notes.notUnderstood(`the first of ${roots.length} values was read, expected one`, roots[1]);
  progress("writing", 0.85);
  const made = world.made();
  const holds = [...world.accounts.values()].some((a) => a.users.size + a.roles.size + a.groups.size + a.policies.size + a.resources.size + a.vpcEndpoints.size > 0) || world.requests.length > 0 || world.organization !== null;
  const written = holds ? world.finish(only) : "";
  progress("writing", 1);
  const lists = { understood: notes.list("understood"), notUnderstood: notes.list("notUnderstood"), unknown: notes.list("unknown") };
  const error = holds ? "" : lists.unknown[0]?.text ? `found ${kindNames[kind]} without what a scenario needs: ${lists.unknown[0].text}` : (lists.notUnderstood[0]?.text ?? `found ${kindNames[kind]}, and nothing in it that can be imported`);
  return { kind, title: world.title, text: written, assumed: world.assumed ? [...world.accounts.keys()][0]! : "", made: only || !holds ? world.made() : made, ...lists, error };
}

/** scenario takes a scenario as it is: the engine says what is wrong with it. */
function scenario(root: Node, roots: Node[], text: string, notes: Notes): Import {
  const size = bytes(text);
  const version = string(get(root, "version"));
  if (version !== "1") return empty("scenario", `found a scenario of version ${quote(version)}, expected version 1`);
  if (size > room) return empty("scenario", `found a scenario of ${(size / 1e6).toFixed(1)} MB, expected at most 1 MiB`);
  if (roots.length > 1) return empty("scenario", `line ${lineAt(text, roots[1]!.start)}: found more text behind the scenario, expected one scenario`);
  const made: Made[] = [];
  const counts: Record<string, string> = { users: "user", groups: "group", roles: "role", policies: "managed policy", resources: "resource", vpcEndpoints: "VPC endpoint" };
  const accounts = get(root, "accounts");
  if (accounts?.type === "object") {
    made.push({ kind: "account", count: accounts.members.length, names: accounts.members.slice(0, 12).map((m) => m.key) });
    for (const [member, kind] of Object.entries(counts)) {
      const names = accounts.members.flatMap((m) => { const part = get(m.value, member); return part?.type === "object" ? part.members.map((x) => x.key) : []; });
      if (names.length) made.push({ kind, count: names.length, names: names.slice(0, 12) });
    }
  }
  const requests = items(get(root, "requests"));
  if (requests.length) made.push({ kind: "request", count: requests.length, names: requests.slice(0, 12).map((r) => string(get(r, "name"))) });
  notes.understood("a scenario, taken as it is", root);
  return { kind: "scenario", title: string(get(root, "title")), text, assumed: "", made, understood: notes.list("understood"), notUnderstood: [], unknown: [], error: "" };
}
