import type { Stage, StageState } from "../contract/report.ts";

/** Point is a node of the picture, measured from the top of the list. */
export interface Point { y: number; stage: Stage }

/** Row is a line of the list: one stage, or neighbours of whose kinds nothing is attached, shown as one. */
export interface Row { stage: Stage; folded: Stage[] }

/** keyed gives each row a key that stays while the text is edited: several stages may have one id. */
export function keyed(rows: Row[]): (Row & { key: string })[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const n = (seen.get(row.stage.id) ?? 0) + 1;
    seen.set(row.stage.id, n);
    return { ...row, key: n > 1 ? `${row.stage.id} ${n}` : row.stage.id };
  });
}

/** rows folds neighbours of whose kinds nothing is attached. */
export function rows(stages: Stage[]): Row[] {
  const out: Row[] = [];
  for (const stage of stages) {
    const last = out.at(-1);
    if (!last || !stage.nothing || !last.stage.nothing) out.push({ stage, folded: [] });
    else if (last.folded.length > 0) last.folded.push(stage);
    else last.folded = [last.stage, stage];
  }
  return out.map((row) => {
    if (row.folded.length === 0) return row;
    const lane = row.folded.every((s) => s.lane === row.stage.lane) ? row.stage.lane : "both";
    const text = row.folded.map((s, i) => (i > 0 && /^[A-Z][a-z]/.test(s.title) ? s.title[0]!.toLowerCase() + s.title.slice(1) : s.title)).join(", ");
    return { ...row, stage: { ...row.stage, title: "Nothing attached", word: "", text, lane, page: "", rule: "", policies: [], statements: [] } };
  });
}

/** blocks says whether the way ends at a stage of this state. */
export function blocks(state: StageState): boolean {
  return state === "stopped" || state === "depends" || state === "wouldAlsoStop";
}

/** track draws one lane: the lit way down to the first stage that blocks, and the rest. */
export function track(x: number, points: Point[], end: { x: number; y: number }): { lit: string; rest: string } {
  if (points.length === 0) return { lit: "", rest: "" };
  const stop = points.findIndex((point) => blocks(point.stage.state) || point.stage.state === "notReached");
  const top = points[0]!.y;
  const turn = end.x === x ? `V${end.y}` : `V${end.y - 36}C${x} ${end.y - 20} ${end.x} ${end.y - 28} ${end.x} ${end.y - 12}`;
  if (stop < 0) return { lit: `M${x} ${top}${turn}`, rest: "" };
  const bend = points[stop]!.y;
  return { lit: stop > 0 ? `M${x} ${top}V${bend}` : "", rest: `M${x} ${bend}${turn}` };
}

/** octagon is the outline of a stop sign around a point. */
export function octagon(x: number, y: number, radius: number): string {
  const a = radius * 0.4142;
  const corners = [[-a, -radius], [a, -radius], [radius, -a], [radius, a], [a, radius], [-a, radius], [-radius, a], [-radius, -a]];
  return `M${corners.map(([dx, dy]) => `${(x + dx!).toFixed(1)} ${(y + dy!).toFixed(1)}`).join("L")}Z`;
}
