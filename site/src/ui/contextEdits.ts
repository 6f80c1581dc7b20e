import type { Pointer } from "../contract/report.ts";
import { join } from "./pointers.ts";
import type { Edit, Json, JsonObject } from "./types.ts";

/** Given is how a request treats a context key: left to the world, written, absent on purpose, or unknown. */
export type Given = "derived" | "typed" | "absent" | "unknown";

/** contextOf is the object that holds a request's written keys. */
export function contextOf(request: JsonObject): JsonObject {
  const context = request.context;
  return context !== null && typeof context === "object" && !Array.isArray(context) ? context : {};
}

/** unknownOf lists the keys that a request marks as unknown. */
export function unknownOf(request: JsonObject): string[] {
  return Array.isArray(request.unknown) ? request.unknown.filter((key) => typeof key === "string") : [];
}

/** spelled finds a key as the request writes it: keys compare without case. */
function spelled(keys: string[], key: string): string | undefined {
  return keys.find((one) => one.toLowerCase() === key.toLowerCase());
}

/** given tells how the request treats a key. */
export function given(request: JsonObject, key: string): Given {
  if (spelled(unknownOf(request), key) !== undefined) return "unknown";
  const context = contextOf(request);
  const written = spelled(Object.keys(context), key);
  if (written === undefined) return "derived";
  return context[written] === null ? "absent" : "typed";
}

/** written is what the request writes for a key, undefined when it writes nothing. */
export function written(request: JsonObject, key: string): Json | undefined {
  const context = contextOf(request);
  const name = spelled(Object.keys(context), key);
  return name === undefined ? undefined : context[name];
}

function known(pointer: Pointer, request: JsonObject, key: string): Edit[] {
  const unknown = unknownOf(request);
  if (spelled(unknown, key) === undefined) return [];
  const rest = unknown.filter((one) => one.toLowerCase() !== key.toLowerCase());
  return rest.length ? [{ op: "set", pointer: join(pointer, "unknown"), value: rest }] : [{ op: "remove", pointer: join(pointer, "unknown") }];
}

/** setKey writes a value for a key; null makes it absent. */
export function setKey(pointer: Pointer, request: JsonObject, key: string, value: Json): Edit[] {
  const name = spelled(Object.keys(contextOf(request)), key) ?? key;
  return [...known(pointer, request, key), { op: "set", pointer: join(pointer, "context", name), value }];
}

/** clearKey leaves a key to the world again. */
export function clearKey(pointer: Pointer, request: JsonObject, key: string): Edit[] {
  const context = contextOf(request);
  const name = spelled(Object.keys(context), key);
  const edits = known(pointer, request, key);
  if (name === undefined) return edits;
  return [...edits, { op: "remove", pointer: Object.keys(context).length === 1 ? join(pointer, "context") : join(pointer, "context", name) }];
}

/** setUnknown marks a key as unknown. */
export function setUnknown(pointer: Pointer, request: JsonObject, key: string): Edit[] {
  if (spelled(unknownOf(request), key) !== undefined) return [];
  return [...clearKey(pointer, request, key), { op: "append", pointer: join(pointer, "unknown"), value: key }];
}

/** setKeys applies a preset as one change. */
export function setKeys(pointer: Pointer, request: JsonObject, values: Record<string, Json>): Edit[] {
  const touched = new Set(Object.keys(values).map((key) => key.toLowerCase()));
  const unknown = unknownOf(request);
  const rest = unknown.filter((key) => !touched.has(key.toLowerCase()));
  const edits: Edit[] = rest.length === unknown.length ? [] : rest.length ? [{ op: "set", pointer: join(pointer, "unknown"), value: rest }] : [{ op: "remove", pointer: join(pointer, "unknown") }];
  const names = Object.keys(contextOf(request));
  for (const [key, value] of Object.entries(values)) edits.push({ op: "set", pointer: join(pointer, "context", spelled(names, key) ?? key), value });
  return edits;
}
