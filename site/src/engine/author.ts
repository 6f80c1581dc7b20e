import type { AuthorResult } from "../contract/author.ts";
import workerUrl from "./author.worker.ts?worker&url";
import { Client, type Thread } from "./client.ts";
import { scriptURL, threadType } from "./trusted.ts";

/** AuthorOp is one question to the author; offsets are UTF-16 units into its text. */
export type AuthorOp =
  | { op: "schema"; text: string }
  | { op: "catalog"; text: string }
  | { op: "library"; text: string }
  | { op: "managed"; arns: string[] }
  | { op: "facts" }
  | { op: "propose"; request: number }
  | { op: "lint" }
  | { op: "compare"; before: string; from: number; most: number }
  | { op: "complete" | "hover"; text: string; pointer: string; at: number }
  | { op: "services" }
  | { op: "service"; prefix: string };

export type AuthorClient = Client<AuthorOp, AuthorResult>;

/** startAuthor runs the author in a Web Worker of its own. */
export function startAuthor(): AuthorClient {
  return new Client<AuthorOp, AuthorResult>(() => new Worker(scriptURL(workerUrl), { type: threadType, name: "author" }) as Thread);
}
