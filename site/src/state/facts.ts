import { items, member, string, type Node } from "./tree.ts";

/** Facts gives the engine what AWS's catalogue says of the actions that a scenario names, anew whenever it names others. */
export class Facts {
  private given = "";

  constructor(
    private readonly told: (scenario: string) => Promise<string>,
    private readonly give: (text: string) => Promise<unknown>,
  ) {}

  /** follow gives the engine what it lacks for a scenario, and tells whether answers may be others now. */
  async follow(text: string, root: Node | undefined): Promise<boolean> {
    const wanted = actions(root).join(" ");
    if (wanted === this.given) return false;
    this.given = wanted;
    try {
      const facts = await this.told(text);
      if (facts === "") throw new Error("there is no catalogue");
      await this.give(facts);
      return true;
    } catch {
      if (this.given === wanted) this.given = "";
      return false;
    }
  }
}

/** actions are those that the requests and their further checks name, each once, in order. */
function actions(root: Node | undefined): string[] {
  const all = items(member(root, "requests")).flatMap((request) => [request, ...items(member(request, "also"))]);
  return [...new Set(all.map((node) => string(member(node, "action")).toLowerCase()))].sort();
}
