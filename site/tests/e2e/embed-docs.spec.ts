import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Embed, expect, test } from "./host.ts";

const site = new URL("../..", import.meta.url).pathname;
const example = "https://playground.example/";
const mended = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "*"}]}';

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

/** documentation builds a page of documentation that embeds this playground, beside the packages of the site, and gives the folder. */
function documentation(generator: "vitepress" | "eleventy", base: string): { folder: string; built: string } {
  mkdirSync(join(site, "test-results"), { recursive: true });
  const folder = mkdtempSync(join(site, "test-results", `${generator}-`));
  cpSync(join(site, "tests/docs", generator), folder, { recursive: true });
  for (const file of files(folder)) writeFileSync(file, readFileSync(file, "utf8").replaceAll(example, process.env.SITE!).replaceAll(example.slice(0, -1), process.env.SITE!.slice(0, -1)));
  const built = join(folder, "built");
  const run = (name: string, ...args: string[]) => execFileSync(process.execPath, [join(site, "node_modules", name), ...args], { cwd: folder, stdio: "pipe", env: { ...process.env, NODE_ENV: "production" } });
  if (generator === "vitepress") run("vitepress/bin/vitepress.js", "build", ".", "--outDir", built, "--base", base);
  else run("@11ty/eleventy/cmd.cjs", "--input", ".", "--output", "built", "--quiet");
  return { folder, built };
}

for (const [generator, first, second] of [
  ["vitepress", { policy: "the policy of the page", answer: "Allowed" }, { policy: "the link", answer: "Denied" }],
  ["eleventy", { policy: "the scenario inside", answer: "Denied" }, { policy: "the policy of the page", answer: "Allowed" }],
] as const) {
  test(`a page of ${generator} answers, can be edited, and asks nobody but the playground`, async ({ page, pages, noticed }) => {
    test.setTimeout(240_000);
    const base = `/built/${pages.mounted}/`;
    const { folder, built } = documentation(generator, base);
    await page.goto(pages.mount(built));
    const [one, two] = [new Embed(page, 0), new Embed(page, 1)];
    await expect(one.start).toBeVisible();
    await one.start.click();
    await two.start.click();
    await expect(one.answer).toHaveText(`Answer: ${first.answer}`);
    await expect(two.answer).toHaveText(`Answer: ${second.answer}`);
    const denied = first.answer === "Denied" ? one : two;
    await denied.replace(mended);
    await expect(denied.answer).toHaveText("Answer: Allowed");

    await page.locator("iframe").scrollIntoViewIfNeeded();
    await expect(new Embed(page.frameLocator("iframe")).answer).toHaveText("Answer: Allowed");
    // One engine for the page and one for the frame.
    expect(page.workers()).toHaveLength(2);
    await expect.poll(() => page.locator("iframe").evaluate((e) => (e as HTMLIFrameElement).height)).not.toBe("480");

    // Not as a script of the page: its policy would refuse it.
    await page.evaluate(readFileSync(join(site, "node_modules/axe-core/axe.min.js"), "utf8"));
    const found = await page.evaluate(() => (window as any).axe.run("iam-playground", { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    expect(found.violations.map((v: any) => `${v.id}: ${v.nodes.map((n: any) => n.target.join(" ")).join(", ")}`)).toEqual([]);
    expect(noticed).toEqual([]);
    rmSync(folder, { recursive: true });
  });
}

test("what the pages embed still opens and meets its expectations", () => {
  const said = execFileSync("go", ["run", "./scripts/iamplay", "check-links", "site/tests/docs"], { cwd: join(site, ".."), encoding: "utf8" });
  expect(said).toContain("✓ site/tests/docs/vitepress/index.md");
  expect(said).toContain("✓ site/tests/docs/eleventy/index.md");
});
