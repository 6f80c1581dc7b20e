/** Snapshot is everything that undo brings back: the scenario's text and the texts being typed that are not JSON yet. */
export interface Snapshot {
  text: string;
  drafts: ReadonlyMap<string, string>;
}

export interface State extends Snapshot {
  /** label says what made the state: "typed in ReadReports", "attached AmazonS3FullAccess". */
  label: string;
  /** when is the time of the last change that went into the state, in milliseconds. */
  when: number;
}

/** History is a line of states and the place on it. */
export interface History {
  states: State[];
  at: number;
}

/** limit is how many states a history keeps. */
export const limit = 100;

/** pause is how long typing must rest, in milliseconds, before it begins a new state. */
export const pause = 800;

export function begin(text: string, when: number, label = "opened"): History {
  return { states: [{ text, drafts: new Map(), label, when }], at: 0 };
}

export function current(history: History): State {
  return history.states[history.at]!;
}

/** same says whether two snapshots hold the same texts. */
export function same(a: Snapshot, b: Snapshot): boolean {
  return a.text === b.text && a.drafts.size === b.drafts.size && [...a.drafts].every(([k, v]) => b.drafts.get(k) === v);
}

/**
 * push adds a state and forgets those that were undone. With merge it replaces the newest state when that has the same label
 * and is younger than pause, so that a word typed in one go is one step; the first state is never replaced.
 */
export function push(history: History, state: State, merge: boolean): History {
  const now = current(history);
  if (same(now, state)) return history;
  const kept = history.states.slice(0, history.at + 1);
  if (merge && history.at > 0 && now.label === state.label && state.when - now.when < pause) kept.pop();
  kept.push(state);
  const states = kept.slice(-limit);
  return { states, at: states.length - 1 };
}

export function undo(history: History): History {
  return { ...history, at: Math.max(0, history.at - 1) };
}

export function redo(history: History): History {
  return { ...history, at: Math.min(history.states.length - 1, history.at + 1) };
}

/** restore makes an older state the newest one, so that restoring can itself be undone. */
export function restore(history: History, index: number, when: number): History {
  const old = history.states[index];
  return old ? push(history, { ...old, when, label: "restored an earlier state" }, false) : history;
}
