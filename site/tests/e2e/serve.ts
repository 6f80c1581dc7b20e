import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const top = new URL("../../..", import.meta.url).pathname;

/** The built site is served by the repository's own server, on a free port. */
export default async function serve(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "site-e2e-"));
  const program = join(folder, "serve");
  execFileSync("go", ["build", "-o", program, "./scripts/serve"], { cwd: top, stdio: "inherit" });
  const server = spawn(program, ["-dir", "site/dist", "-addr", "127.0.0.1:0"], { cwd: top, stdio: ["ignore", "pipe", "inherit"] });
  process.env.SITE = await new Promise<string>((resolve, reject) => {
    let said = "";
    server.stdout.on("data", (data: Buffer) => {
      said += data.toString();
      const found = /http:\/\/\S+/.exec(said);
      if (found) resolve(found[0]);
    });
    server.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return () => {
    server.removeAllListeners("exit");
    server.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  };
}
