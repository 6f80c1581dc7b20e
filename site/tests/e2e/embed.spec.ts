import { article, Embed, expect, inline, scenario, script, test } from "./host.ts";

const policy = (resource: string) => `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": ${resource}}]}`;
const both = '["arn:aws:s3:::acme-reports", "arn:aws:s3:::acme-reports/*"]';
/** strict is the policy of a page that allows nothing but itself, the playground and its engine. */
const strict = () => ({
  "content-security-policy": `default-src 'none'; script-src ${process.env.SITE} 'wasm-unsafe-eval'; style-src 'self'; connect-src ${process.env.SITE}; worker-src blob:; img-src data:; require-trusted-types-for 'script'`,
});

test.describe("interactive", () => {
  test("nothing but one small script is loaded before the click, and the fallback is readable", async ({ page, pages, noticed, asked }) => {
    await page.goto(pages.put(script() + article(inline("", scenario()))));
    const embed = new Embed(page);
    await expect(embed.start).toHaveText("Try it");
    await expect(page.getByText("A page made before.")).toBeVisible();
    expect(asked.filter((url) => url.startsWith(process.env.SITE!))).toEqual([`${process.env.SITE}embed/iam-playground.js`]);
    await embed.start.click();
    await expect(embed.answer).toHaveText("Answer: Allowed");
    await expect(page.getByText("A page made before.")).toBeHidden();
    expect(asked.some((url) => url.endsWith(".wasm"))).toBe(true);
    expect(noticed).toEqual([]);
  });

  test("a strict policy of the page without inline styles holds, and an edit changes the decision", async ({ page, pages, noticed }) => {
    await page.goto(pages.put(article(inline('request="Ali reads"', scenario()) + script()), strict()));
    const embed = new Embed(page);
    await embed.start.click();
    await expect(embed.answer).toHaveText("Answer: Denied");
    await embed.replace(policy(both));
    await expect(embed.answer).toHaveText("Answer: Allowed");
    await expect(embed.element.getByRole("status")).toHaveText("Ali reads: now allowed, was denied");
    await expect(embed.code).toBeFocused();
    await embed.element.getByRole("button", { name: "Start over" }).click();
    await expect(embed.answer).toHaveText("Answer: Denied");
    await expect(embed.code).toContainText("List");
    expect(noticed).toEqual([]);
  });

  test("where workers are refused, the engine runs in the page", async ({ page, pages }) => {
    await page.goto(pages.put(article(inline("", scenario()) + script()), { "content-security-policy": strict()["content-security-policy"].replace("blob:", "'none'") }));
    const embed = new Embed(page);
    await embed.start.click();
    await expect(embed.answer).toHaveText("Answer: Allowed");
    expect(page.workers()).toHaveLength(0);
  });

  test("where WebAssembly is refused, the fallback stays and an error says so", async ({ page, pages }) => {
    await page.goto(pages.put(article(inline("", scenario()) + script()), { "content-security-policy": strict()["content-security-policy"].replace(" 'wasm-unsafe-eval'", "") }));
    const embed = new Embed(page);
    await embed.start.click();
    await expect(embed.element.getByRole("alert")).toContainText("WebAssembly");
    await expect(page.getByText("A page made before.")).toBeVisible();
    await expect(embed.start).toBeEnabled();
  });

  test("several on a page share one engine", async ({ page, pages, asked }) => {
    await page.goto(pages.put(article(inline("", scenario()) + inline('request="1"', scenario()) + inline("loading=eager", scenario((s) => (s.requests[0].action = "s3:DeleteBucket"))) + script())));
    for (const nth of [0, 1]) await new Embed(page, nth).start.click();
    await expect(new Embed(page, 0).answer).toHaveText("Answer: Allowed");
    await expect(new Embed(page, 1).answer).toHaveText("Answer: Denied");
    await expect(new Embed(page, 2).answer).toHaveText("Answer: Denied");
    expect(page.workers()).toHaveLength(1);
    expect(asked.filter((url) => url.endsWith(".wasm"))).toHaveLength(1);
  });

  test("only what is named can be edited", async ({ page, pages }) => {
    const text = scenario((s) => (s.accounts["111122223333"].users.ali.inline = { More: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:Get*", Resource: "*" } } }));
    await page.goto(pages.put(article(inline('editable="More"', text) + script())));
    const embed = new Embed(page);
    await embed.start.click();
    await expect(embed.code).toContainText("s3:Get*");
    await embed.element.getByRole("button", { name: /^ReadReports/ }).click();
    await expect(embed.element.getByRole("group", { name: /^ReadReports/ })).toBeVisible();
    await expect(embed.code).toHaveCount(0);
  });

  test("opening in the playground carries the reader's edits", async ({ page, pages }) => {
    await page.goto(pages.put(article(inline("", scenario()) + script())));
    const embed = new Embed(page);
    await embed.start.click();
    await embed.replace(policy('"arn:aws:s3:::mine"'));
    await expect(embed.answer).toHaveText("Answer: Denied");
    const away = embed.element.getByRole("link", { name: /Open in the playground/ });
    expect(await away.getAttribute("rel")).toBe("noopener");
    const [opened] = await Promise.all([page.context().waitForEvent("page"), away.click()]);
    expect(opened.url()).toMatch(new RegExp(`^${process.env.SITE}#s=1\\.dd1\\.`));
    const link = opened.url().slice(opened.url().indexOf("#s="));
    await page.goto(pages.put(article(`<iam-playground link="${link}" loading="eager"></iam-playground>${script()}`)));
    await expect(embed.code).toContainText("arn:aws:s3:::mine");
  });

  test("attributes that change are followed, and an element that comes back works", async ({ page, pages }) => {
    await page.goto(pages.put(article(inline("loading=eager", scenario()) + script())));
    const embed = new Embed(page);
    await expect(embed.answer).toHaveText("Answer: Allowed");
    await embed.element.evaluate((e) => e.setAttribute("request", "Ali reads"));
    await expect(embed.answer).toHaveText("Answer: Denied");
    await embed.element.evaluate((e) => e.setAttribute("hide", "policies title"));
    await expect(embed.element.getByRole("heading", { name: "Ali can list but not read" })).toHaveCount(0);
    await expect(embed.answer).toHaveText("Answer: Denied");
    await embed.element.evaluate(async (e) => {
      const { parentNode } = e;
      e.remove();
      await new Promise((resolve) => setTimeout(resolve));
      parentNode!.append(e);
    });
    await expect(embed.answer).toHaveText("Answer: Denied");
  });

  test("events and methods are what the page has of it", async ({ page, pages }) => {
    await page.goto(pages.put(article(inline("", scenario()) + script())));
    await page.waitForFunction(() => customElements.get("iam-playground"));
    const told = await page.evaluate(async () => {
      const found: [string, unknown][] = [];
      for (const name of ["iam-ready", "iam-result"]) window.addEventListener(name, (event) => found.push([name, (event as CustomEvent).detail]));
      const element = document.querySelector("iam-playground") as HTMLElement & { run(): Promise<void>; getScenario(): string };
      const before = element.getScenario();
      await element.run();
      return { found, before, title: JSON.parse(element.getScenario()).title };
    });
    expect(told).toEqual({
      before: "",
      found: [
        ["iam-result", { request: "Ali lists", decision: "allowed", stage: "identity" }],
        ["iam-ready", { mode: "interactive" }],
      ],
      title: "Ali can list but not read",
    });
  });

  test("the scenario is told to the page only with expose, and then the reader knows", async ({ page, pages }) => {
    await page.goto(pages.put(article(`<script>addEventListener("iam-result", (e) => (window.told = e.detail))</script>${inline('expose="scenario"', scenario())}${script()}`)));
    const embed = new Embed(page);
    await embed.start.click();
    await expect(embed.element.getByText("is given what you type here")).toBeVisible();
    expect(await page.evaluate(() => (window as any).told.scenario)).toBe(scenario());
  });

  test("edits are kept only with storage, and a storage that is denied does no harm", async ({ page, pages }) => {
    const url = pages.put(article(inline('loading="eager" storage="local"', scenario()) + inline('loading="eager"', scenario()) + script()));
    await page.goto(url);
    for (const nth of [0, 1]) {
      await new Embed(page, nth).replace(policy('"*"'));
      await expect(new Embed(page, nth).code).toContainText('"*"');
    }
    await page.reload();
    await expect(new Embed(page, 0).code).toContainText('"Resource": "*"');
    await expect(new Embed(page, 1).code).toContainText("acme-reports");
    await page.addInitScript(() => Object.defineProperty(globalThis, "localStorage", { get: () => { throw new DOMException("denied", "SecurityError"); } }));
    await page.reload();
    await expect(new Embed(page, 0).answer).toHaveText("Answer: Allowed");
    await expect(new Embed(page, 0).code).toContainText("acme-reports");
  });

  test("what the page's author got wrong is said where it is", async ({ page, pages }) => {
    const cases: [string, string][] = [
      ['<iam-playground loading="eager"></iam-playground>', "found no scenario"],
      ['<pre><code>{"Version": 1}</code></pre><iam-playground loading="eager" request="who=ali on=x"></iam-playground>', "found no do="],
      ["<pre><code>not json</code></pre><iam-playground loading=eager request='who=ali do=s3:GetObject on=b/k'></iam-playground>", "is no JSON"],
      [`<iam-playground loading="eager" link="1.dd1.AAAA"></iam-playground>`, "its link is damaged"],
      [inline('loading="eager" request="Nobody"', scenario()), 'found request="Nobody"'],
      [inline('loading="eager" editable="Nothing"', scenario()), 'found editable="Nothing"'],
      [inline('loading="eager" mode="game"', scenario()), 'found mode="game", expected static'],
      [inline('loading="eager" show="everything"', scenario()), 'found show="everything", expected title'],
      ['<iam-playground loading="eager" src="/nothing.json"></iam-playground>', "status 404"],
      [inline('loading="eager" mode="compare"', scenario()), "found no two scenarios"],
    ];
    await page.goto(pages.put(article(cases.map(([html]) => `<section>${html}</section>`).join("") + script())));
    for (const [nth, [, said]] of cases.entries()) await expect(new Embed(page, nth).element.getByRole("alert")).toContainText(said);
  });

  test("a scenario with errors says where they are", async ({ page, pages }) => {
    await page.goto(pages.put(article(inline('loading="eager"', scenario((s) => (s.acounts = {}))) + script())));
    await expect(new Embed(page).element).toContainText(/line \d+, column \d+: .*"acounts"/);
  });
});

test.describe("adoption", () => {
  const blocks: Record<string, (code: string) => string> = {
    "a plain block": (code) => `<pre><code class="language-json">${code}</code></pre>`,
    "VitePress's block": (code) => `<div class="language-json vp-adaptive-theme line-numbers-mode"><button title="Copy Code" class="copy"></button><span class="lang">json</span><pre class="shiki"><code>${code.split("\n").map((line) => `<span class="line"><span>${line}</span></span>`).join("\n")}</code></pre><div class="line-numbers-wrapper" aria-hidden="true"><span>1</span><br></div></div>`,
    "Docusaurus's block": (code) => `<div class="language-json codeBlockContainer"><div><pre tabindex="0"><code>${code.split("\n").map((line) => `<span class="token-line">${line}<br></span>`).join("")}</code></pre><div><button type="button">Copy</button></div></div></div>`,
    "MkDocs's block": (code) => `<div class="highlight"><table><tr><td class="linenos"><div class="linenodiv"><pre><span>1</span></pre></div></td><td class="code"><div><pre><span></span><button class="md-clipboard">Copy</button><code>${code}</code></pre></div></td></tr></table></div>`,
    "a block inside a wrapper": (code) => `<figure><pre><code>${code}</code></pre></figure>`,
  };
  const code = JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "Mine", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-reports/*", Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } } }] }, null, 2);

  for (const [name, block] of Object.entries(blocks)) {
    test(`${name} before the element is its policy`, async ({ page, pages }) => {
      await page.goto(pages.put(article(`${block(code)}<p><iam-playground request="who=ali do=s3:GetObject on=acme-reports/q1.csv with aws:RequestedRegion=eu-west-1"></iam-playground></p>${script()}`)));
      const embed = new Embed(page);
      await expect(embed.element).toContainText("ali wants to s3:GetObject on acme-reports/q1.csv");
      await embed.start.click();
      await expect(embed.answer).toHaveText("Answer: Allowed");
      await expect(embed.code).toContainText('"Sid": "Mine"');
    });
  }

  test("a policy that names principals belongs to the resource", async ({ page, pages }) => {
    const text = JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::acme-reports/*" } });
    await page.goto(pages.put(article(`<pre>${text}</pre><iam-playground loading="eager" request='who="ali" do=s3:GetObject on=arn:aws:s3:::acme-reports/q1.csv'></iam-playground>${script()}`)));
    await expect(new Embed(page).answer).toHaveText("Answer: Denied");
    await expect(new Embed(page).element).toContainText("resource policy");
  });
});

test.describe("for every reader", () => {
  test("the keyboard reaches everything, leaves the editor with Tab, and can skip the playground", async ({ page, pages }) => {
    await page.goto(pages.put(article(`<a href="#a">before</a>${inline("", scenario())}<a href="#b">after</a>${script()}`)));
    const embed = new Embed(page);
    await expect(embed.start).toBeVisible();
    await page.getByText("before", { exact: true }).focus();
    await page.keyboard.press("Tab");
    const skip = embed.element.getByRole("button", { name: "Skip this playground" });
    await expect(skip).toBeFocused();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await expect(page.getByText("after", { exact: true })).toBeFocused();
    await embed.start.focus();
    await page.keyboard.press("Enter");
    await expect(embed.answer).toHaveText("Answer: Allowed");
    await expect(embed.element.getByRole("heading", { name: "Ali can list but not read" })).toBeFocused();
    await embed.code.focus();
    for (let i = 0; i < 12 && !(await page.getByText("after", { exact: true }).evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("Tab");
    await expect(page.getByText("after", { exact: true })).toBeFocused();
  });

  test("at 320 pixels nothing is wider than the page", async ({ page, pages }) => {
    await page.setViewportSize({ width: 320, height: 700 });
    for (const mode of ["interactive", "trace", "quiz", "compare"]) {
      const text = scenario((s) => (s.requests[0].name = "AVeryLongNameWithoutAnyPlaceToBreakItThatGoesOnAndOn"));
      const body = mode === "compare" ? `<iam-playground mode="compare" loading="eager">${["before", "after"].map((v) => `<script type="application/json" data-version="${v}">${v === "before" ? text : scenario()}</script>`).join("")}</iam-playground>` : inline(`mode="${mode}" loading="eager"`, text);
      await page.goto(pages.put(article(body + script(), "<style>body { margin: 0; }</style>")));
      await expect(new Embed(page).element.locator(".embed")).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    }
  });

  test("headings fit the page's outline, and axe finds nothing", async ({ page, pages }) => {
    await page.goto(pages.put(article(`<h3>Deeper</h3>${inline('heading-level="4" loading="eager"', scenario())}` + inline('heading-level="3" mode="quiz" loading="eager"', scenario()) + script())));
    await expect(new Embed(page).element.getByRole("heading", { level: 4, name: "Ali can list but not read" })).toBeVisible();
    await expect(new Embed(page).element.getByRole("heading", { level: 5, name: "Answer: Allowed" })).toBeVisible();
    await expect(new Embed(page, 1).element.getByText("What will AWS answer?")).toBeVisible();
    await page.addScriptTag({ path: new URL("../../node_modules/axe-core/axe.min.js", import.meta.url).pathname });
    const found = await page.evaluate(() => (window as any).axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    expect(found.violations.map((v: any) => `${v.id}: ${v.nodes.map((n: any) => n.target.join(" ")).join(", ")}`)).toEqual([]);
  });

  test("it takes the page's colours, or those that the attribute says", async ({ page, pages }) => {
    await page.goto(pages.put(article(inline('theme="dark"', scenario()) + inline("", scenario()) + script(), "<style>:root { color-scheme: light; }</style>")));
    const colour = (nth: number) => new Embed(page, nth).element.locator(".bar").evaluate((e) => getComputedStyle(e).backgroundColor);
    await expect.poll(() => colour(0)).toBe("rgb(27, 30, 36)");
    expect(await colour(1)).toBe("rgb(255, 255, 255)");
  });

  test("in a page from right to left, code runs from left to right", async ({ page, pages }) => {
    await page.goto(pages.put(article(inline('loading="eager"', scenario()) + script()).replace("<html", '<html dir="rtl"')));
    await expect(new Embed(page).code).toBeVisible();
    expect(await new Embed(page).code.evaluate((e) => getComputedStyle(e).direction)).toBe("ltr");
  });
});

test("hostile text is shown as text", async ({ page, pages, noticed }) => {
  const evil = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>';
  const text = scenario((s) => {
    s.title = evil;
    s.requests[0].name = evil;
    s.accounts["111122223333"].policies.ReadReports.Statement[0].Sid = evil;
    s.accounts["111122223333"].policies[evil] = s.accounts["111122223333"].policies.ReadReports;
    s.accounts["111122223333"].users.ali.policies.push(evil);
  });
  await page.goto(pages.put(article(inline('loading="eager"', text) + inline('loading="eager" mode="trace"', text) + script())));
  for (const nth of [0, 1]) await expect(new Embed(page, nth).element.getByRole("heading", { level: 3 }).first()).toHaveText(evil);
  expect(await page.evaluate(() => (window as any).hit)).toBeUndefined();
  expect(noticed).toEqual([]);
});

test("characters that are obeyed instead of shown are written as their codes", async ({ page, pages }) => {
  const text = scenario((s) => {
    s.title = "Ali\u202ereads";
    s.accounts["111122223333"].policies.ReadReports.Statement[0].Sid = "List\u200b";
  });
  await page.goto(pages.put(article(inline('loading="eager" mode="trace" show="title answer policies statements"', text) + script())));
  const embed = new Embed(page);
  await expect(embed.element.getByRole("heading", { name: "Ali\\u{202E}reads" })).toBeVisible();
  await expect(embed.element.locator(".excerpt")).toContainText('"List\\u{200B}"');
});
