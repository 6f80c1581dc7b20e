import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Stopped, Superseded, type Op, type Status, type Thread } from "../../src/engine/client.ts";

/** A bench is a client with threads and a clock that the test moves by hand. */
class Bench {
  threads: FakeThread[] = [];
  timers = new Map<number, { run: () => void; at: number }>();
  now = 0;
  next = 1;
  statuses: Status[] = [];
  client: Client;

  constructor() {
    this.client = new Client(
      () => {
        const thread = new FakeThread();
        this.threads.push(thread);
        return thread;
      },
      {
        limit: 1000,
        boot: 5000,
        onstatus: (s) => this.statuses.push(s),
        timers: {
          set: (run, ms) => {
            this.timers.set(this.next, { run, at: this.now + ms });
            return this.next++;
          },
          clear: (timer) => void this.timers.delete(timer as number),
        },
      },
    );
  }

  get thread(): FakeThread {
    return this.threads.at(-1)!;
  }

  pass(ms: number): void {
    this.now += ms;
    for (const [id, timer] of [...this.timers]) {
      if (timer.at > this.now) continue;
      this.timers.delete(id);
      timer.run();
    }
  }

  up(): void {
    this.thread.say({ state: "loaded" });
    this.thread.say({ state: "ready" });
  }
}

class FakeThread implements Thread {
  sent: { id: number; text: string }[] = [];
  ended = false;
  onmessage: Thread["onmessage"] = null;
  onerror: Thread["onerror"] = null;

  postMessage(message: unknown): void {
    this.sent.push(message as { id: number; text: string });
  }

  terminate(): void {
    this.ended = true;
  }

  say(data: unknown): void {
    this.onmessage?.({ data });
  }

  get last(): { scenario?: string; ops: (Op & { id: string })[] } {
    return JSON.parse(this.sent.at(-1)!.text) as { scenario?: string; ops: (Op & { id: string })[] };
  }

  answer(results: unknown[] = []): void {
    this.say({ id: this.sent.at(-1)!.id, text: JSON.stringify({ api: 1, ok: true, results }) });
  }
}

const evaluate: Op[] = [{ op: "evaluate" }];

test("nothing is sent before the engine is ready, then one call at a time", async () => {
  const b = new Bench();
  const first = b.client.ask("answer", "one", evaluate);
  const second = b.client.ask("check", undefined, [{ op: "about" }]);
  assert.equal(b.thread.sent.length, 0);
  b.up();
  assert.equal(b.thread.sent.length, 1);
  assert.equal(b.thread.last.scenario, "one");
  b.thread.answer(["a"]);
  assert.deepEqual(await first, ["a"]);
  assert.equal(b.thread.sent.length, 2);
  b.thread.answer(["b"]);
  assert.deepEqual(await second, ["b"]);
});

test("the newest waiting call of a lane takes the place of the older ones", async () => {
  const b = new Bench();
  b.up();
  const running = b.client.ask("answer", "1", evaluate);
  const old = b.client.ask("answer", "2", evaluate);
  const newest = b.client.ask("answer", "3", evaluate);
  await assert.rejects(old, Superseded);
  b.thread.answer();
  await running;
  assert.equal(b.thread.last.scenario, "3");
  b.thread.answer();
  await newest;
});

test("a scenario that the engine holds is not sent again", async () => {
  const b = new Bench();
  b.up();
  void b.client.ask("answer", "same", evaluate);
  b.thread.answer();
  void b.client.ask("answer", "same", evaluate);
  assert.equal(b.thread.last.scenario, undefined);
});

test("a call over the limit is stopped, and a new engine goes on with the scenario sent anew", async () => {
  const b = new Bench();
  b.up();
  const slow = b.client.ask("answer", "text", evaluate);
  b.pass(1000);
  await assert.rejects(slow, Stopped);
  assert.equal(b.threads.length, 2);
  assert.equal(b.threads[0]!.ended, true);
  assert.equal(b.statuses.at(-1)!.state, "stopped");
  const next = b.client.ask("answer", "text", evaluate);
  b.up();
  assert.equal(b.thread.last.scenario, "text");
  b.thread.answer(["x"]);
  assert.deepEqual(await next, ["x"]);
});

test("an answer of a stopped thread is not listened to", async () => {
  const b = new Bench();
  b.up();
  const slow = b.client.ask("answer", "text", evaluate);
  b.pass(1000);
  await assert.rejects(slow, Stopped);
  const next = b.client.ask("answer", "text", evaluate);
  b.up();
  b.threads[0]!.answer(["old"]);
  b.thread.answer(["new"]);
  assert.deepEqual(await next, ["new"]);
});

test("the library comes back after a new start, before anything else", async () => {
  const b = new Bench();
  b.up();
  const loaded = b.client.prepare({ op: "library", text: "{}" });
  b.thread.answer();
  await loaded;
  const slow = b.client.ask("answer", "text", evaluate);
  b.pass(1000);
  await assert.rejects(slow, Stopped);
  void b.client.ask("answer", "text", evaluate);
  b.up();
  assert.equal(b.thread.last.ops[0]!.op, "library");
  b.thread.answer();
  assert.equal(b.thread.last.ops[0]!.op, "evaluate");
});

test("what was prepared under names of its own comes back in its order; what took another's place comes back alone", async () => {
  const b = new Bench();
  b.up();
  for (const [text, name] of [["{}", undefined], ["1", "library a"], ["2", "library b"], ["3", "library a"]] as const) {
    const loaded = b.client.prepare({ op: "library", text }, name);
    b.thread.answer();
    await loaded;
  }
  const slow = b.client.ask("answer", "text", evaluate);
  b.pass(1000);
  await assert.rejects(slow, Stopped);
  b.up();
  const back: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    back.push((b.thread.last.ops[0] as { text?: string }).text);
    b.thread.answer();
  }
  assert.deepEqual(back, ["{}", "3", "2"]);
});

test("an engine that ends is started again twice, then the failure is said", async () => {
  const b = new Bench();
  const call = b.client.ask("answer", "text", evaluate);
  for (let i = 0; i < 3; i++) b.thread.say({ state: "failed", message: "the engine ended by itself" });
  await assert.rejects(call, /ended by itself/);
  assert.equal(b.threads.length, 3);
  assert.deepEqual(b.statuses.at(-1), { state: "failed", message: "the engine ended by itself" });
});

test("an engine whose bytes are here must be ready in time; a slow network may take its time", () => {
  const b = new Bench();
  b.pass(60_000);
  assert.equal(b.threads.length, 1);
  b.thread.say({ state: "loaded" });
  b.pass(5000);
  assert.equal(b.threads.length, 2);
});

test("asking again after a failure starts the engine", async () => {
  const b = new Bench();
  for (let i = 0; i < 3; i++) b.thread.onerror?.({});
  const call = b.client.ask("answer", "text", evaluate);
  b.up();
  b.thread.answer(["x"]);
  assert.deepEqual(await call, ["x"]);
});

test("an answer that is our own fault is an error, and the scenario is sent again", async () => {
  const b = new Bench();
  b.up();
  const call = b.client.ask("answer", "text", evaluate);
  b.thread.say({ id: b.thread.sent.at(-1)!.id, text: '{"api":1,"ok":false,"error":"broken"}' });
  await assert.rejects(call, /broken/);
  void b.client.ask("answer", "text", evaluate);
  assert.equal(b.thread.last.scenario, "text");
});
