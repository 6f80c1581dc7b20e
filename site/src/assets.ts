import { unpacked } from "./engine/packed.ts";
import type { GalleryEntry } from "./ui/types.ts";
import type { links } from "./state/link.ts";
import { readLibrary, type Library, type ManagedIndex } from "./state/library.ts";
import { Shelf } from "./state/shelf.ts";
import curatedUrl from "../generated/managed/curated.json?url";
import catalogUrl from "../generated/catalog/catalog.txt?url";
import managedUrl from "../generated/managed/index.json?url";
import schemaUrl from "../generated/schema/scenario.v1.schema.json?url";

const urls = import.meta.glob<string>("../generated/scenarios/**/*.json", { query: "?url", import: "default", eager: true });
const scenarioUrl = (path: string) => urls[`../generated/scenarios/${path}.json`];

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

/** managedIndex lists all of AWS's managed policies. */
export async function managedIndex(): Promise<ManagedIndex> {
  return JSON.parse(await get(managedUrl, "the list of AWS's managed policies")) as ManagedIndex;
}

/** library gives the bundled AWS policies: the text for the engine, and the same read for the page. */
export async function library(): Promise<Library> {
  return readLibrary(await get(curatedUrl, "AWS's managed policies"));
}

/** apart says whether the policies beyond the bundled ones can be had; a page in a single file has no files beside it. */
export const apart = import.meta.env.MODE !== "single";

/** managedPolicy gives the file of one policy beyond the bundled ones. */
export async function managedPolicy(name: string): Promise<string> {
  if (!apart) throw new Error("this page is a single file and has AWS's most used policies only");
  const response = await fetch(`./managed/${encodeURIComponent(name)}.json`).catch(() => {
    throw new Error("the site cannot be reached");
  });
  if (!response.ok) throw new Error(response.status === 404 ? "the site no longer has it" : `the site answered with status ${response.status}`);
  return response.text();
}

/** shelf keeps all policies beyond the bundled ones. */
export const shelf = new Shelf("./managed/all.json", () => caches, (url) => fetch(url));

/** linkFormat loads what reads and writes links; few visits need it. */
export async function linkFormat(): Promise<ReturnType<typeof links>> {
  const [format, { dictionary }] = await Promise.all([import("./state/link.ts"), import("./dictionary.ts")]);
  return format.links(dictionary);
}

/** authorInputs gives what the author of policies is helped with. */
export async function authorInputs(): Promise<{ schema: string; catalog: string; library: string; arns: string[] }> {
  const [schema, catalog, library, index] = await Promise.all([get(schemaUrl, "the schema of scenarios"), get(catalogUrl, "AWS's catalogue"), get(curatedUrl, "AWS's managed policies"), managedIndex()]);
  return { schema, catalog, library, arns: index.policies.map((p) => p.arn) };
}
