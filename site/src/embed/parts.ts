/** Modes are the ways in which an embed shows its scenario. */
export const modes = ["static", "trace", "interactive", "quiz", "compare"] as const;
export type Mode = (typeof modes)[number];

/** regions are what show and hide name. */
export const regions = ["title", "requests", "sentence", "answer", "steps", "nearest", "policies", "statements", "notes", "open"] as const;
export type Region = (typeof regions)[number];

/** Settings are what an element's attributes say, with the defaults filled in. */
export interface Settings {
  mode: Mode;
  /** request is the name, the number or the words of a request; "" for the first. */
  request: string;
  /** focus is a step, a Sid or a pointer to bring into view. */
  focus: string;
  editable: string[];
  show: string[];
  hide: string[];
  headingLevel: number;
  storage: boolean;
  /** expose says that the page around is given the scenario's text. */
  expose: boolean;
}

/** Source is where the scenario is: one of its members is set. */
export interface Source {
  /** texts are a scenario or a trace each; two are what was before and what is after. */
  texts?: string[];
  links?: string[];
  urls?: string[];
  /** trace is the text of a precomputed trace of the scenario, traceUrl its address. */
  trace?: string;
  traceUrl?: string;
}

/** Result is the detail of "iam-result". */
export interface Result {
  request: string;
  decision: string;
  /** stage is what decided, "" for what no step did. */
  stage: string;
  /** scenario is there with expose="scenario" alone. */
  scenario?: string;
}

/** Host is what the parts of an embed that are loaded late need of the element. */
export interface Host {
  /** root is where editors find their style sheets, target where everything is put. */
  target: HTMLElement;
  /** base is the address of the folder embed/ of the playground; engine, worker and library are files in or beside it. */
  base: string;
  engine: string;
  worker: string;
  library: string;
  source: Source;
  settings: Settings;
  /** key is what an edited scenario is kept under, with storage="local". */
  key: string;
  say(change: string): void;
  emit(event: { name: "iam-result"; detail: Result } | { name: "iam-solved"; detail: { requests: number } } | { name: "iam-error"; detail: { message: string } }): void;
}

/** View is a scenario that is shown. */
export interface View {
  /** select shows a request by its name, its number or its place; false when there is no such request. */
  select(request: string): boolean;
  run(): Promise<void>;
  reset(): void;
  scenario(): string;
  close(): void;
}

/** Parts is the module that shows scenarios. */
export interface Parts {
  open(host: Host): Promise<View>;
  /** style is the part of the look that every embed shares. */
  style: string;
}
