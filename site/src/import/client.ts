import type { Import } from "./import.ts";
import type { Merge } from "./merge.ts";

/** Ask is what the importers' thread is asked. open is the open scenario, for what adding would do. */
export type Ask = { id: number; op: "read"; source: string | Blob; filename: string; only: string; open: string } | { id: number; op: "again"; only: string; open: string };

/** Result is what was made of a source, and what adding it to the open scenario would give. */
export interface Result {
  preview: Import;
  merged: Merge | null;
}

export type Reply = { id: number; what: string; part: number } | { id: number; result: Result } | { id: number; error: string };

/** Thread is what the client needs of a Worker. */
export interface Thread {
  postMessage(ask: Ask): void;
  terminate(): void;
  onmessage: ((event: { data: Reply }) => void) | null;
  onerror: ((event: unknown) => void) | null;
}

/** Canceled is the reason when a newer question or the user ended a reading. */
export class Canceled extends Error {}

/**
 * Importer reads in a thread of its own. One source at a time: a newer one ends the reading before it, with its thread, since a thread
 * that is reading listens to nobody.
 */
export class Importer {
  private thread: Thread | null = null;
  private running: { id: number; progress: (what: string, part: number) => void; resolve: (result: Result) => void; reject: (reason: Error) => void } | null = null;
  private next = 1;

  constructor(private readonly spawn: () => Thread) {}

  /** read imports a text or a file. */
  read(source: string | Blob, filename: string, only: string, open: string, progress: (what: string, part: number) => void): Promise<Result> {
    this.stop();
    return this.ask({ id: this.next++, op: "read", source, filename, only, open }, progress);
  }

  /** again imports the last source once more, with another choice of names. */
  again(only: string, open: string, progress: (what: string, part: number) => void): Promise<Result> | null {
    if (this.running || !this.thread) return null;
    return this.ask({ id: this.next++, op: "again", only, open }, progress);
  }

  /** stop ends what is being read. */
  stop(): void {
    if (!this.running) return;
    this.end(new Canceled("canceled"));
  }

  private ask(ask: Ask, progress: (what: string, part: number) => void): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.running = { id: ask.id, progress, resolve, reject };
      if (!this.thread) {
        const thread = this.spawn();
        this.thread = thread;
        thread.onmessage = ({ data }) => thread === this.thread && this.receive(data);
        thread.onerror = () => thread === this.thread && this.end(new Error("the importer's thread could not be started"));
      }
      this.thread.postMessage(ask);
    });
  }

  private receive(reply: Reply): void {
    const running = this.running;
    if (!running || reply.id !== running.id) return;
    if ("what" in reply) running.progress(reply.what, reply.part);
    else {
      this.running = null;
      if ("result" in reply) running.resolve(reply.result);
      else running.reject(new Error(reply.error));
    }
  }

  private end(reason: Error): void {
    this.thread?.terminate();
    this.thread = null;
    const running = this.running;
    this.running = null;
    running?.reject(reason);
  }
}
