import { expect, test, type Playground } from "./page.ts";

// Nothing here is about being offline, and fetching the whole site for every page takes its time.
test.use({ serviceWorkers: "block" });

const list = (p: Playground) => p.editor.locator(".cm-tooltip-autocomplete");
const option = (p: Playground, name: string) => list(p).getByRole("option").filter({ has: p.page.locator(".cm-completionLabel", { hasText: new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) }) });

/** begin opens a fresh policy in the rich editor, once the author is there. */
async function begin(p: Playground): Promise<void> {
  await p.open("#new");
  await p.tab(/ReadReports/);
  await p.view("JSON");
  await expect(p.page.locator("footer")).toContainText(/catalogue of \d{4}-\d\d-\d\d/);
}

/** write replaces the policy's text and leaves the cursor at the bar. */
async function write(p: Playground, text: string): Promise<void> {
  const bar = text.indexOf("|");
  await p.code.press("Control+a");
  await p.page.keyboard.insertText(text.replace("|", ""));
  await p.code.press("Control+Home");
  for (let i = 0; i < bar; i++) await p.code.press("ArrowRight");
}

test("a statement is written from proposals, with the keyboard alone", async ({ playground, page }) => {
  await begin(playground);
  await write(playground, '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": |}]}');
  await page.keyboard.type('"s3:');
  await expect(option(playground, "s3:GetObject")).toContainText("Read");
  await page.keyboard.type("GetObje");
  await expect(option(playground, "s3:GetObject")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(playground.code).toContainText('"Action": "s3:GetObject"');
  await page.keyboard.type(', "Res');
  await expect(option(playground, "Resource")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(option(playground, "arn:aws:s3:::acme-reports/*")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Escape");
  await expect(list(playground)).toBeHidden();
  await page.keyboard.press("Tab");
  await expect(playground.code).not.toBeFocused();
});

test("a service leads on to its actions", async ({ playground, page }) => {
  await begin(playground);
  await write(playground, '{"Statement": [{"Action": "|"}]}');
  await page.keyboard.type("dynamod");
  await expect(option(playground, "dynamodb:")).toContainText("DynamoDB");
  await page.keyboard.press("Enter");
  await expect(option(playground, "dynamodb:BatchGetItem")).toBeVisible();
});

test("a word is explained by pointing and by key: a wildcard with all that it covers", async ({ playground, page }) => {
  await begin(playground);
  await write(playground, '{"Statement": [{"Action": "s3:Get|*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}');
  await page.keyboard.press("F1");
  const note = playground.editor.locator(".word-note");
  await expect(note).toContainText(/covers \d+ of \d+ actions of Amazon S3/);
  await expect(note).toContainText("GetObject");
  await page.keyboard.press("Escape");
  await expect(note).toBeHidden();
  await playground.code.getByText('"aws:SecureTransport"').hover();
  await expect(note).toContainText("type: Bool");
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true });

  test("suggestions and explanations open by buttons", async ({ playground, page }) => {
    await playground.open("#new");
    await page.getByRole("navigation").getByRole("button", { name: /Policies/ }).tap();
    await playground.tab(/ReadReports/);
    await playground.view("JSON");
    await playground.code.tap();
    await expect(async () => {
      await playground.code.getByText('"Effect"').first().tap();
      await playground.editor.getByRole("button", { name: "Explain" }).tap();
      await expect(playground.editor.locator(".word-note")).toBeVisible({ timeout: 500 });
    }).toPass();
    await playground.code.getByText('"Allow"').first().tap();
    await playground.editor.getByRole("button", { name: "Suggest" }).tap();
    await expect(option(playground, "Deny")).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});

test("a finding is explained and mended, by button and by key, and that can be undone", async ({ playground, page }) => {
  await begin(playground);
  await write(playground, '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObj|cet", "Resource": "arn:aws:s3:::acme-reports/*"}]}');
  const strip = page.getByRole("region", { name: "Tests and problems" });
  await strip.getByRole("button", { name: /^Problems/ }).click();
  const finding = strip.getByRole("listitem").filter({ hasText: "s3:GetObjcet" });
  await expect(finding).toContainText("is not an action in the catalogue of");
  await finding.getByRole("button", { name: /s3:GetObject/ }).last().click();
  await expect(playground.code).toContainText('"s3:GetObject"');
  await expect(finding).toHaveCount(0);
  await page.getByRole("button", { name: /^Undo/ }).click();
  await expect(playground.code).toContainText('"s3:GetObjcet"');
  await expect(finding).toHaveCount(1);
  await playground.code.focus();
  await page.keyboard.press("Control+.");
  await expect(playground.code).toContainText('"s3:GetObject"');
});

test("AWS's limits are shown as meters", async ({ playground, page }) => {
  await begin(playground);
  const strip = page.getByRole("region", { name: "Tests and problems" });
  await strip.getByRole("button", { name: /^Problems/ }).click();
  await strip.getByText(/^AWS's limits/).click();
  await expect(strip.getByRole("meter", { name: /characters/ }).first()).toBeVisible();
});
