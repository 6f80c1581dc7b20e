// The engine's thread. It loads the Go program once and answers one call after another:
// in  {id, text}        a call of the bridge as JSON
// out {id, text}        its answer
//     {state: "loaded"} the program's bytes are here, "ready" it answers
//     {state: "failed", message}
import "../../generated/wasm_exec.js";
import wasmUrl from "../../generated/engine.wasm?url";

declare const Go: new () => { importObject: WebAssembly.Imports; run(instance: WebAssembly.Instance): Promise<void> };

interface Scope {
  iamplayground?: (input: Uint8Array) => Uint8Array;
  iamplaygroundReady?: () => void;
  postMessage(message: unknown): void;
  onmessage: (event: MessageEvent<{ id: number; text: string }>) => void;
}

const scope = self as unknown as Scope;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function boot(): Promise<void> {
  const go = new Go();
  const response = await fetch(wasmUrl);
  if (!response.ok) throw new Error(`the engine could not be fetched: status ${response.status}`);
  const typed = response.headers.get("content-type")?.startsWith("application/wasm");
  const { instance } = typed
    ? await WebAssembly.instantiateStreaming(response, go.importObject)
    : await WebAssembly.instantiate(await response.arrayBuffer(), go.importObject);
  scope.postMessage({ state: "loaded" });
  const ready = new Promise<void>((resolve) => (scope.iamplaygroundReady = resolve));
  const exited = go.run(instance).then(() => {
    throw new Error("the engine ended by itself");
  });
  await Promise.race([ready, exited]);
  if (!scope.iamplayground) throw new Error("the engine started without its function");
  scope.postMessage({ state: "ready" });
  await exited;
}

scope.onmessage = (event) => {
  const { id, text } = event.data;
  scope.postMessage({ id, text: decoder.decode(scope.iamplayground!(encoder.encode(text))) });
};

boot().catch((error: unknown) => scope.postMessage({ state: "failed", message: error instanceof Error ? error.message : String(error) }));
