// The importers' own thread, so that large input never stops the page.
// in  {id, op: "read", source: text or Blob, filename, only, open}   {id, op: "again", only, open} reads the last source once more
// out {id, what, part}     how far it is
//     {id, result}         {preview, merged}
//     {id, error}
import { readBlob } from "./bytes.ts";
import type { Ask, Reply } from "./client.ts";
import { importText } from "./import.ts";
import { merge } from "./merge.ts";

const scope = self as unknown as { postMessage(reply: Reply): void; onmessage: (event: MessageEvent<Ask>) => void };
let last = { text: "", filename: "" };

async function answer(ask: Ask): Promise<void> {
  const { id } = ask;
  try {
    if (ask.op === "read") {
      scope.postMessage({ id, what: "opening", part: 0 });
      last = { text: typeof ask.source === "string" ? ask.source : await readBlob(ask.source), filename: ask.filename };
    }
    const preview = importText(last.text, { filename: last.filename, only: ask.only, progress: (what, part) => scope.postMessage({ id, what, part }) });
    const merged = preview.text ? merge(ask.open, preview.text, preview.assumed) : null;
    scope.postMessage({ id, result: { preview, merged } });
  } catch (error) {
    scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

scope.onmessage = (event) => void answer(event.data);
