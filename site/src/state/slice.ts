import type { Node } from "./tree.ts";
import { Lines } from "./lines.ts";

export interface Span {
  start: number;
  end: number;
}

/**
 * Slice is one value of the scenario as a text of its own: the indentation that it has inside the scenario is taken off, and put back by splice.
 * Lines correspond one to one, so positions only move sideways.
 */
export class Slice {
  readonly text: string;
  private readonly whole: Lines;
  private readonly own: Lines;
  private readonly first: { line: number; column: number };
  private readonly cut: number[] = [];
  private readonly indent: string;
  private readonly end: number;

  constructor(
    full: string,
    private readonly start: number,
    length: number,
    whole: Lines = new Lines(full),
  ) {
    this.whole = whole;
    this.end = start + length;
    this.first = whole.position(start);
    this.indent = /^[ \t]*/.exec(whole.line(this.first.line))![0];
    const raw = full.slice(start, this.end).split("\n");
    this.text = raw
      .map((line, i) => {
        const clean = line.endsWith("\r") ? line.slice(0, -1) : line;
        let cut = 0;
        if (i > 0) while (cut < this.indent.length && cut < clean.length && clean[cut] === this.indent[cut]) cut++;
        this.cut.push(cut);
        return clean.slice(cut);
      })
      .join("\n");
    this.own = new Lines(this.text);
  }

  static of(full: string, node: Node, whole?: Lines): Slice {
    return new Slice(full, node.offset, node.length, whole);
  }

  /** toView gives the place in this slice of a span of the scenario; null when it lies outside. Spans that reach out are clipped. */
  toView(span: Span): Span | null {
    if (span.end < this.start || span.start > this.end) return null;
    return { start: this.place(Math.max(span.start, this.start)), end: this.place(Math.min(span.end, this.end)) };
  }

  /** toFull gives the offset in the scenario of an offset in this slice. */
  toFull(offset: number): number {
    const { line, column } = this.own.position(offset);
    const from = line === 0 ? this.first.column : this.cut[line]!;
    return this.whole.offset(this.first.line + line, from + column);
  }

  private place(offset: number): number {
    const { line, column } = this.whole.position(offset);
    const index = line - this.first.line;
    return this.own.offset(index, column - (index === 0 ? this.first.column : (this.cut[index] ?? 0)));
  }

  /** splice gives the scenario with this slice replaced by text, indented as the slice was. */
  splice(text: string): string {
    const full = this.whole.text;
    const eol = full.includes("\r\n") ? "\r\n" : "\n";
    const lines = text.trim().split(/\r?\n/);
    const placed = lines.map((line, i) => (i === 0 || line === "" ? line : this.indent + line)).join(eol);
    return full.slice(0, this.start) + placed + full.slice(this.end);
  }
}
