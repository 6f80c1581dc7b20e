import { longest } from "./import.ts";

/** largest is how many bytes of a file are looked at. */
export const largest = 4 * longest;

/**
 * readBlob reads a file as text: UTF-8, or UTF-16 as PowerShell writes it, and out of gzip as CloudTrail stores it. It throws an Error with
 * a message for the user when the file is too large.
 */
export async function readBlob(blob: Blob): Promise<string> {
  const tooLarge = (found: string) => new Error(`found ${found}, expected at most ${longest / 1e6} million characters; import a part of it`);
  if (blob.size > largest) throw tooLarge(`a file of ${(blob.size / 1e6).toFixed(0)} MB`);
  const start = new Uint8Array(await blob.slice(0, 3).arrayBuffer());
  let stream = blob.stream() as ReadableStream<Uint8Array<ArrayBuffer>>;
  let encoding = start[0] === 0xff && start[1] === 0xfe ? "utf-16le" : start[0] === 0xfe && start[1] === 0xff ? "utf-16be" : "utf-8";
  const zipped = start[0] === 0x1f && start[1] === 0x8b;
  if (zipped) {
    stream = stream.pipeThrough(new DecompressionStream("gzip"));
    encoding = "utf-8";
  }
  const decoder = new TextDecoder(encoding);
  const parts: string[] = [];
  let refused: Error | null = null;
  let length = 0;
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const part = decoder.decode(value, { stream: !done });
      parts.push(part);
      length += part.length;
      if (length > longest) throw (refused = tooLarge(`more than ${longest / 1e6} million characters`));
      if (done) return parts.join("");
    }
  } catch (error) {
    if (zipped && error !== refused) throw new Error("found a gzip file that is damaged or cut off, expected a whole one");
    throw error;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
