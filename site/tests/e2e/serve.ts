import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const top = new URL("../../..", import.meta.url).pathname;

/** serveFolder serves a folder with the program of process.env.SERVE, on a free port, until it is stopped. */
export async function serveFolder(folder: string): Promise<{ address: string; stop(): Promise<void> }> {
  const server = spawn(process.env.SERVE!, ["-dir", folder, "-addr", "127.0.0.1:0"], { cwd: top, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => server.on("exit", resolve));
  const address = new Promise<string>((resolve) => {
    let said = "";
    server.stdout.on("data", (data: Buffer) => {
      said += data.toString();
      const found = /http:\/\/\S+/.exec(said);
      if (found) resolve(found[0]);
    });
  });
  const early = ended.then((code) => {
    throw new Error(`the server ended with ${code}`);
  });
  early.catch(() => {}); // at the end, it ends
  const stop = async () => {
    server.kill("SIGTERM");
    await ended;
  };
  return { address: await Promise.race([address, early]), stop };
}

/** The built site is served by the repository's own server, on a free port. */
export default async function serve(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "site-e2e-"));
  const program = join(folder, "serve");
  execFileSync("go", ["build", "-o", program, "./scripts/serve"], { cwd: top, stdio: "inherit" });
  process.env.SERVE = program;
  const server = await serveFolder("site/dist");
  process.env.SITE = server.address;
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
