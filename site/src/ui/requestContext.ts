import type { Json, JsonObject } from "./types.ts";

/** Setting is what a request does with a context key: write it, leave it out on purpose, not know it, or leave it to what the world implies. */
export type Setting = { state: "typed"; values: string[]; multi: boolean } | { state: "absent" } | { state: "unknown" } | { state: "implied" };

/** writtenContext is the object that holds a request's written keys. */
export function writtenContext(request: JsonObject): JsonObject {
  const context = request.context;
  return context !== null && typeof context === "object" && !Array.isArray(context) ? context : {};
}

/** unknownKeys lists the keys that a request marks as unknown. */
export function unknownKeys(request: JsonObject): string[] {
  return Array.isArray(request.unknown) ? request.unknown.filter((key) => typeof key === "string") : [];
}

const text = (value: Json) => (typeof value === "string" ? value : JSON.stringify(value));

/** setting tells what the request does with a key. Keys compare without case. */
export function setting(request: JsonObject, key: string): Setting {
  const same = (one: string) => one.toLowerCase() === key.toLowerCase();
  if (unknownKeys(request).some(same)) return { state: "unknown" };
  const context = writtenContext(request);
  const written = Object.keys(context).find(same);
  if (written === undefined) return { state: "implied" };
  const value = context[written]!;
  if (value === null) return { state: "absent" };
  return Array.isArray(value) ? { state: "typed", values: value.map(text), multi: true } : { state: "typed", values: [text(value)], multi: false };
}
