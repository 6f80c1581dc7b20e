import type { AuthorResult, Completions, Lint, WordNote } from "../contract/author.ts";
import type { Pointer } from "../contract/report.ts";
import type { AuthorClient, AuthorOp } from "../engine/author.ts";
import { managed } from "./place.ts";

/** AuthorInputs are what the author reads once: the schema of scenarios, the catalogue, the bundled texts of AWS's managed policies, and the ARNs of all of them. */
export interface AuthorInputs {
  schema: string;
  catalog: string;
  library: string;
  arns: string[];
}

/**
 * Author answers the editors: what may be written at a place, and what stands there.
 * Its program is loaded after the page's first answer; until then, and when it cannot be had, it answers nothing.
 */
export class Author {
  private client: AuthorClient | null = null;

  constructor(
    private readonly start: () => AuthorClient,
    private readonly inputs: () => Promise<AuthorInputs>,
  ) {}

  /** begin loads the program and what it reads, and tells whether it could; a second call does nothing. */
  async begin(): Promise<boolean> {
    if (this.client) return false;
    const client = (this.client = this.start());
    try {
      const { schema, catalog, library, arns } = await this.inputs();
      const ops: AuthorOp[] = [{ op: "schema", text: schema }, { op: "catalog", text: catalog }, { op: "library", text: library }, { op: "managed", arns }];
      await Promise.all(ops.map((op) => client.prepare(op)));
      return true;
    } catch {
      return false;
    }
  }

  /** lint tells what is probably not meant in a scenario. */
  async lint(scenario: string): Promise<Lint | null> {
    const result = await this.ask(scenario, { op: "lint" });
    return result && result.op === "lint" && "findings" in result ? result : null;
  }

  /** complete asks what may be written at an offset of the text of a tab, in the world that a scenario describes. */
  async complete(scenario: string, pointer: Pointer, text: string, at: number): Promise<Completions | null> {
    if (managed(pointer)) return null;
    const result = await this.ask(scenario, { op: "complete", pointer, text, at });
    return result && result.op === "complete" && "items" in result ? result : null;
  }

  /** explain asks what the word at an offset means. */
  async explain(scenario: string, pointer: Pointer, text: string, at: number): Promise<WordNote | null> {
    // A policy of AWS stands nowhere in the scenario; it reads like one of the scenario's own.
    const result = await this.ask(scenario, { op: "hover", pointer: managed(pointer) ? "/accounts/0/policies/0" : pointer, text, at });
    return result && result.op === "hover" && "note" in result ? result.note : null;
  }

  private async ask(scenario: string, op: AuthorOp): Promise<AuthorResult | null> {
    try {
      return (await this.client?.ask(op.op, scenario, [op]))?.[0] ?? null;
    } catch {
      return null;
    }
  }
}
