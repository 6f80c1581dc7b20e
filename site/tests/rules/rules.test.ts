import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

const site = new URL("../..", import.meta.url).pathname;

function files(folder: string): string[] {
  return readdirSync(join(site, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? files(path) : [path];
  });
}

const sources = files("src")
  .filter((f) => /\.(ts|svelte|css)$/.test(f) && !f.startsWith("src/contract/"))
  .map((path) => ({ path, text: readFileSync(join(site, path), "utf8") }));

const specifiers = (text: string) => [...text.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\()["']([^"']+)["']|@import\s+["']([^"']+)["']|url\("(@[^"]+)"\)/g)].map((m) => (m[1] ?? m[2] ?? m[3])!);

/** owners says where each third-party package may be imported. */
const owners: Record<string, RegExp> = {
  svelte: /^src\/(main\.ts|editor\/Editor\.svelte|App\.svelte|embed\/.*|ui\/.*\.svelte|ui\/.*\.ts)$/,
  "bits-ui": /^src\/ui\/(Combobox|Dialog|Menu|Popover|Tabs|Tooltip)\.svelte$/,
  fflate: /^src\/state\/link\.ts$/,
  "lean-qr": /^src\/state\/qr\.ts$/,
  "jsonc-parser": /^src\/state\/tree\.ts$/,
  yaml: /^src\/import\/yaml\.ts$/,
  "@codemirror/": /^src\/editor\/(code|merge)\.ts$/,
  "@lezer/": /^src\/editor\/code\.ts$/,
  "@fontsource-variable/": /^src\/style\/fonts\.css$/,
};

test("each third-party package has one importer", () => {
  for (const { path, text } of sources) {
    for (const name of specifiers(text)) {
      if (name.startsWith(".") || name.startsWith("/")) continue;
      const owner = Object.keys(owners).find((o) => name === o || name.startsWith(o.endsWith("/") ? o : `${o}/`));
      assert.ok(owner && owners[owner]!.test(path), `${path} imports "${name}"`);
    }
  }
});

test("imports go down: the look knows no state, the state no page", () => {
  const layer = (path: string) => path.split("/")[1]!;
  const below: Record<string, string[]> = { ui: ["ui", "contract", "state", "import", "export"], state: ["state", "contract", "ui", "engine", "assets.ts"], engine: ["engine", "contract"], editor: ["editor", "state", "contract"], style: ["style"], import: ["import", "engine"], export: ["export", "import"] };
  for (const { path, text } of sources) {
    for (const name of specifiers(text)) {
      if (!name.startsWith(".") || name.includes("generated/") || !below[layer(path)]) continue;
      const target = relative(site, resolve(site, dirname(path), name));
      assert.ok(below[layer(path)]!.includes(layer(target)), `${path} imports ${target}`);
      if (layer(path) === "ui") assert.doesNotMatch(target, /\.svelte\.ts$/, `${path} imports the page's state`);
      if (layer(path) === "state" && layer(target) === "ui") assert.doesNotMatch(target, /\.svelte$/, `${path} imports a component`);
    }
  }
});

test("the state touches no document", () => {
  for (const { path, text } of sources) if (path.startsWith("src/state/")) assert.doesNotMatch(text, /\b(document|window|localStorage)\s*[.[]/, path);
});

test("text is text: nothing is made of markup, and no style is written as an attribute", () => {
  for (const { path, text } of sources) assert.doesNotMatch(text, /\{@html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\sstyle="/, path);
});

test("no address of another origin is loaded", () => {
  for (const { path, text } of sources) assert.doesNotMatch(text, /\b(src|fetch\(|url\(|import\()\s*=?\s*["'`]?https?:/, path);
});

test("dependencies are pinned to exact versions", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(site, "package.json"), "utf8")) as Record<string, Record<string, string>>;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) assert.match(version, /^(npm:[@\w./-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/, name);
});
