import type { Pointer } from "../contract/report.ts";

/** within says whether the place a is the place b or lies inside it. */
export function within(a: Pointer | null, b: Pointer): boolean {
  return a !== null && (a === b || a.startsWith(`${b}/`));
}

/** touches says whether one of the places is the active one, holds it or lies inside it. */
export function touches(active: Pointer | null, places: Pointer[]): boolean {
  return active !== null && active !== "" && places.some((place) => place !== "" && (within(active, place) || within(place, active)));
}

/** join appends members to a place, escaped as RFC 6901 says. */
export function join(place: Pointer, ...keys: (string | number)[]): Pointer {
  return keys.reduce<string>((all, key) => `${all}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`, place);
}

/** lastKey is the last member of a place, unescaped. */
export function lastKey(place: Pointer): string {
  return place.slice(place.lastIndexOf("/") + 1).replaceAll("~1", "/").replaceAll("~0", "~");
}
