import { unpacked } from "./engine/packed.ts";
import type { GalleryEntry } from "./ui/types.ts";
import type { links } from "./state/link.ts";
import type { ManagedName } from "./state/world.ts";
import curatedUrl from "../generated/managed/curated.json?url";
import catalogUrl from "../generated/catalog/catalog.txt?url";
import managedUrl from "../generated/managed/index.json?url";
import schemaUrl from "../generated/schema/scenario.v1.schema.json?url";

const urls = import.meta.glob<string>("../generated/scenarios/**/*.json", { query: "?url", import: "default", eager: true });
const scenarioUrl = (path: string) => urls[`../generated/scenarios/${path}.json`];

/** ManagedPolicy is one of AWS's policies with its document, as bundled. */
export interface ManagedPolicy extends ManagedName {
  version: string;
  date: string;
  /** text is the document as the engine counts positions in it. */
  text: string;
}

async function get(url: string | undefined, what: string): Promise<string> {
  if (!url) throw new Error(`${what} is not part of this playground`);
  const response = unpacked(await fetch(url));
  if (!response.ok) throw new Error(`${what} could not be fetched: status ${response.status}`);
  return response.text();
}

/** gallery lists the scenarios that come with the playground. */
export async function gallery(): Promise<GalleryEntry[]> {
  return JSON.parse(await get(scenarioUrl("index"), "the gallery")) as GalleryEntry[];
}

/** example gives the text of a gallery scenario. */
export function example(path: string): Promise<string> {
  return get(scenarioUrl(path), `the scenario "${path}"`);
}

/** managedNames lists all of AWS's managed policies by name and ARN. */
export async function managedNames(): Promise<ManagedName[]> {
  const list = JSON.parse(await get(managedUrl, "the list of managed policies")) as ManagedName[] | { policies: ManagedName[] };
  return Array.isArray(list) ? list : list.policies;
}

/** library gives the bundled AWS policies: the text for the engine, and the same read for the page. */
export async function library(): Promise<{ text: string; date: string; policies: Map<string, ManagedPolicy> }> {
  const text = await get(curatedUrl, "AWS's managed policies");
  const read = JSON.parse(text) as { date: string; policies: (Omit<ManagedPolicy, "text"> & { document: unknown })[] };
  return { text, date: read.date, policies: new Map(read.policies.map(({ document, ...p }) => [p.arn, { ...p, text: JSON.stringify(document, null, 2) }])) };
}

/** linkFormat loads what reads and writes links; few visits need it. */
export async function linkFormat(): Promise<ReturnType<typeof links>> {
  const [format, { dictionary }] = await Promise.all([import("./state/link.ts"), import("./dictionary.ts")]);
  return format.links(dictionary);
}

/** authorInputs gives what the author of policies is helped with. */
export async function authorInputs(): Promise<{ schema: string; catalog: string; library: string; arns: string[] }> {
  const [schema, catalog, library, names] = await Promise.all([get(schemaUrl, "the schema of scenarios"), get(catalogUrl, "AWS's catalogue"), get(curatedUrl, "AWS's managed policies"), managedNames()]);
  return { schema, catalog, library, arns: names.map((n) => n.arn) };
}
