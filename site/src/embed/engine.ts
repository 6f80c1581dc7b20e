import { Client, type Thread } from "../engine/client.ts";
import type { Scope } from "../engine/program.ts";

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** Places are the addresses of what the engine is made of. */
export interface Places {
  engine: string;
  worker: string;
  library: string;
}

const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
let trusted: { createScriptURL(url: string): string } | undefined;

/** worker starts a worker at an address of ours: a file of the page's own origin, or a blob that this module made. */
function worker(url: string): Worker {
  trusted ??= types?.createPolicy("iam-playground-embed", { createScriptURL: (own) => own });
  return new Worker(trusted ? trusted.createScriptURL(url) : url, { name: "iam-playground" });
}

/** most is how much is asked at once of an engine that runs in the page itself, where nothing can stop it. */
const most = 100_000;

/**
 * Relay is the engine's thread in somebody's page. A worker cannot be made from the address of another origin, so its text is
 * fetched and started as a blob; where the page's policy refuses that, the engine runs in the page itself, for small scenarios.
 */
class Relay implements Thread {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  private to: { postMessage(message: unknown): void; terminate(): void } | null = null;
  private gone = false;

  constructor(private readonly at: Places) {
    void this.begin();
  }

  postMessage(message: unknown): void {
    this.to?.postMessage(message);
  }

  terminate(): void {
    this.gone = true;
    this.to?.terminate();
  }

  private async begin(): Promise<void> {
    try {
      const ways: (() => Promise<string>)[] = [];
      if (new URL(this.at.worker).origin === location.origin) ways.push(async () => this.at.worker);
      ways.push(async () => {
        const response = await fetch(this.at.worker);
        if (!response.ok) throw new Error(`status ${response.status}`);
        return URL.createObjectURL(new Blob([await response.text()], { type: "text/javascript" }));
      });
      for (const way of ways) {
        const url = await way();
        if (this.gone || (await this.work(url))) return;
      }
      if (!this.gone) await this.here();
    } catch (error) {
      this.onerror?.(error);
    }
  }

  /** work starts a worker; false when the page's policy does not let it. */
  private work(url: string): Promise<boolean> {
    return new Promise((resolve) => {
      try {
        const made = worker(url);
        this.to = made;
        made.onmessage = (event) => {
          resolve(true);
          this.onmessage?.(event);
        };
        made.onerror = (event) => {
          event.preventDefault();
          made.terminate();
          resolve(false);
        };
        made.postMessage({ engine: this.at.engine });
      } catch {
        resolve(false);
      }
    });
  }

  private async here(): Promise<void> {
    const { serve } = await import("../engine/program.ts");
    const scope: Scope = { onmessage: null, postMessage: (message) => setTimeout(() => this.gone || this.onmessage?.({ data: message })) };
    this.to = {
      postMessage: (message) => {
        const { id, text } = message as { id: number; text: string };
        if (text.length > most) scope.postMessage({ id, text: JSON.stringify({ api: 1, ok: false, error: `this page lets the engine run in no worker, where at most ${most} characters are answered: let worker-src allow blob:, or use the frame` }) });
        else setTimeout(() => this.gone || scope.onmessage?.({ data: { id, text } } as MessageEvent<{ id: number; text: string }>));
      },
      terminate() {},
    };
    serve(this.at.engine, scope);
  }
}

let client: Client | undefined;
let library: Promise<unknown> | undefined;

/** engine is the one that all embeds of the page share; it is started when it is first asked for. */
export function engine(at: Places): Client {
  client ??= new Client(() => new Relay(at), { boot: 30_000 });
  return client;
}

/** useLibrary gives the engine AWS's managed policies, once, for scenarios that name one. */
export function useLibrary(at: Places): Promise<unknown> {
  library ??= (async () => {
    const response = await fetch(at.library);
    if (!response.ok) throw new Error(`AWS's managed policies could not be fetched: status ${response.status}`);
    await engine(at).prepare({ op: "library", text: await response.text() });
  })().catch((error: unknown) => {
    library = undefined;
    throw error;
  });
  return library;
}
