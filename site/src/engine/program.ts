import "../../generated/wasm_exec.js";
import { unpacked } from "./packed.ts";

declare const Go: new () => { importObject: WebAssembly.Imports; run(instance: WebAssembly.Instance): Promise<void> };

interface Global {
  iamplayground?: (input: Uint8Array) => Uint8Array;
  iamplaygroundReady?: () => void;
}

/** Scope is what the engine needs of the thread that it runs in. */
export interface Scope {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent<{ id: number; text: string }>) => void) | null;
}

const global = globalThis as Global;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function run(url: string, scope: Scope): Promise<void> {
  const go = new Go();
  const response = unpacked(await fetch(url));
  if (!response.ok) throw new Error(`the engine could not be fetched: status ${response.status}`);
  const typed = response.headers.get("content-type")?.startsWith("application/wasm");
  const { instance } = typed
    ? await WebAssembly.instantiateStreaming(response, go.importObject)
    : await WebAssembly.instantiate(await response.arrayBuffer(), go.importObject);
  scope.postMessage({ state: "loaded" });
  const ready = new Promise<void>((resolve) => (global.iamplaygroundReady = resolve));
  const exited = go.run(instance).then(() => {
    throw new Error("the engine ended by itself");
  });
  await Promise.race([ready, exited]);
  if (!global.iamplayground) throw new Error("the engine started without its function");
  scope.postMessage({ state: "ready" });
  await exited;
}

/**
 * serve loads the Go program from an address, once, and answers one call after another:
 * in  {id, text}        a call of the bridge as JSON
 * out {id, text}        its answer
 *     {state: "loaded"} the program's bytes are here, "ready" it answers
 *     {state: "failed", message}
 */
export function serve(url: string, scope: Scope): void {
  scope.onmessage = (event) => {
    const { id, text } = event.data;
    scope.postMessage({ id, text: decoder.decode(global.iamplayground!(encoder.encode(text))) });
  };
  run(url, scope).catch((error: unknown) => scope.postMessage({ state: "failed", message: error instanceof Error ? error.message : String(error) }));
}
