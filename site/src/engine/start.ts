import { Client, type Options, type Thread } from "./client.ts";
import { scriptURL, threadType } from "./trusted.ts";
import workerUrl from "./worker.ts?worker&url";

/** startEngine runs the engine in a Web Worker of its own. */
export function startEngine(options: Options): Client {
  return new Client(() => new Worker(scriptURL(workerUrl), { type: threadType, name: "engine" }) as Thread, options);
}
