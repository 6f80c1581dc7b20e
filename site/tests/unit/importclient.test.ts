import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { readBlob } from "../../src/import/bytes.ts";
import { Canceled, Importer, type Ask, type Reply, type Thread } from "../../src/import/client.ts";

/** Fake is a thread that a test answers for. */
class Fake implements Thread {
  asked: Ask[] = [];
  ended = false;
  onmessage: ((event: { data: Reply }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  postMessage(ask: Ask): void {
    this.asked.push(ask);
  }
  terminate(): void {
    this.ended = true;
  }
  answer(reply: Reply): void {
    this.onmessage?.({ data: reply });
  }
}

const result = { preview: { text: "x" }, merged: null } as never;
const quiet = () => {};

function start(): { importer: Importer; threads: Fake[] } {
  const threads: Fake[] = [];
  const importer = new Importer(() => {
    const thread = new Fake();
    threads.push(thread);
    return thread;
  });
  return { importer, threads };
}

test("no thread is started before there is something to read, and one serves one reading after the other", async () => {
  const { importer, threads } = start();
  assert.equal(threads.length, 0);
  const first = importer.read("a", "", "", "", quiet);
  threads[0]!.answer({ id: 1, result });
  assert.equal(await first, result);
  const second = importer.again("name", "", quiet)!;
  threads[0]!.answer({ id: 2, result });
  await second;
  assert.deepEqual(threads.map((t) => t.asked.map((a) => a.op)), [["read", "again"]]);
});

test("a newer source ends the reading of the older one, with its thread", async () => {
  const { importer, threads } = start();
  const first = importer.read("a", "", "", "", quiet);
  const second = importer.read("b", "", "", "", quiet);
  await assert.rejects(first, Canceled);
  assert.ok(threads[0]!.ended);
  threads[0]!.answer({ id: 1, result });
  threads[1]!.answer({ id: 2, result });
  assert.equal(await second, result);
});

test("progress is told, and a canceled reading says nothing more", async () => {
  const { importer, threads } = start();
  const told: number[] = [];
  const reading = importer.read("a", "", "", "", (_, part) => told.push(part));
  threads[0]!.answer({ id: 1, what: "reading", part: 0.5 });
  importer.stop();
  threads[0]!.answer({ id: 1, what: "reading", part: 0.9 });
  await assert.rejects(reading, Canceled);
  assert.deepEqual(told, [0.5]);
  assert.equal(importer.again("", "", quiet), null);
});

test("a thread that fails says so, and the next reading has a new one", async () => {
  const { importer, threads } = start();
  const first = importer.read("a", "", "", "", quiet);
  threads[0]!.onerror?.({});
  await assert.rejects(first, /could not be started/);
  const second = importer.read("b", "", "", "", quiet);
  threads[1]!.answer({ id: 2, error: "found nothing" });
  await assert.rejects(second, /found nothing/);
});

test("files are read as UTF-8, as UTF-16 and out of gzip", async () => {
  const text = '{"é": "😀"}';
  for (const part of [Buffer.from(text), Buffer.from("\ufeff" + text), Buffer.from("\ufeff" + text, "utf16le"), gzipSync(text)]) assert.equal(await readBlob(new Blob([part])), text);
  const swapped = Buffer.from("\ufeff" + text, "utf16le").swap16();
  assert.equal(await readBlob(new Blob([swapped])), text);
});

test("a gzip file that is cut off or holds too much is refused", async () => {
  await assert.rejects(readBlob(new Blob([gzipSync("x".repeat(100_000)).subarray(0, 60)])), /damaged or cut off/);
  await assert.rejects(readBlob(new Blob([gzipSync("x".repeat(33_000_000))])), /found more than 32 million characters, expected at most 32 million/);
});
