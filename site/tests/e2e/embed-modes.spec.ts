import { execFileSync } from "node:child_process";
import { article, Embed, expect, inline, scenario, script, test } from "./host.ts";

const top = new URL("../../..", import.meta.url).pathname;
const denied = (s: any) => (s.requests[1].expect = "denied");
const mended = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": ["arn:aws:s3:::acme-reports", "arn:aws:s3:::acme-reports/*"]}]}';

/** trace is what the command line makes of a scenario. */
const trace = (text: string) => execFileSync("go", ["run", "./scripts/iamplay", "render", "--trace", "-"], { cwd: top, input: text, encoding: "utf8" });
const asJSON = (text: string) => text.replaceAll("<", "\\u003c");

test("static loads nothing more and leaves the page as it was made", async ({ page, pages, asked }) => {
  await page.goto(pages.put(article(inline('mode="static" loading="eager"', scenario()) + `<iam-playground mode="static" link="s=1.pl.e30"></iam-playground>` + script())));
  await expect(page.getByText("A page made before.")).toBeVisible();
  await expect(new Embed(page, 1).element.getByRole("link", { name: "Open in the playground" })).toHaveAttribute("href", `${process.env.SITE}#s=1.pl.e30`);
  await expect(new Embed(page).start).toHaveCount(0);
  expect(asked.filter((url) => url.startsWith(process.env.SITE!))).toHaveLength(1);
});

test.describe("trace", () => {
  test("a precomputed trace is shown without WebAssembly, until the reader edits", async ({ page, pages, asked, noticed }) => {
    const text = scenario(denied);
    const url = pages.put(trace(text), { "content-type": "application/json" });
    await page.goto(pages.put(article(inline(`mode="trace" trace="${url.slice(url.lastIndexOf("/"))}"`, text) + script())));
    const embed = new Embed(page);
    await embed.start.click();
    await expect(embed.answer).toHaveText("Answer: Allowed");
    await embed.element.getByRole("button", { name: /Ali reads/ }).click();
    await expect(embed.answer).toHaveText("Answer: Denied");
    await expect(embed.element.getByRole("list", { name: "The steps in AWS’s order" })).toContainText("stopped here");
    await expect(embed.element.locator(".excerpt")).toContainText("✕");
    expect(asked.filter((one) => /wasm|worker|engine/.test(one))).toEqual([]);
    await embed.element.getByRole("button", { name: "Edit the policies" }).click();
    await embed.replace(mended);
    await expect(embed.answer).toHaveText("Answer: Allowed");
    expect(asked.filter((one) => one.endsWith(".wasm"))).toHaveLength(1);
    expect(noticed).toEqual([]);
  });

  test("a trace may stand inside the element, or be the source", async ({ page, pages, asked }) => {
    const made = trace(scenario(denied));
    const url = pages.put(made);
    await page.goto(pages.put(article(`<iam-playground mode="trace" loading="eager"><script type="application/json" class="trace">${asJSON(made)}</script></iam-playground><iam-playground mode="trace" loading="visible" request="Ali reads" src="${url}"></iam-playground>${script()}`)));
    await expect(new Embed(page, 0).answer).toHaveText("Answer: Allowed");
    await expect(new Embed(page, 1).answer).toHaveText("Answer: Denied");
    expect(asked.filter((one) => /wasm|worker|engine/.test(one))).toEqual([]);
  });

  test("a trace of another scenario is refused", async ({ page, pages }) => {
    await page.goto(pages.put(article(`<iam-playground mode="trace" loading="eager"><script type="application/json">${asJSON(scenario())}</script><script type="application/json" class="trace">${asJSON(trace(scenario(denied)))}</script></iam-playground>${script()}`)));
    await expect(new Embed(page).element.getByRole("alert")).toContainText("a trace of another scenario");
  });

  test("without a trace, the engine is loaded on the click", async ({ page, pages }) => {
    await page.goto(pages.put(article(inline('mode="trace" focus="identity"', scenario()) + script())));
    const embed = new Embed(page);
    await embed.start.click();
    await expect(embed.answer).toHaveText("Answer: Allowed");
    await expect(embed.element.getByRole("button", { name: /^Identity-based policies/ })).toHaveAttribute("aria-expanded", "true");
  });
});

test.describe("quiz", () => {
  test("the answer comes after the reader's own, and all right ones solve it", async ({ page, pages }) => {
    await page.goto(pages.put(article(`<script>addEventListener("iam-solved", (e) => (window.solved = e.detail))</script>${inline('mode="quiz"', scenario(denied))}${script()}`)));
    const embed = new Embed(page);
    await embed.start.click();
    await expect(embed.element.getByText("What will AWS answer?")).toBeVisible();
    await expect(embed.answer).toHaveCount(0);
    await expect(embed.element).not.toContainText("grants the permission");
    await embed.element.getByRole("button", { name: "Denied" }).click();
    await expect(embed.element.getByText("Not quite.")).toBeVisible();
    await expect(embed.answer).toHaveText("Answer: Allowed");
    await embed.element.getByRole("button", { name: "Start over" }).click();
    for (const word of ["Allowed", "Denied"]) {
      await expect(embed.answer).toHaveCount(0);
      await embed.element.getByRole("group", { name: "Your answer" }).getByRole("button", { name: word }).click();
      await expect(embed.element.getByText("Right.")).toBeVisible();
      const next = embed.element.getByRole("button", { name: "Next request" });
      if (word === "Allowed") await next.click();
    }
    await expect(embed.element).toContainText("2 of 2 right");
    expect(await page.evaluate(() => (window as any).solved)).toEqual({ requests: 2 });
  });

  test("with something to edit, the expectations are goals", async ({ page, pages }) => {
    await page.goto(pages.put(article(`<script>addEventListener("iam-solved", (e) => (window.solved = e.detail))</script>${inline('mode="quiz" editable="ReadReports"', scenario())}${script()}`)));
    const embed = new Embed(page);
    await embed.start.click();
    await expect(embed.element.getByText("1 of 2 goals met")).toBeVisible();
    await embed.replace(mended);
    await expect(embed.element.getByRole("heading", { name: "Solved" })).toBeVisible();
    expect(await page.evaluate(() => (window as any).solved)).toEqual({ requests: 2 });
  });
});

test("compare lists the requests whose answers differ, and the others on demand", async ({ page, pages, noticed }) => {
  const before = scenario();
  const after = scenario((s) => (s.accounts["111122223333"].policies.ReadReports.Statement[0].Resource = "arn:aws:s3:::acme-reports*"));
  const url = pages.put(before);
  await page.goto(pages.put(article(`<iam-playground mode="compare"><script type="application/json" data-version="before">${before}</script><script type="application/json" data-version="after">${after}</script></iam-playground><iam-playground mode="compare" loading="eager" before="${url}" src="${url}"></iam-playground>${script()}`)));
  const embed = new Embed(page);
  await embed.start.click();
  await expect(embed.element.getByText("1 answer of 2 requests differs.")).toBeVisible();
  const row = embed.element.getByRole("row", { name: /Ali reads/ });
  await expect(row).toContainText("Denied");
  await expect(row).toContainText("Allowed");
  await row.getByRole("button").click();
  await expect(embed.element).toContainText("no identity-based policy allows");
  await expect(embed.element.getByRole("row", { name: /Ali lists/ })).toHaveCount(0);
  await embed.element.getByRole("button", { name: /stays the same/ }).click();
  await expect(embed.element.getByRole("row", { name: /Ali lists/ })).toBeVisible();
  await expect(new Embed(page, 1).element.getByText("No answer differs.")).toBeVisible();
  expect(noticed).toEqual([]);
});
