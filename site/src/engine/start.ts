import { Client, type Options, type Thread } from "./client.ts";
import { scriptURL } from "./trusted.ts";
import workerUrl from "./worker.ts?worker&url";

/** type: browsers fetch modules as from another origin where the page is a file, and its own blob is one then. */
const type = import.meta.env.MODE === "single" ? "classic" : "module";

/** startEngine runs the engine in a Web Worker of its own. */
export function startEngine(options: Options): Client {
  return new Client(() => new Worker(scriptURL(workerUrl), { type, name: "engine" }) as Thread, options);
}
