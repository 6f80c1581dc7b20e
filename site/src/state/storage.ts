import type { History } from "./history.ts";

/** linked is the source of a scenario that came in a link. */
export const linked = "link";

/** Saved is a scenario as it is kept between visits. */
export interface Saved {
  id: string;
  title: string;
  /** source is the gallery path that it came from, linked for one from a link, "" for the user's own. */
  source: string;
  history: History;
  /** selected is the pointer of the open tab, request the index of the chosen request. */
  selected: string;
  request: number;
  updated: number;
}

/** Store keeps scenarios and a few settings. denied says that nothing outlives the page. */
export interface Store {
  readonly denied: boolean;
  list(): Promise<Saved[]>;
  save(saved: Saved): Promise<void>;
  remove(id: string): Promise<void>;
  setting(name: string): Promise<unknown>;
  set(name: string, value: unknown): Promise<void>;
}

/** kept is how many states of a history outlive the page. */
export const kept = 30;

/** room is how many characters of texts of one scenario outlive the page, besides the current state. */
export const room = 4_000_000;

/** trimmed cuts a history down to the current state and its neighbours: those before it first, then those after it. */
export function trimmed(history: History): History {
  let left = room;
  let from = history.at;
  let to = history.at + 1;
  const fits = (index: number) => {
    const state = history.states[index];
    if (!state || to - from >= kept) return false;
    left -= state.text.length + [...state.drafts.values()].reduce((sum, d) => sum + d.length, 0);
    return left >= 0;
  };
  while (fits(from - 1)) from--;
  while (fits(to)) to++;
  return { states: history.states.slice(from, to), at: history.at - from };
}

/** memoryStore forgets everything with the page; it stands in where the browser keeps nothing. */
export function memoryStore(): Store {
  const saved = new Map<string, Saved>();
  const settings = new Map<string, unknown>();
  return {
    denied: true,
    list: () => Promise.resolve([...saved.values()]),
    save: (s) => Promise.resolve(void saved.set(s.id, s)),
    remove: (id) => Promise.resolve(void saved.delete(id)),
    setting: (name) => Promise.resolve(settings.get(name)),
    set: (name, value) => Promise.resolve(void settings.set(name, value)),
  };
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("storage failed"));
  });
}

/** openStore opens the browser's database, or a store in memory when the browser denies it. */
export async function openStore(open: () => IDBFactory): Promise<Store> {
  let db: IDBDatabase;
  try {
    const request = open().open("iam-playground", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("scenarios", { keyPath: "id" });
      request.result.createObjectStore("settings");
    };
    db = await done(request);
  } catch {
    return memoryStore();
  }
  const table = (name: string, mode: IDBTransactionMode) => db.transaction(name, mode).objectStore(name);
  return {
    denied: false,
    list: () => done(table("scenarios", "readonly").getAll() as IDBRequest<Saved[]>),
    save: async (s) => void (await done(table("scenarios", "readwrite").put({ ...s, history: trimmed(s.history) }))),
    remove: async (id) => void (await done(table("scenarios", "readwrite").delete(id))),
    setting: (name) => done(table("settings", "readonly").get(name)),
    set: async (name, value) => void (await done(table("settings", "readwrite").put(value, name))),
  };
}
