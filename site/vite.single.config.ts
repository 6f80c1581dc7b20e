import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build, defineConfig, type Plugin, type Rollup } from "vite";
import { singlePolicy } from "./csp.ts";

// The playground in one file, which opens from disk: script, style, fonts, engine, data and gallery inside each other.

const target = "es2022";

/** packed makes the addresses of data hold the data: as gzip, which the page unpacks (src/engine/packed.ts). */
const packed: Plugin = {
  name: "packed",
  enforce: "pre",
  load(id) {
    const [path, query] = id.split("?");
    if (query !== "url" || !/\.(json|txt|wasm)$/.test(path!)) return undefined;
    return `export default ${JSON.stringify(`data:application/gzip;base64,${gzipSync(readFileSync(path!), { level: 9 }).toString("base64")}`)};`;
  },
};

/** thread makes the address of the engine's thread that of a blob, with the whole script of it. */
const thread: Plugin = {
  name: "thread",
  enforce: "pre",
  async load(id) {
    const [path, query] = id.split("?");
    if (query !== "worker&url") return undefined;
    const output = await build({
      configFile: false,
      logLevel: "warn",
      publicDir: false,
      plugins: [packed],
      build: { target, write: false, modulePreload: { polyfill: false }, rollupOptions: { input: path!, output: { format: "iife" } } },
    });
    const { code } = (output as Rollup.RollupOutput).output[0];
    return `export default URL.createObjectURL(new Blob([${JSON.stringify(code)}], { type: "text/javascript" }));`;
  },
};

const hash = (text: string) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

/** oneFile puts all that was built into the page. */
const oneFile: Plugin = {
  name: "one-file",
  enforce: "post",
  generateBundle(_, bundle) {
    const files = Object.values(bundle);
    const page = files.find((f) => f.fileName === "index.html") as Rollup.OutputAsset;
    const scripts = files.filter((f) => f.type === "chunk");
    const styles = files.filter((f) => f.type === "asset" && f.fileName.endsWith(".css")) as Rollup.OutputAsset[];
    const left = files.filter((f) => f !== page && f.type === "asset" && !f.fileName.endsWith(".css"));
    if (scripts.length !== 1 || styles.length !== 1 || left.length > 0) throw new Error(`found ${files.map((f) => f.fileName).join(", ")}; expected a page, a script and a style`);
    // What would end the element, or begin a comment in it, is spelled another way; it stands in strings only.
    const script = scripts[0]!.code.replace(/<(?=\/script|!--|script)/gi, "\\x3c");
    const style = String(styles[0]!.source);
    if (/<\/style/i.test(style)) throw new Error("the style ends its element");
    const icon = `data:image/svg+xml;base64,${readFileSync("public/icon.svg").toString("base64")}`;
    const notices = readFileSync("public/THIRD_PARTY_NOTICES.txt", "utf8").replace(/-(?=-|!?>)/g, "\u2010");
    const source = String(page.source)
      .replace(/\s*<(script type="module"|link rel="(stylesheet|icon|preload|modulepreload)")[^>]*>(<\/script>)?/g, "")
      .replace(/\s*<noscript>.*?<\/noscript>/s, "<noscript><p>The playground is a program that runs in the page, so it needs JavaScript.</p></noscript>")
      .replace("<head>", () => `<head>\n    <meta http-equiv="Content-Security-Policy" content="${singlePolicy(hash(script), hash(style))}" />`)
      .replace("</head>", () => `<meta name="robots" content="noindex" />\n    <link rel="icon" href="${icon}" />\n    <style>${style}</style>\n  </head>`)
      .replace("</body>", () => `<script>${script}</script>\n  </body>`)
      .replace("</html>", () => `</html>\n<!--\n${notices}\n-->`);
    for (const f of files) delete bundle[f.fileName];
    this.emitFile({ type: "asset", fileName: "iam-playground.html", source });
  },
};

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [packed, thread, svelte(), oneFile],
  build: {
    target,
    outDir: "dist",
    emptyOutDir: false,
    assetsInlineLimit: (name) => basename(name) !== "index.html",
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    // A library asks whether there is an import.meta; in a script there is none.
    rollupOptions: { output: { format: "iife" }, checks: { emptyImportMeta: false, pluginTimings: false } },
  },
});
