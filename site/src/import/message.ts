import { deny, layerOf, type Denial } from "./denial.ts";
import type { Node } from "./json.ts";
import { decoded, type World } from "./world.ts";

/** phrase is what all of AWS's long messages say. */
const phrase = /is not authorized to perform/i;

/** encodedPhrase stands before what only AWS can decode. */
const encodedPhrase = /Encoded authorization failure message:?\s*([A-Za-z0-9_\-+/=]{20,})/i;

const short = /\b(AccessDenied(Exception)?|Access ?Denied|UnauthorizedOperation|not authorized|Unauthorized)\b/i;

/** isMessage tells whether a text speaks of a denial in AWS's words. */
export function isMessage(text: string): boolean {
  const start = text.slice(0, 65_536);
  return phrase.test(start) || encodedPhrase.test(start) || console_.test(start) || (start.length < 4000 && short.test(start));
}

/** most is how many messages of one text are read. */
const most = 200;

const subject = /(?:User|Principal):?\s*"?([^\s",]+)"?\s*$/i;
const object_ = /^:?\s*"?([A-Za-z0-9-]+:[A-Za-z0-9]+)"?/;
const target = /^\s+on\s+(?:the\s+)?(?:resources?|resource\(s\)):?\s*"?(arn:.+?|\*)"?(?=\s+because\s|\s+with an explicit|\s*\(Service|\s*\(status|["<>\n]|[.;,]?\s*$|[.,;]\s|\s+User:)/is;
const console_ = /User:\s*(\S+)\s+(?:Service:\s*\S+\s+)?Action:\s*([A-Za-z0-9-]+:[A-Za-z0-9]+)\s+On resource\(s\):\s*(.+?)\s+Context:\s*([^\n]*)/is;
const implicit = /^[^]{0,40}?because no\s+(.{3,40}?)\s+allows?\b/is;
const explicit = /^[^]{0,40}?with an explicit deny(?:\s+in\s+(?:an?|the)\s+([A-Za-z -]{3,40}?polic(?:y|ies)|permissions boundary)(?::\s*"?(arn:[^\s"<>,;)]+))?)?/i;

/** denials finds every denial that a text tells of, each once. */
export function denials(text: string): { denial: Denial; offset: number }[] {
  const out: { denial: Denial; offset: number }[] = [];
  const seen = new Set<string>();
  const add = (denial: Denial, offset: number) => {
    const key = [denial.principal, denial.action, denial.resource].join(" ");
    if (!seen.has(key)) out.push({ denial, offset });
    seen.add(key);
  };
  const boxed = console_.exec(text.slice(0, 65_536));
  if (boxed) {
    const context = boxed[4]!;
    const resource = boxed[3]!.trim().replace(/^"|"$/g, "");
    add({ principal: boxed[1]!, action: boxed[2]!, resource: /^arn:\S/.test(resource) && !resource.endsWith(":*") ? resource : "*", ...reason(` ${/explicit deny/i.test(context) ? context.replace(/^.*?(with )?an explicit deny/i, "with an explicit deny") : "because " + context}`) }, boxed.index);
  }
  let from = 0;
  while (out.length < most) {
    const found = phrase.exec(text.slice(from));
    if (!found) break;
    const at = from + found.index;
    from = at + found[0].length;
    const by = subject.exec(text.slice(Math.max(0, at - 700), at));
    const rest = text.slice(from, from + 3000);
    const what = object_.exec(rest);
    if (!by || !what) continue;
    const behind = rest.slice(what[0].length);
    const where = target.exec(behind);
    // A trailing full stop or quote belongs to the sentence, not to the ARN.
    const resource = where ? where[1]!.trim().replace(/["'.,;)]+$/, "") : "*";
    add({ principal: by[1]!, action: what[1]!, resource: resource.replace(/\s*\n\s*/g, ""), ...reason(where ? behind.slice(where[0].length) : behind) }, at);
  }
  return out;
}

function reason(text: string): Pick<Denial, "explicit" | "layer" | "policy"> {
  const no = implicit.exec(text);
  if (no) return { explicit: false, layer: layerOf(no[1]!) };
  const yes = explicit.exec(text);
  if (yes) return { explicit: true, layer: layerOf(yes[1] ?? ""), policy: yes[2]?.replace(/[.,;]+$/, "") };
  return { explicit: null, layer: "" };
}

/** encodedCommand is the command that decodes a message, safe to paste. */
export function encodedCommand(text: string): string {
  const found = encodedPhrase.exec(text);
  return found ? `aws sts decode-authorization-message --encoded-message ${found[1]!}` : "";
}

/** readMessage puts the denials of a text into a world. */
export function readMessage(world: World, text: string, at?: Node): void {
  const { notes } = world;
  const plain = /%20is%20not%20authorized/i.test(text) ? decoded(text) : text.replaceAll("&quot;", '"').replaceAll("&#34;", '"').replaceAll("\\\"", '"');
  const found = denials(plain);
  for (const { denial } of found) {
    if (deny(world, denial, at)) notes.understood(`${denial.principal} was denied ${denial.action}${denial.resource === "*" ? "" : ` on ${denial.resource}`}`, at);
  }
  const command = encodedCommand(plain);
  if (command) notes.unknown(`what the encoded message says: only AWS can decode it. Run this, and paste what it prints:\n${command}`, at);
  if (world.requests.length === 1) {
    const { denial } = found[0]!;
    world.title = `${String(world.requests[0]!.get("name"))}`;
    world.description = `Made from an error message. AWS's answer is written as the expectation: once the policies that are unknown here are filled in, the answer should be the same.${denial.resource === "*" ? "\n\nThe message names no resource, so `*` stands for it." : ""}`;
    if (denial.resource === "*") notes.unknown('the resource, because the message names none: "*" stands for it', at);
  } else if (world.requests.length) {
    world.title = `${world.requests.length} denied requests`;
    world.description = "Made from error messages. AWS's answers are written as expectations.";
  } else if (!found.length && !command) {
    notes.notUnderstood("the message says neither who called nor which action; the CloudTrail record of the call says both", at);
  }
}
