import type { Json, JsonObject } from "./types.ts";

/** object takes a value as an object; anything else as an empty one. */
export function object(value: Json | undefined): JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}

/** text takes a string; anything else as "". */
export function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** list takes one value or several, as policies allow both. */
export function list(value: Json | undefined): string[] {
  const all = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return all.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
}

/** unknownPart reads what list() gave for an unknown part of a policy; null for any other value. */
export function unknownPart(value: string): JsonObject | null {
  if (!value.startsWith('{"')) return null;
  try {
    const read = JSON.parse(value) as Json;
    return typeof object(read).unknown === "string" ? object(read) : null;
  } catch {
    return null;
  }
}

/** partWords says what nobody knows: "unknown: why (like …)". */
export function partWords(part: JsonObject): string {
  return `unknown: ${text(part.unknown)}${text(part.like) ? ` (like ${text(part.like)})` : ""}`;
}

/** written is a value of a form as the policy has it: unknown parts are objects there. */
export const written = (value: string): Json => unknownPart(value) ?? value;

/** relist writes a list in the shape that was there: a single string stays one as long as it can. */
export function relist(before: Json | undefined, values: string[]): Json {
  return !Array.isArray(before) && before !== undefined && values.length === 1 ? written(values[0]!) : values.map(written);
}
