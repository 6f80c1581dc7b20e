import type { Pointer } from "../contract/report.ts";
import type { Edit, JsonObject, World } from "./types.ts";

/** FormProps is what every form of a thing takes. */
export interface FormProps {
  pointer: Pointer;
  value: JsonObject;
  world: World;
  onedit: (edits: Edit[]) => void;
  onselect: (pointer: Pointer) => void;
}

/** accountOf is the account that a place lies in, "" outside of accounts. */
export function accountOf(pointer: Pointer): string {
  return /^\/accounts\/([^/]*)/.exec(pointer)?.[1] ?? "";
}

/** emptyPolicy is the document that a new policy begins with. */
export const emptyPolicy = { Version: "2012-10-17", Statement: [] };
