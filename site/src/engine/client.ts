import type { CheckKind, Result } from "../contract/report.ts";

/** Op is one question of a call; the client gives it its id. */
export type Op =
  | { op: "about" }
  | { op: "library" | "facts"; text: string }
  | { op: "check"; text: string; kind: CheckKind }
  | { op: "evaluate" }
  /** check is the number of the further check whose steps are explained; without it they are the request's own. */
  | { op: "explain"; request: number; check?: number };

/** Question is what every operation has. */
export interface Question {
  op: string;
}

export type { Result };

/** Thread is what the client needs of a Worker. */
export interface Thread {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  onerror: ((event: unknown) => void) | null;
}

/** Status is what the page says about the engine. */
export type Status =
  | { state: "loading" }
  | { state: "ready" }
  /** stopped: an evaluation ran over the limit and was ended; the engine starts again. */
  | { state: "stopped"; milliseconds: number }
  | { state: "failed"; message: string };

/** Superseded is the reason when a newer call of the same lane took the place of this one. */
export class Superseded extends Error {}

/** Stopped is the reason when a call ran over the time limit. */
export class Stopped extends Error {}

export interface Timers {
  set(run: () => void, milliseconds: number): unknown;
  clear(timer: unknown): void;
}

export interface Options {
  /** limit is how long one call may take, in milliseconds. */
  limit?: number;
  /** boot is how long the program may take to start once its bytes are here, in milliseconds. */
  boot?: number;
  timers?: Timers;
  onstatus?: (status: Status) => void;
}

interface Call<O, R> {
  id: number;
  lane: string;
  scenario: string | undefined;
  ops: O[];
  resolve: (results: R[]) => void;
  reject: (reason: Error) => void;
}

const clock: Timers = { set: (run, ms) => setTimeout(run, ms), clear: (timer) => clearTimeout(timer as number) };
const tries = 3;

/**
 * Client asks the engine in its thread. One call runs at a time. A waiting call is replaced by a newer one of the same lane.
 * A call over the time limit ends the thread; a new one is started and goes on with what waits.
 * Invariant: every call is answered or rejected exactly once.
 */
export class Client<O extends Question = Op, R = Result> {
  private thread: Thread | null = null;
  private ready = false;
  private running: Call<O, R> | null = null;
  private waiting: Call<O, R>[] = [];
  private timer: unknown = null;
  private next = 1;
  private failures = 0;
  /** prepared are the operations that every new engine is given first, by name. */
  private readonly prepared = new Map<string, O>();
  /** sent is the scenario that the engine holds; the same one is not sent again. */
  private sent: string | undefined;
  private readonly limit: number;
  private readonly boot: number;
  private readonly timers: Timers;
  private readonly onstatus: (status: Status) => void;

  constructor(
    private readonly spawn: () => Thread,
    options: Options = {},
  ) {
    this.limit = options.limit ?? 3000;
    this.boot = options.boot ?? 15_000;
    this.timers = options.timers ?? clock;
    this.onstatus = options.onstatus ?? (() => {});
    this.start();
  }

  /** ask sends a batch about a scenario. The results come in the order of the questions. */
  ask(lane: string, scenario: string | undefined, ops: O[]): Promise<R[]> {
    return new Promise((resolve, reject) => {
      for (const old of this.waiting.filter((c) => c.lane === lane)) old.reject(new Superseded("superseded"));
      this.waiting = this.waiting.filter((c) => c.lane !== lane);
      this.waiting.push({ id: this.next++, lane, scenario, ops, resolve, reject });
      if (!this.thread) this.retry();
      this.pump();
    });
  }

  /** prepare gives the engine what it keeps between calls, now and after every new start. A later one of the same name takes its place; one of another name comes after it. */
  prepare(op: O, name = op.op): Promise<R[]> {
    this.prepared.set(name, op);
    return this.ask(name, undefined, [op]);
  }

  /** retry starts the engine again after it failed. */
  retry(): void {
    if (this.thread) return;
    this.failures = 0;
    this.start();
  }

  private start(): void {
    this.onstatus({ state: "loading" });
    this.ready = false;
    this.sent = undefined;
    const thread = this.spawn();
    this.thread = thread;
    thread.onmessage = (event) => {
      if (thread === this.thread) this.receive(event.data as { state?: string; message?: string; id?: number; text?: string });
    };
    thread.onerror = () => {
      if (thread === this.thread) this.fail("the engine's thread could not be started");
    };
  }

  private receive(data: { state?: string; message?: string; id?: number; text?: string }): void {
    if (data.state === "loaded") this.timer = this.timers.set(() => this.fail("the engine did not start in time"), this.boot);
    else if (data.state === "ready") this.up();
    else if (data.state === "failed") this.fail(data.message ?? "the engine failed");
    else if (data.id !== undefined && data.id === this.running?.id) this.settle(data.text ?? "");
  }

  private up(): void {
    this.timers.clear(this.timer);
    this.ready = true;
    this.onstatus({ state: "ready" });
    for (const [name, op] of [...this.prepared].reverse()) this.again(name, op);
    this.pump();
  }

  /** again puts what a new engine must be given first before all that waits. */
  private again(name: string, op: O): void {
    if (this.waiting.some((c) => c.lane === name)) return;
    const quiet = () => {};
    this.waiting.unshift({ id: this.next++, lane: name, scenario: undefined, ops: [op], resolve: quiet, reject: quiet });
  }

  private pump(): void {
    if (!this.ready || this.running || this.waiting.length === 0) return;
    const call = this.waiting.shift()!;
    this.running = call;
    const message: { api: 1; scenario?: string; ops: (O & { id: string })[] } = { api: 1, ops: call.ops.map((op, i) => ({ id: String(i), ...op })) };
    if (call.scenario !== undefined && call.scenario !== this.sent) message.scenario = this.sent = call.scenario;
    this.timer = this.timers.set(() => this.overrun(call), this.limit);
    this.thread!.postMessage({ id: call.id, text: JSON.stringify(message) });
  }

  private settle(text: string): void {
    const call = this.running!;
    this.timers.clear(this.timer);
    this.running = null;
    this.failures = 0;
    try {
      const answer = JSON.parse(text) as { ok: boolean; results?: R[]; error?: string };
      if (answer.ok && answer.results) call.resolve(answer.results);
      else {
        // Our own fault, caught by the bridge: what it holds can no longer be trusted.
        this.sent = undefined;
        call.reject(new Error(answer.error ?? "the engine gave no answer"));
      }
    } catch {
      call.reject(new Error("the engine's answer could not be read"));
    }
    this.pump();
  }

  private overrun(call: Call<O, R>): void {
    this.thread?.terminate();
    this.running = null;
    this.start();
    this.onstatus({ state: "stopped", milliseconds: this.limit });
    call.reject(new Stopped(`stopped after ${this.limit} ms`));
  }

  private fail(message: string): void {
    this.timers.clear(this.timer);
    this.thread?.terminate();
    this.thread = null;
    const running = this.running;
    this.running = null;
    running?.reject(new Error(message));
    if (++this.failures < tries) {
      this.start();
      return;
    }
    for (const call of this.waiting.splice(0)) call.reject(new Error(message));
    this.onstatus({ state: "failed", message });
  }
}
