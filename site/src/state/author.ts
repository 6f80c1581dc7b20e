import type { AuthorResult, Compared, Completions, Lint, Proposal, Service, ServiceHeading, WordNote } from "../contract/author.ts";
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
  /** given are further policies of AWS, by ARN. */
  private readonly given = new Map<string, string>();
  private settle: () => void = () => {};
  private ready = false;
  /** begun is settled once the program has what it reads, or cannot be had. */
  private readonly begun = new Promise<void>((resolve) => (this.settle = resolve));
  private readonly kept = new Map<string, Service>();

  constructor(
    private readonly start: () => AuthorClient,
    private readonly inputs: () => Promise<AuthorInputs>,
  ) {}

  /** begin loads the program and what it reads, and tells the day of AWS's catalogue, "" when it could not; a second call does nothing. */
  async begin(): Promise<string> {
    if (this.client) return "";
    const client = (this.client = this.start());
    try {
      const { schema, catalog, library, arns } = await this.inputs();
      const ops: AuthorOp[] = [{ op: "schema", text: schema }, { op: "catalog", text: catalog }, { op: "library", text: library }, { op: "managed", arns }];
      const results = await Promise.all([...ops.map((op) => client.prepare(op)), ...[...this.given].map(([arn, text]) => client.prepare({ op: "library", text }, `library ${arn}`))]);
      this.ready = true;
      return results.flat().map((r) => (r.op === "catalog" && "date" in r ? r.date : "")).join("");
    } catch {
      return "";
    } finally {
      this.settle();
    }
  }

  /** give adds policies of AWS beyond the bundled ones, by ARN, and tells whether any of them is new. */
  give(policies: ReadonlyMap<string, string>): boolean {
    const fresh = [...policies].filter(([arn]) => !this.given.has(arn));
    for (const [arn, text] of fresh) {
      this.given.set(arn, text);
      this.client?.prepare({ op: "library", text }, `library ${arn}`).catch(() => {});
    }
    return fresh.length > 0;
  }

  /** lint tells what is probably not meant in a scenario. */
  async lint(scenario: string): Promise<Lint | null> {
    const result = await this.ask(scenario, { op: "lint" });
    return result && result.op === "lint" && "findings" in result ? result : null;
  }

  /** facts is what the catalogue says of the actions that a scenario's requests name, as the engine reads it; "" when it cannot be had. */
  async facts(scenario: string): Promise<string> {
    const result = await this.ask(scenario, { op: "facts" });
    return result && result.op === "facts" && "text" in result ? result.text : "";
  }

  /** proposals are what AWS may check beside a request of a scenario; null when nobody can say. */
  async proposals(scenario: string, request: number): Promise<readonly Proposal[] | null> {
    const result = await this.ask(scenario, { op: "propose", request });
    return result && result.op === "propose" && "checks" in result ? result.checks : null;
  }

  /** compare tells a part of what changes from a version before to the one after: up to most probes, after so many that were decided. It waits for the program; null when that cannot be had. */
  async compare(before: string, after: string, from: number, most: number): Promise<Compared | null> {
    await this.begun;
    if (!this.ready) return null;
    const result = await this.ask(after, { op: "compare", before, from, most });
    return result && result.op === "compare" && "changes" in result ? result : null;
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

  /** services are all services by prefix and name; none until the catalogue is there. */
  async services(): Promise<readonly ServiceHeading[]> {
    await this.begun;
    const result = await this.ask(undefined, { op: "services" });
    return result && result.op === "services" && "services" in result ? result.services : [];
  }

  /** service is all that the catalogue has about one service; null when it has none of that prefix. */
  async service(prefix: string): Promise<Service | null> {
    await this.begun;
    const kept = this.kept.get(prefix);
    if (kept) return kept;
    const result = await this.ask(undefined, { op: "service", prefix });
    const service = result && result.op === "service" && "service" in result ? result.service : null;
    if (service) this.kept.set(prefix, service);
    return service;
  }

  private async ask(scenario: string | undefined, op: AuthorOp): Promise<AuthorResult | null> {
    try {
      return (await this.client?.ask(op.op === "service" ? `service ${op.prefix}` : op.op, scenario, [op]))?.[0] ?? null;
    } catch {
      return null;
    }
  }
}
