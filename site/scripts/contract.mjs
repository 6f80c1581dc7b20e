// Writes src/contract/*.ts from the schemas beside the Go that writes the documents. A schema that is not there leaves its file alone.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/contract");
const contracts = [
  ["../../engine/schema/scenario.v1.schema.json", "scenario.ts", "Scenario"],
  ["../../engine/report/report.schema.json", "report.ts", "Report"],
  ["../../wasm/author/author.schema.json", "author.ts", "Author"],
];

mkdirSync(out, { recursive: true });
for (const [schema, file, name] of contracts) {
  const path = join(here, schema);
  if (!existsSync(path)) continue;
  const text = await compile(JSON.parse(readFileSync(path, "utf8")), name, {
    bannerComment: `// Generated from ${schema.replaceAll("../", "")}. Do not edit.`,
    additionalProperties: false,
    unreachableDefinitions: true,
    style: { printWidth: 160 },
  });
  const target = join(out, file);
  if (!existsSync(target) || readFileSync(target, "utf8") !== text) writeFileSync(target, text);
}
