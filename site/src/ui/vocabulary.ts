import { getContext, setContext } from "svelte";
import type { Service, ServiceAction, ServiceHeading, ServiceKey, ServiceResourceType } from "../contract/author.ts";

/** Vocabulary is AWS's catalogue as forms ask it. Everything is empty until it is there. */
export interface Vocabulary {
  services(): Promise<readonly ServiceHeading[]>;
  /** service is one service whole; null when there is none of that prefix. */
  service(prefix: string): Promise<Service | null>;
}

const key = Symbol("vocabulary");

/** provide gives the vocabulary to all forms below. */
export function provide(vocabulary: Vocabulary): void {
  setContext(key, vocabulary);
}

/** vocabulary is the one that was provided above; null for none. */
export function vocabulary(): Vocabulary | null {
  return getContext<Vocabulary | undefined>(key) ?? null;
}

/** levels are AWS's access levels, from the least to the most far-reaching. */
export const levels = ["List", "Read", "Tagging", "Write", "Permissions management"] as const;

/** covers says whether an action as policies write it, perhaps with wildcards, covers one; actions have no case. */
export function covers(written: string, action: string): boolean {
  const pattern = written.toLowerCase();
  const text = action.toLowerCase();
  if (pattern === "*") return true;
  // After a mismatch only the last * can take one character more, so the time is at most the product of the lengths.
  let at = 0;
  let star = -1;
  let from = 0;
  let i = 0;
  while (i < text.length) {
    if (at < pattern.length && (pattern[at] === "?" || (pattern[at] === text[i] && pattern[at] !== "*"))) {
      at++;
      i++;
    } else if (pattern[at] === "*") {
      star = at++;
      from = i;
    } else if (star >= 0) {
      at = star + 1;
      i = ++from;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** prefixes are the services that actions name, in the order of the list. */
export function prefixes(actions: readonly string[]): string[] {
  return [...new Set(actions.filter((a) => a.includes(":")).map((a) => a.slice(0, a.indexOf(":")).toLowerCase()))];
}

/** touched are a service's resource types that the written actions can be about. */
export function touched(service: Service, written: readonly string[]): { types: ServiceResourceType[]; star: boolean } {
  const actions = service.actions.filter((a) => written.some((w) => covers(w, `${service.prefix}:${a.name}`)));
  const names = new Set(actions.flatMap((a) => a.resources.map((r) => r.type)));
  return { types: service.resourceTypes.filter((t) => names.has(t.name)), star: actions.some((a) => a.resources.length === 0) };
}

/** known are the condition keys that requests for the written actions can have, without the global ones. */
export function known(service: Service, written: readonly string[]): ServiceKey[] {
  const actions: ServiceAction[] = service.actions.filter((a) => written.some((w) => covers(w, `${service.prefix}:${a.name}`)));
  const types = new Set(actions.flatMap((a) => a.resources.map((r) => r.type)));
  const names = new Set([...actions.flatMap((a) => a.keys), ...service.resourceTypes.filter((t) => types.has(t.name)).flatMap((t) => t.keys)]);
  return service.keys.filter((k) => names.has(k.name));
}

/** fields are the variable parts of an ARN's format, in their order. */
export function fields(format: string): string[] {
  return [...format.matchAll(/\$\{(\w+)\}/g)].map((m) => m[1]!).filter((name) => name !== "Partition");
}

/** filled writes an ARN; a field without a value becomes *. */
export function filled(format: string, values: Readonly<Record<string, string>>): string {
  return format.replace(/\$\{(\w+)\}/g, (_, name: string) => (name === "Partition" ? "aws" : values[name]?.trim() || "*"));
}
