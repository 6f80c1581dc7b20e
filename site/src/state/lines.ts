/** Lines turns offsets of a text into lines and columns, all counted in UTF-16 units; lines and columns begin at 0. */
export class Lines {
  readonly starts: number[] = [0];

  constructor(readonly text: string) {
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) this.starts.push(i + 1);
  }

  get count(): number {
    return this.starts.length;
  }

  /** line gives the text of a line without its line end; "" beyond the last. */
  line(index: number): string {
    const start = this.starts[index];
    if (start === undefined) return "";
    const end = this.starts[index + 1] === undefined ? this.text.length : this.starts[index + 1]! - 1;
    return this.text.slice(start, this.text[end - 1] === "\r" && end > start ? end - 1 : end);
  }

  /** position clamps an offset beyond the text to its end. */
  position(offset: number): { line: number; column: number } {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: at - this.starts[low]! };
  }

  /** offset clamps a line beyond the text to its end, and a column to its line. */
  offset(line: number, column: number): number {
    const start = this.starts[line];
    if (start === undefined) return this.text.length;
    return start + Math.max(0, Math.min(column, this.line(line).length));
  }
}
