import { pointerTo, type Node } from "./json.ts";

/** Note is one thing that an importer has to say about what it read. */
export interface Note {
  text: string;
  /** line counts from 1; 0 when the note is about the whole. */
  line: number;
  /** pointer is the JSON Pointer of the place; "" for the whole and for texts that are no JSON. */
  pointer: string;
}

/** most is how many notes of a kind are kept; what is beyond is counted. */
export const most = 200;

/** Notes collects what was understood, what was not, and what is left unknown. */
export class Notes {
  private readonly lists = { understood: [] as Note[], notUnderstood: [] as Note[], unknown: [] as Note[] };
  private readonly beyond = { understood: 0, notUnderstood: 0, unknown: 0 };
  private starts: number[] | null = null;

  constructor(
    readonly text: string,
    readonly roots: readonly Node[],
  ) {}

  understood(text: string, at?: Node): void {
    this.add("understood", text, at);
  }

  notUnderstood(text: string, at?: Node): void {
    this.add("notUnderstood", text, at);
  }

  unknown(text: string, at?: Node): void {
    this.add("unknown", text, at);
  }

  private add(kind: keyof Notes["lists"], text: string, at: Node | undefined): void {
    const list = this.lists[kind];
    if (list.some((n) => n.text === text)) return;
    if (list.length >= most) this.beyond[kind]++;
    else list.push({ text, line: at ? this.line(at.start) : 0, pointer: at ? pointerTo(this.roots, at.start) : "" });
  }

  private line(offset: number): number {
    if (!this.starts) {
      this.starts = [0];
      for (let i = this.text.indexOf("\n"); i >= 0; i = this.text.indexOf("\n", i + 1)) this.starts.push(i + 1);
    }
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** list gives the notes of a kind, with a last one that counts those that were too many. */
  list(kind: keyof Notes["lists"]): Note[] {
    const rest = this.beyond[kind];
    return rest ? [...this.lists[kind], { text: `and ${rest.toLocaleString("en")} more of this kind`, line: 0, pointer: "" }] : this.lists[kind];
  }
}
