import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "jsonc-parser";
import { Miniflare } from "miniflare";

export const top = new URL("../../..", import.meta.url).pathname;

/** Running is a server with its address, which ends in a slash. */
export interface Running {
  address: string;
  stop(): Promise<void>;
}

interface Config {
  main: string;
  compatibility_date: string;
  assets: { directory: string; binding: string; run_worker_first: string[] };
  kv_namespaces: { binding: string }[];
  ratelimits: { name: string; simple: { limit: number; period: 10 | 60 } }[];
}

/** startWorker runs the built Worker in workerd, as wrangler.jsonc says. */
export async function startWorker(): Promise<Running> {
  const file = join(top, "wasm/worker/wrangler.jsonc");
  const config = parse(readFileSync(file, "utf8")) as Config;
  const main = resolve(dirname(file), config.main);
  const miniflare = new Miniflare({
    cf: false,
    compatibilityDate: config.compatibility_date,
    modules: true,
    modulesRoot: dirname(main),
    scriptPath: main,
    modulesRules: [
      { type: "ESModule", include: ["**/*.mjs", "**/*.js"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    kvNamespaces: config.kv_namespaces.map((n) => n.binding),
    ratelimits: Object.fromEntries(config.ratelimits.map((r) => [r.name, { simple: r.simple }])),
    assets: {
      directory: resolve(dirname(file), config.assets.directory),
      binding: config.assets.binding,
      routerConfig: { has_user_worker: true, static_routing: { user_worker: config.assets.run_worker_first } },
    },
  });
  const address = (await miniflare.ready).href;
  return { address, stop: () => miniflare.dispose() };
}

/** startLocal runs the repository's own server with a folder for short links. */
export async function startLocal(): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "site-worker-"));
  const program = join(folder, "serve");
  execFileSync("go", ["build", "-o", program, "./scripts/serve"], { cwd: top, stdio: "inherit" });
  const server = spawn(program, ["-dir", "site/dist", "-addr", "127.0.0.1:0", "-store", join(folder, "links")], { cwd: top, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    server.stdout.on("data", (data: Buffer) => {
      const found = /http:\/\/\S+/.exec(data.toString());
      if (found) resolve(found[0]);
    });
    void ended.then(() => reject(new Error("the server ended")));
  });
  return {
    address,
    async stop() {
      server.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
