import type { Finding } from "../contract/author.ts";
import type { CheckKind, Diagnostic, Pointer } from "../contract/report.ts";

/** Found is what is wrong at one place of the scenario: found while reading it, or by the checks, which know more about it. */
export type Found = Omit<Diagnostic, "severity"> & Pick<Finding, "severity"> & Partial<Pick<Finding, "why" | "fix" | "fixLabel">>;

/** Json is any JSON value. Objects keep the order of their text. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** Edit is one change of the scenario; several in one call are one step of the history. */
export type Edit =
  | { op: "set"; pointer: Pointer; value: Json }
  | { op: "remove"; pointer: Pointer }
  | { op: "rename"; pointer: Pointer; key: string }
  | { op: "append"; pointer: Pointer; value: Json };

export type NodeKind =
  | "scenario"
  | "organization"
  | "unit"
  | "account"
  | "user"
  | "group"
  | "role"
  | "session"
  | "resource"
  | "endpoint"
  | "policy"
  | "request";

/** PolicyKind says which grammar a document of a scenario follows, in the engine's words. */
export type PolicyKind = Exclude<CheckKind, "scenario" | "json">;

/** WorldNode is one thing of the world tree. */
export interface WorldNode {
  kind: NodeKind;
  pointer: Pointer;
  name: string;
  /** detail is the small text beside the name: "bucket", "used 2×", "2 SCPs". */
  detail: string;
  /** problems counts the errors inside the node. */
  problems: number;
  children: WorldNode[];
}

/** PolicyEntry is a policy that can be attached: of an account, of the organization, or AWS's. */
export interface PolicyEntry {
  /** reference is what an attachment writes: a name or an ARN. */
  reference: string;
  name: string;
  pointer: Pointer;
  account: string;
  source: "account" | "organization" | "aws";
  /** bundled says whether AWS's document is in the library. */
  bundled: boolean;
  used: number;
}

/** World is the scenario as lists for trees, menus and comboboxes. */
export interface World {
  title: string;
  description: string;
  organization: WorldNode | null;
  accounts: WorldNode[];
  policies: PolicyEntry[];
  principals: { value: string; label: string; detail: string }[];
  actions: { value: string; seen: boolean }[];
  resources: { value: string; label: string; detail: string }[];
  roles: { arn: string; name: string; account: string; pointer: Pointer; sessions: string[] }[];
  groups: { name: string; account: string }[];
  accountIds: { id: string; name: string }[];
  /** problems are the engine's errors and warnings, for the fields that they are about. */
  problems: { pointer: Pointer; severity: string; message: string; hint: string }[];
  requests: { pointer: Pointer; name: string; principal: string; action: string; resource: string }[];
}

export interface SavedScenario {
  id: string;
  title: string;
  detail: string;
}

export interface GalleryEntry {
  path: string;
  title: string;
  description: string;
  requests: number;
  group: string;
}

export type Theme = "auto" | "light" | "dark";

/** View is a way to look at a tab of the editor. */
export type View = "form" | "json" | "text";

export interface EditorTab {
  pointer: Pointer;
  title: string;
  detail: string;
  /** draft says that the tab holds text that is not JSON yet. */
  draft: boolean;
  readonly: boolean;
  hasForm: boolean;
  closable: boolean;
}
