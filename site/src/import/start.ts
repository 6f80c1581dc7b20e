import { scriptURL } from "../engine/trusted.ts";
import { Importer, type Thread } from "./client.ts";
import workerUrl from "./importer.worker.ts?worker&url";

/** startImporter gives an importer whose thread begins with the first text. */
export function startImporter(): Importer {
  return new Importer(() => new Worker(scriptURL(workerUrl), { type: "module", name: "import" }) as Thread);
}
