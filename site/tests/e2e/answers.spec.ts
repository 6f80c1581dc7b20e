import { expect, test } from "./page.ts";

// Nothing here is about being offline, and fetching the whole site for every page takes its time.
test.use({ serviceWorkers: "block" });

test("the first visit opens a tutorial with every request answered", async ({ playground, page }) => {
  await playground.open();
  await expect(page.locator("#story-title")).toContainText("Ali and the EC2 role");
  const marks = page.locator("#world .requests li .mark");
  await expect(marks).toHaveCount(19);
  await expect(playground.request(/Step 1:/)).toContainText("Denied:");
  await expect(playground.request(/Step 3:/)).toContainText("Allowed:");
  await expect(playground.answer).toContainText("is not authorized to perform: s3:CreateBucket on resource: arn:aws:s3:::my-example-bucket because no identity-based policy allows the s3:CreateBucket action");
  await expect(playground.answer).toContainText("as expected");
});

test("an edit in the editor changes the answer", async ({ playground, page }) => {
  await playground.open("#new");
  await expect(playground.word).toContainText("Allowed");
  await playground.tab(/ReadReports/);
  await playground.view("JSON");
  const word = playground.code.getByText('"s3:GetObject"').first();
  await word.dblclick();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+End");
  await page.keyboard.type('"Action": ["s3:PutObject"],');
  await expect(playground.word).toContainText("Denied");
  await expect(playground.code).toContainText("does not cover s3:GetObject");
});

test("broken text keeps the last good answer, marked, and is kept over a reload", async ({ playground, page }) => {
  await playground.open("#new");
  await playground.tab(/ReadReports/);
  await playground.view("Plain text");
  const good = await playground.plain.inputValue();
  await playground.plain.fill(good.replace('"Effect": "Allow",', '"Effect": "Allow"'));
  await expect(playground.answer).toContainText("from before the syntax error at line 7 of ReadReports");
  await expect(playground.word).toContainText("Allowed");
  await expect(playground.editor.getByRole("tab", { name: /ReadReports/ })).toContainText("not JSON yet");
  await page.getByRole("button", { name: /^Problems/ }).click();
  await expect(page.locator("#tests")).toContainText("line 7");
  await expect(page.locator("header")).not.toContainText("keeping");
  await page.reload();
  await playground.answered();
  await expect(playground.plain).toHaveValue(good.replace('"Effect": "Allow",', '"Effect": "Allow"'));
  await expect(playground.answer).toContainText("from before the syntax error at line 7");
  await playground.plain.fill(good);
  await expect(playground.answer).not.toContainText("from before");
});

test("every change can be undone and done again, typed or made in a form", async ({ playground, page }) => {
  await playground.open("#new");
  const before = await playground.whole();
  await playground.change((s) => (s.requests[0].action = "s3:DeleteObject"));
  await expect(playground.word).toContainText("Denied");
  await page.getByRole("button", { name: /Add a request/ }).click();
  await expect(page.locator("#world .requests li")).toHaveCount(2);
  const undo = page.getByRole("button", { name: /^Undo/ });
  await undo.click();
  await expect(page.locator("#world .requests li")).toHaveCount(1);
  await undo.click();
  await expect(playground.word).toContainText("Allowed");
  expect(await playground.whole()).toBe(before);
  await page.getByRole("button", { name: /^Redo/ }).click();
  await expect(playground.word).toContainText("Denied");
});

test("a step and the text that it is about point at each other", async ({ playground, page }) => {
  await playground.open("#new");
  await playground.tab(/ReadReports/);
  await playground.view("JSON");
  const statement = page.locator(".why").getByRole("button", { name: "Read", exact: true });
  await statement.hover();
  await expect(playground.editor.locator(".active-span").first()).toBeVisible();
  await page.locator("header").hover();
  await expect(playground.editor.locator(".active-span")).toHaveCount(0);
  await statement.click();
  await expect(playground.editor.locator(".active-span").first()).toBeVisible();
  await playground.code.getByText('"Effect"').first().hover();
  await expect(page.locator(".why .active").first()).toBeVisible();
});

test("an answer is kept as the expectation, and a later change fails it", async ({ playground, page }) => {
  await playground.open("#new");
  await page.getByRole("button", { name: "Keep as expectation" }).click();
  await expect(playground.answer).toContainText(/expected/);
  await playground.change((s) => (s.requests[0].action = "s3:DeleteObject"));
  await expect(playground.answer).toContainText("expected allowed, found implicitDeny");
  await expect(page.getByRole("button", { name: /^Tests/ })).toContainText(/1\s*not as expected/);
});

test("a change of the answer is announced once the typing rests", async ({ playground, page }) => {
  await playground.open("#new");
  await expect(page.getByRole("status").first()).toContainText("allowed");
  await playground.change((s) => (s.requests[0].action = "s3:DeleteObject"));
  await expect(page.getByRole("status").first()).toContainText("now denied, was allowed");
});

test("several scenarios stand side by side", async ({ playground, page }) => {
  await playground.open("#new");
  await playground.change((s) => (s.title = "Mine"));
  await expect(page.locator("#story-title")).toContainText("Mine");
  await expect(page.locator("header")).not.toContainText("keeping");
  await page.goto(process.env.SITE! + "#example/basics/explicit-deny-wins");
  await expect(page.locator("#story-title")).not.toContainText("Mine");
  await page.locator("header").getByRole("button", { name: /explicit|deny/i }).first().click();
  await page.getByRole("menuitem", { name: /Mine/ }).click();
  await expect(page.locator("#story-title")).toContainText("Mine");
  expect(new URL(page.url()).hash).toBe("");
});

test("each check of a call has its name, its answer and its own steps", async ({ playground, page }) => {
  await playground.open("#example/pitfalls/each-check-has-its-own-tags");
  await expect(playground.word).toContainText("Denied");
  const steps = page.getByRole("region", { name: /^Step by step/ });
  await expect(steps).toContainText("does not match");
  await page.getByRole("button", { name: /^Show its steps.*the volume$/ }).press("Enter");
  await expect(page.getByRole("button", { name: "Step by step: the volume" })).toBeVisible();
  await expect(steps).toContainText("A Deny matches, in Stage");
  await page.getByRole("button", { name: /^Show the request’s own steps/ }).press("Enter");
  await expect(steps).toContainText("does not match");
  await playground.request(/Ursula tags both/).click();
  await expect(playground.word).toContainText("Allowed");
});
