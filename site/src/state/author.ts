import type { AuthorResult, Completions, WordNote } from "../contract/author.ts";
import type { Pointer } from "../contract/report.ts";
import type { AuthorClient, AuthorOp } from "../engine/author.ts";
import { managed } from "./place.ts";

/** AuthorInputs are what the author reads once: the schema of scenarios, the catalogue, and the ARNs of AWS's managed policies. */
export interface AuthorInputs {
  schema: string;
  catalog: string;
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

  /** begin loads the program and what it reads; a second call does nothing. */
  begin(): void {
    if (this.client) return;
    const client = (this.client = this.start());
    this.inputs().then(
      ({ schema, catalog, arns }) => {
        const ops: AuthorOp[] = [{ op: "schema", text: schema }, { op: "catalog", text: catalog }, { op: "managed", arns }];
        for (const op of ops) client.prepare(op).catch(() => {});
      },
      () => {},
    );
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
