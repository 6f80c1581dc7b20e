import { dictionary } from "../dictionary.ts";
import { Damage, links } from "../state/link.ts";
import type { Source } from "./parts.ts";
import { pretty } from "./pretty.ts";
import { readTrace, type Trace } from "./trace.ts";

/** Loaded is a scenario that is there: its text, and its answers if they came with it. */
export interface Loaded {
  text: string;
  trace: Trace | null;
  /** request is what the link says is looked at first. */
  request: number;
}

/** codec reads and writes links. */
export const codec = links(dictionary);

const mebibyte = 1 << 20;

async function get(url: string): Promise<string> {
  const response = await fetch(url, { credentials: "omit" });
  if (!response.ok) throw new Error(`${url} could not be fetched: status ${response.status}`);
  return response.text();
}

function fromLink(link: string): Loaded {
  try {
    const { scenario, view } = codec.decode(/(^|#)s=/.test(link) ? link : `s=${link}`);
    return { text: pretty(scenario), trace: null, request: view.request };
  } catch (error) {
    if (error instanceof Damage) throw new Error(`its link is damaged: ${error.message}`);
    throw error;
  }
}

function fromText(text: string, most = mebibyte): Loaded {
  const trace = readTrace(text);
  if (trace) return { text: trace.scenario, trace, request: 0 };
  if (text.length > most) throw new Error(`found a scenario of ${text.length} characters, expected at most ${most}`);
  return { text: text.trim() === "" ? "{}" : text, trace: null, request: 0 };
}

/** load brings the scenario, or the two of a comparison. It throws an Error that says what could not be had. */
export async function load(source: Source): Promise<Loaded[]> {
  const precomputed = source.trace ?? (source.traceUrl ? await get(source.traceUrl) : undefined);
  const trace = precomputed === undefined ? null : readTrace(precomputed);
  if (precomputed !== undefined && !trace) throw new Error("found a trace that is none, expected what iamplay render --trace writes");
  const all = source.links
    ? source.links.map(fromLink)
    : source.urls
      ? await Promise.all(source.urls.map(async (url) => fromText(await get(url))))
      : (source.texts ?? []).map((text) => fromText(text));
  if (trace && all.length === 0) return [{ text: trace.scenario, trace, request: 0 }];
  // A trace of another scenario would show answers to what is not asked.
  const same = (a: string, b: string) => JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
  if (trace && all[0]) {
    if (!same(trace.scenario, all[0].text)) throw new Error("found a trace of another scenario: make it again with iamplay render --trace");
    return [{ ...all[0], text: trace.scenario, trace }];
  }
  return all;
}
