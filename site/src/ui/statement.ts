import type { Json, JsonObject } from "./types.ts";
import { list, object, text, written } from "./values.ts";

/** Named is one principal of a statement. */
export interface Named { type: string; value: string }

/** principals reads a Principal element: "*", lists by type, or one that nobody knows, whose type is "". */
export function principals(value: Json | undefined): Named[] {
  if (typeof value === "string") return [{ type: "*", value }];
  if (text(object(value).unknown)) return [{ type: "", value: JSON.stringify(value) }];
  return Object.entries(object(value)).flatMap(([type, values]) => list(values).map((one) => ({ type, value: one })));
}

/** principalElement writes a Principal element. */
export function principalElement(named: Named[]): Json {
  if (named.length === 1 && named[0]!.type === "*") return "*";
  if (named.length === 1 && named[0]!.type === "") return written(named[0]!.value);
  const element: { [type: string]: Json[] | Json } = {};
  for (const { type, value } of named) {
    const key = type === "*" || type === "" ? "AWS" : type;
    const before = element[key];
    element[key] = [...(Array.isArray(before) ? before : []), type === "*" ? "*" : written(value)];
  }
  for (const [key, values] of Object.entries(element)) if (Array.isArray(values) && values.length === 1) element[key] = values[0]!;
  return element;
}

/** Condition is one key of one operator with its values. */
export interface Condition { operator: string; key: string; values: string[] }

/** conditions reads a Condition element as rows. */
export function conditions(value: Json | undefined): Condition[] {
  return Object.entries(object(value)).flatMap(([operator, keys]) => Object.entries(object(keys)).map(([key, values]) => ({ operator, key, values: list(values) })));
}

/** conditionElement writes rows as a Condition element; rows of the same operator and key become one. */
export function conditionElement(rows: Condition[]): JsonObject {
  const element: JsonObject = {};
  for (const { operator, key, values } of rows) {
    const keys = object(element[operator]);
    const before = keys[key];
    const all = [...(before === undefined ? [] : Array.isArray(before) ? before : [before]), ...values.map(written)];
    element[operator] = { ...keys, [key]: all.length === 1 ? all[0]! : all };
  }
  return element;
}

/** Operator is a condition operator taken apart. */
export interface Operator { set: "" | "ForAnyValue" | "ForAllValues"; base: string; ifExists: boolean }

/** operatorParts takes "ForAnyValue:StringLikeIfExists" apart. */
export function operatorParts(operator: string): Operator {
  const match = /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/i.exec(operator)!;
  return { set: (match[1] ?? "") as Operator["set"], base: match[2] ?? "", ifExists: match[3] !== undefined };
}

/** operatorName puts an operator together. */
export function operatorName({ set, base, ifExists }: Operator): string {
  return `${set ? `${set}:` : ""}${base}${ifExists && base !== "Null" ? "IfExists" : ""}`;
}
