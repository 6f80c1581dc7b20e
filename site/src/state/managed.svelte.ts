import { libraryOf, readLibrary, type Keeping, type Library, type ManagedIndex, type ManagedEntry, type ManagedPolicy } from "./library.ts";
import type { Shelf } from "./shelf.ts";

export interface ManagedSources {
  index(): Promise<ManagedIndex>;
  /** library gives the curated policies. */
  library(): Promise<Library>;
  /** policy fetches the file of one policy that is not curated. */
  policy(name: string): Promise<string>;
  /** shelf may hold the file with all others. */
  shelf: Shelf;
  /** give hands a file of policies to the engine, under a name of its own. */
  give(text: string, name: string): Promise<unknown>;
  /** came is called when the engine was given a policy that it lacked, and when one turned out not to be had. */
  came(): void;
}

const said = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Managed are AWS's managed policies: a list of all, the texts of those that are at hand, the others when they are asked for.
 * Invariant: only a name from AWS's list is ever asked of the site, never what somebody typed; and each once.
 */
export class Managed {
  index = $state.raw<ManagedIndex | null>(null);
  policies = $state.raw<ReadonlyMap<string, ManagedPolicy>>(new Map());
  /** given are the files that the engine has beyond the curated policies, by ARN; nothing is taken out. */
  given = $state.raw<ReadonlyMap<string, string>>(new Map());
  /** missing says why the texts of policies could not be had, by ARN. */
  missing = $state.raw<ReadonlyMap<string, string>>(new Map());
  keeping = $state.raw<Keeping>({ state: "no" });
  /** libraryDate is the day of the curated policies, "" while they are not here. */
  libraryDate = $state("");
  readonly bundled = $derived<ReadonlySet<string>>(new Set(this.policies.keys()));
  readonly names = $derived<readonly ManagedEntry[]>(this.index?.policies ?? []);

  private indexAsked: Promise<ManagedIndex> | null = null;
  private libraryAsked: Promise<void> | null = null;
  private keptAsked: Promise<Library | null> | null = null;
  /** asked are the policies that are here or on their way. */
  private readonly asked = new Map<string, Promise<boolean>>();
  private readonly handed = new Set<string>();

  constructor(private readonly from: ManagedSources) {}

  /** list fetches the list of all, once. */
  list(): Promise<ManagedIndex> {
    this.indexAsked ??= this.from.index().then(
      (index) => (this.index = index),
      (error: unknown) => {
        this.indexAsked = null;
        throw error;
      },
    );
    return this.indexAsked;
  }

  /** library fetches the curated policies for the page and the engine, once. */
  library(): Promise<void> {
    this.libraryAsked ??= this.from.library().then(
      async ({ text, date, policies }) => {
        this.policies = new Map([...policies, ...this.policies]);
        this.libraryDate = date;
        for (const arn of policies.keys()) this.handed.add(arn);
        await this.from.give(text, "library").catch(() => {});
      },
      (error: unknown) => {
        this.libraryAsked = null;
        throw error;
      },
    );
    return this.libraryAsked;
  }

  /** need sees to it that the engine gets policies that a scenario names. Names that AWS does not have are left alone. */
  need(arns: Iterable<string>): void {
    for (const arn of arns) if (!this.handed.has(arn)) void this.hand(arn);
  }

  /** settled says that a policy is not on its way: the engine has it, or it cannot be had. */
  settled(arn: string): boolean {
    return this.handed.has(arn) || this.missing.has(arn) || (this.index !== null && this.index.policies.every((p) => p.arn !== arn));
  }

  private async hand(arn: string): Promise<void> {
    const first = !this.asked.has(arn);
    if (await this.open(arn)) {
      if (this.handed.has(arn)) return;
      this.handed.add(arn);
      // The engine says the date that it was told last, which is that of the list.
      const text = libraryOf((await this.list()).date, this.policies.get(arn)!);
      await this.from.give(text, `library ${arn}`).catch(() => {});
      this.given = new Map([...this.given, [arn, text]]);
      this.from.came();
    } else if (first) this.from.came();
  }

  /** open fetches a policy's text for the page, once, and tells whether it is here. One that failed is not asked for again before retry. */
  open(arn: string): Promise<boolean> {
    let asked = this.asked.get(arn);
    if (!asked) this.asked.set(arn, (asked = this.fetch(arn)));
    return asked;
  }

  private async fetch(arn: string): Promise<boolean> {
    try {
      const index = await this.list();
      const entry = index.policies.find((p) => p.arn === arn);
      if (!entry) return false;
      if (entry.curated) await this.library();
      else {
        const policy = await this.text(entry);
        this.policies = new Map([...this.policies, [arn, policy]]);
      }
      return this.policies.has(arn);
    } catch (error) {
      this.missing = new Map([...this.missing, [arn, said(error)]]);
      return false;
    }
  }

  /** text gives a policy out of what is kept; where that has another version than the list, the site is asked first. */
  private async text(entry: ManagedEntry): Promise<ManagedPolicy> {
    const kept = (await this.kept())?.policies.get(entry.arn);
    if (kept && kept.version === entry.version) return kept;
    try {
      const policy = readLibrary(await this.from.policy(entry.name)).policies.get(entry.arn);
      if (!policy) throw new Error("the site gave another policy");
      return policy;
    } catch (error) {
      if (kept) return kept;
      throw error instanceof SyntaxError ? new Error("the site gave something else") : error;
    }
  }

  /** retry asks again for what could not be had. */
  retry(): void {
    const arns = [...this.missing.keys()];
    this.missing = new Map();
    for (const arn of arns) this.asked.delete(arn);
    this.from.came();
  }

  /** kept reads the file with all policies from where it is kept, once. */
  private kept(): Promise<Library | null> {
    this.keptAsked ??= this.from.shelf.read().then((text) => {
      if (text === null) return null;
      try {
        const library = readLibrary(text);
        this.keeping = { state: "yes" };
        return library;
      } catch {
        return null;
      }
    });
    return this.keptAsked;
  }

  /** look finds out whether the file with all policies is kept. */
  async look(): Promise<void> {
    await this.kept();
  }

  /** keep fetches the file with all policies and keeps it. */
  async keep(): Promise<void> {
    if (this.keeping.state === "fetching") return;
    this.keeping = { state: "fetching", bytes: 0 };
    try {
      const text = await this.from.shelf.fetch((bytes) => (this.keeping = { state: "fetching", bytes }));
      const library = readLibrary(text);
      const stays = await this.from.shelf.keep(text);
      this.keptAsked = Promise.resolve(library);
      this.keeping = { state: stays ? "yes" : "session" };
      if (this.missing.size > 0) this.retry();
    } catch (error) {
      this.keeping = { state: "failed", message: said(error) };
    }
  }

  /** remove takes the file with all policies away again; what was opened stays as long as the page. */
  async remove(): Promise<void> {
    await this.from.shelf.remove();
    this.keptAsked = null;
    this.keeping = { state: "no" };
  }
}
