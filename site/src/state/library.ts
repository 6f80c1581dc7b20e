/** ManagedEntry is one of AWS's managed policies in the list of all. */
export interface ManagedEntry {
  name: string;
  arn: string;
  /** path is the group that AWS put it in: "/", "/service-role/", … */
  path: string;
  version: string;
  /** date is the day of AWS's last change, "2026-08-26". */
  date: string;
  /** curated says that its text is among those that are at hand. */
  curated: boolean;
}

/** ManagedIndex lists all of AWS's managed policies. */
export interface ManagedIndex {
  /** date is the day of the newest change among all. */
  date: string;
  /** bytes is the size of the file with the text of all that are not curated; packed is about what is fetched of it. */
  bytes: number;
  packed: number;
  policies: ManagedEntry[];
}

/** ManagedPolicy is one of AWS's policies with its text. */
export interface ManagedPolicy extends Omit<ManagedEntry, "curated"> {
  /** text is the document as the engine counts positions in it. */
  text: string;
}

/** Library is a file of AWS's policies with their texts. */
export interface Library {
  text: string;
  date: string;
  policies: Map<string, ManagedPolicy>;
}

/** readLibrary reads a file of policies. */
export function readLibrary(text: string): Library {
  const read = JSON.parse(text) as { date: string; policies: (Omit<ManagedPolicy, "text"> & { document: unknown })[] };
  return { text, date: read.date, policies: new Map(read.policies.map(({ document, ...p }) => [p.arn, { ...p, text: JSON.stringify(document, null, 2) }])) };
}

/** libraryOf writes a file of one policy, with its text as it is. */
export function libraryOf(date: string, { text, ...policy }: ManagedPolicy): string {
  return `{"date":${JSON.stringify(date)},"policies":[${JSON.stringify(policy).slice(0, -1)},"document":${text}}]}`;
}

/** Keeping is what is known of the file with all policies. session: the browser does not keep it, so it lasts as long as the page. */
export type Keeping = { state: "no" | "yes" | "session" } | { state: "fetching"; bytes: number } | { state: "failed"; message: string };
