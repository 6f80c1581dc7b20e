import { deflateSync } from "fflate";
import { depth, maxDepth } from "./depth.ts";
import { inflate } from "./inflate.ts";

/**
 * How scenarios travel in a link's fragment. This is the twin of wasm/links/link.go, where the format is described; both are
 * held to the links of wasm/links/testdata.
 */

/** View is what a link says about how the scenario is shown. */
export interface View {
  /** request is the index of the chosen request, tab the pointer of what is open, focus the stage or statement looked at. */
  request: number;
  tab: string;
  focus: string;
}

export type Codec = "dd1" | "dr" | "pl";

/** Link is what a link holds; the scenario's text is JSON without white space between its tokens. */
export interface Link {
  codec: Codec;
  scenario: string;
  view: View;
}

export type Part = "prefix" | "version" | "codec" | "base64" | "compression" | "size" | "text" | "depth" | "JSON";

/** Damage says which part of a link failed, and holds the beginning of the scenario as far as it could be read: from the part "text" on, all of it. */
export class Damage extends Error {
  constructor(
    readonly part: Part,
    message: string,
    readonly recovered = "",
  ) {
    super(message);
  }
}

/** The limits of what is read, besides maxDepth: bytes of text and characters of the fragment. */
export const maxBytes = 1 << 20;
export const maxFragment = 2 << 20;

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const n = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let k = 0; k <= Math.min(3, bytes.length - i); k++) text += alphabet[(n >> (18 - 6 * k)) & 63];
  }
  return text;
}

/** unbase64 reads characters of the alphabet; one that is left over at the end holds no byte. */
function unbase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let n = 0;
  for (let i = 0, at = 0; i < text.length; i++) {
    n = ((n << 6) | alphabet.indexOf(text[i]!)) & 0xffffff;
    if (i % 4 > 0) bytes[at++] = n >> (6 - 2 * (i % 4));
  }
  return bytes;
}

const escape = (text: string) =>
  Array.from(new TextEncoder().encode(text), (byte) => {
    const c = String.fromCharCode(byte);
    return /[A-Za-z0-9/\-_.:]/.test(c) ? c : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

const space = /("(?:[^"\\]|\\.)*")|[ \t\n\r]+/gs;

function isJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function viewOf(parameters: string[]): View {
  const view = { request: 0, tab: "", focus: "" };
  for (const parameter of parameters) {
    const [, name, value] = /^([^=]*)=?(.*)$/s.exec(parameter)!;
    if (name === "request" && /^\d{1,10}$/.test(value!) && Number(value) < 2 ** 31) view.request = Number(value);
    if (name === "tab" || name === "focus") view[name] = unescape(value!);
  }
  return view;
}

/** quote is a text in quotes, in part when it is long. */
const quote = (text: string) => (text.length > 24 ? `${JSON.stringify(text.slice(0, 24))}…` : JSON.stringify(text));

/** links are the two ways of the format; dictionary is the text of wasm/links/dictionary-1.txt. */
export function links(dictionary: string) {
  const preset: Record<Codec, Uint8Array> = { dd1: new TextEncoder().encode(dictionary.replace(/[\r\n]/g, "")), dr: new Uint8Array(), pl: new Uint8Array() };

  /**
   * encode gives a scenario's link as a fragment, "#s=1.…". JSON loses the white space between its tokens and nothing else; a
   * text that is no JSON travels as it is, and decode gives it back as recovered.
   */
  function encode(scenario: string, view: Partial<View> = {}, codec: Codec = "dd1"): string {
    const text = new TextEncoder().encode(isJSON(scenario) ? scenario.replace(space, "$1") : scenario);
    const payload = codec === "pl" ? text : deflateSync(text, { level: 9, mem: 4, dictionary: preset[codec] });
    let fragment = `#s=1.${codec}.${base64(payload)}`;
    if (view.request) fragment += `&request=${view.request}`;
    if (view.tab) fragment += `&tab=${escape(view.tab)}`;
    if (view.focus) fragment += `&focus=${escape(view.focus)}`;
    return /[A-Za-z0-9]$/.test(fragment) ? fragment : `${fragment}&x`;
  }

  /** decode reads a link: a whole URL, or its fragment with or without "#". It throws Damage; a damaged view is left out. */
  function decode(link: string): Link {
    const fragment = link.slice(link.indexOf("#") + 1).replace(/[ \t\r\n.,;:!?)\]}>'"*`]+$/, "");
    const [body, ...parameters] = fragment.split("&") as [string, ...string[]];
    if (!body.startsWith("s=")) throw new Damage("prefix", `found ${quote(fragment)}, expected it to begin with "#s=1."`);
    const [version, codec, ...rest] = body.slice(2).split(".") as [string, ...string[]];
    if (version !== "1") throw new Damage("version", `found ${quote(version)}, expected "1": a newer playground may have made it`);
    if (rest.length === 0 || (codec !== "dd1" && codec !== "dr" && codec !== "pl")) throw new Damage("codec", `found ${quote(codec ?? "")}, expected "dd1", "dr" or "pl" and a full stop`);
    if (fragment.length > maxFragment) throw new Damage("size", `found ${fragment.length} characters, expected at most ${maxFragment}`);
    const payload = rest.join(".");
    const good = /^[A-Za-z0-9_-]*/.exec(payload)![0];
    const packed = unbase64(good);
    const { bytes, ending } =
      codec === "pl" ? { bytes: packed.subarray(0, maxBytes), ending: packed.length > maxBytes ? "large" : "whole" } : inflate(packed, preset[codec], maxBytes);
    const scenario = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    const damage = (part: Part, message: string) => new Damage(part, message, scenario);
    if (good.length < payload.length) throw damage("base64", `found ${quote(String.fromCodePoint(payload.codePointAt(good.length)!))} after ${good.length} characters, expected letters, digits, "-" and "_"`);
    if (good.length % 4 === 1 || good === "") throw damage("base64", `found ${good.length} characters, which is a length that no link has: its end is missing`);
    if (ending === "large") throw damage("size", `found a scenario of more than ${maxBytes} bytes, expected at most that`);
    if (ending === "early") throw damage("compression", `it ends early, after ${bytes.length} bytes of the scenario: the link was cut`);
    if (ending === "damaged") throw damage("compression", `it is damaged, after ${bytes.length} bytes of the scenario`);
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      throw damage("text", "found bytes that are no UTF-8, expected text: the link was changed on its way");
    }
    if (depth(scenario) > maxDepth) throw damage("depth", `found more than ${maxDepth} arrays and objects inside each other, expected at most that`);
    if (!isJSON(scenario)) throw damage("JSON", "found a text that is no JSON, expected a scenario document");
    return { codec, scenario, view: viewOf(parameters) };
  }

  return { encode, decode };
}
