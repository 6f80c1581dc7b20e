import { readdirSync, readFileSync } from "node:fs";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin, type UserConfig } from "vite";
import { embedPolicy } from "./csp.ts";

// The embeds are built after the site, whose engine and library they share, in several runs: "parts" are the modules that are
// loaded late; "worker" is the engine's thread; "element", "frame" and "host" are scripts of one file each, which know the names of the others.

const out = "dist/embed";

/** asset finds a file of the site by the beginning and the end of its name. */
function asset(start: string, end: string): string {
  const found = readdirSync("dist/assets").filter((name) => name.startsWith(start) && name.endsWith(end));
  if (found.length !== 1) throw new Error(`found ${found.length} files dist/assets/${start}…${end}, expected one: build the site first`);
  return `../assets/${found[0]}`;
}

/** byContainer makes what components say about the width of the window a matter of their own width. */
const byContainer: Plugin = {
  name: "by-container",
  generateBundle(_, bundle) {
    for (const [name, file] of Object.entries(bundle)) {
      // The picture of a select's arrow, which embeds do not have.
      if (name.endsWith(".svg")) delete bundle[name];
      if (file.type === "asset" && file.fileName.endsWith(".css")) file.source = String(file.source).replaceAll(/@media\s*\((max|min)-width/g, "@container ($1-width").replaceAll(/@media\s*\(width/g, "@container (width");
    }
  },
};

const common: UserConfig = { base: "./", publicDir: false };
// light-dark() stays: it follows the page around, where what it would be compiled to follows the system.
const build = { target: "es2022", cssTarget: ["chrome123", "firefox120", "safari17.5"], outDir: out, assetsInlineLimit: 0, modulePreload: { polyfill: false } };

function parts(): UserConfig {
  return {
    ...common,
    plugins: [svelte(), byContainer],
    build: {
      ...build,
      manifest: true,
      emptyOutDir: true,
      rollupOptions: { input: "src/embed/view.ts", preserveEntrySignatures: "exports-only" },
    },
  };
}

/** names are those of the parts, as the run before wrote them. */
function names(): Record<string, string> {
  const manifest = JSON.parse(readFileSync(`${out}/.vite/manifest.json`, "utf8")) as Record<string, { file: string; css?: string[] }>;
  const view = manifest["src/embed/view.ts"]!;
  const worker = readdirSync(`${out}/assets`).find((name) => name.startsWith("worker-"));
  return { view: view.file, style: view.css![0]!, worker: `assets/${worker}`, engine: asset("engine-", ".wasm"), library: asset("curated-", ".json") };
}

function script(entry: string, name: string, plugins: Plugin[] = [], define = {}): UserConfig {
  return {
    ...common,
    plugins,
    define,
    build: { ...build, emptyOutDir: false, rollupOptions: { input: entry, output: { format: "iife", entryFileNames: name } } },
  };
}

/** page writes the page for frames, with its policy. */
const page: Plugin = {
  name: "embed-page",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "index.html", source: readFileSync("embed/index.html", "utf8").replace("%POLICY%", embedPolicy) });
  },
};

export default defineConfig(({ mode }) => {
  if (mode === "parts") return parts();
  if (mode === "worker") return script("src/embed/worker.ts", "assets/worker-[hash].js");
  const known = { __PARTS__: JSON.stringify(names()) };
  if (mode === "element") return script("src/embed/element.ts", "iam-playground.js", [], known);
  if (mode === "frame") return script("src/embed/frame.ts", "frame.js", [page], known);
  if (mode === "host") return script("src/embed/host.ts", "host.js");
  throw new Error(`found the mode "${mode}", expected parts, worker, element, frame or host`);
});
