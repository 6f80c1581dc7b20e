import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./page.ts";

// Nothing here is about being offline, and fetching the whole site for every page takes its time.
test.use({ serviceWorkers: "block" });

const axe = readFileSync(fileURLToPath(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url)), "utf8");
const fixture = (name: string) => readFileSync(new URL(`../unit/fixtures/import/${name}`, import.meta.url), "utf8");

const dialog = (page: Page): Locator => page.getByRole("dialog", { name: "Import" });
const box = (page: Page): Locator => dialog(page).getByLabel("Text", { exact: true });

async function open(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(box(page)).toBeVisible();
}

/** give drops a file, or pastes one, on an element as a browser does. */
async function give(page: Page, selector: string, kind: "drop" | "paste", name: string, text: string, file = true): Promise<void> {
  await page.evaluate(
    ({ selector, kind, name, text, file }) => {
      const data = new DataTransfer();
      if (file) data.items.add(new File([text], name));
      else data.setData("text/plain", text);
      const target = document.querySelector(selector)!;
      const init = { bubbles: true, cancelable: true };
      if (kind === "paste") return target.dispatchEvent(new ClipboardEvent("paste", { ...init, clipboardData: data }));
      target.dispatchEvent(new DragEvent("dragover", { ...init, dataTransfer: data }));
      target.dispatchEvent(new DragEvent("drop", { ...init, dataTransfer: data }));
    },
    { selector, kind, name, text, file },
  );
}

async function accessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await (window as any).axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations.flatMap((v: any) => v.nodes.map((n: any) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary}`));
  });
  expect(found).toEqual([]);
}

test("a message typed into the box is recognised as it is typed, and becomes a world with one open question", async ({ playground, page }) => {
  await playground.open();
  await open(page);
  await box(page).fill("User: arn:aws:iam::111122223333:user/mira is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::acme/q1.csv");
  await expect(dialog(page)).toContainText("Found an access denied message");
  await expect(dialog(page)).toContainText('the policies of the user "mira"');
  await box(page).press("End");
  await box(page).pressSequentially(" because no identity-based policy allows the s3:GetObject action");
  await dialog(page).getByRole("button", { name: "Open as a new scenario" }).click();
  await expect(page.locator("#story-title")).toHaveText("mira was denied s3:GetObject");
  await expect(playground.word).toHaveText(/Depends/);
});

test("the whole way by keyboard: open, write, read what was found, add", async ({ playground, page }) => {
  await playground.open("#new");
  await page.getByRole("button", { name: "Import", exact: true }).focus();
  await page.keyboard.press("Enter");
  await box(page).focus();
  await page.keyboard.insertText(fixture("policy.json"));
  await expect(dialog(page)).toContainText("Found a policy");
  await dialog(page).getByRole("button", { name: "Add to this scenario" }).focus();
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeHidden();
  await expect(playground.request(/May someone s3:GetObject/)).toBeVisible();
  await expect(playground.request(/Ali reads a report/)).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(playground.request(/May someone/)).toHaveCount(0);
});

test("a file dropped anywhere on the page opens the dialog with what is in it", async ({ playground, page }) => {
  await playground.open();
  await give(page, "#app", "drop", "template.yaml", fixture("cloudformation.yaml"));
  await expect(dialog(page)).toContainText("Found a CloudFormation template");
  await expect(dialog(page)).toContainText("1 × AWS::CloudWatch::Alarm: nothing here is made of it");
  await dialog(page).getByRole("button", { name: "Open as a new scenario" }).click();
  await expect(page.locator("#story-title")).toHaveText("Reports and who reads them");
});

test("text pasted outside of any field is imported; inside a field it stays text", async ({ playground, page }) => {
  await playground.open();
  await give(page, "#app", "paste", "", fixture("event-record.json"), false);
  await expect(dialog(page)).toContainText("Found CloudTrail events");
  await expect(box(page)).toHaveValue(/eventVersion/);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  await playground.whole();
  await give(page, "#editor textarea.plain", "paste", "", "{}", false);
  await expect(dialog(page)).toBeHidden();
});

test("a file chosen from the disk is read, from gzip and from UTF-16 too", async ({ playground, page }) => {
  await playground.open();
  await open(page);
  const { gzipSync } = await import("node:zlib");
  const choose = page.locator('[role="dialog"] input[type="file"]');
  await choose.setInputFiles({ name: "trail.json.gz", mimeType: "application/gzip", buffer: gzipSync(fixture("event-file.json")) });
  await expect(dialog(page)).toContainText("13 requests");
  await choose.setInputFiles({ name: "account.json", mimeType: "application/json", buffer: Buffer.from("\ufeff" + fixture("account.json"), "utf16le") });
  await expect(dialog(page)).toContainText("Found an account's authorization details");
  await choose.setInputFiles({ name: "broken.gz", mimeType: "application/gzip", buffer: gzipSync(fixture("event-file.json")).subarray(0, 300) });
  await expect(dialog(page).getByRole("alert")).toContainText("a gzip file that is damaged or cut off");
  await expect(dialog(page).getByRole("button", { name: "Open as a new scenario" })).toBeDisabled();
});

test("a clash is announced before, and comes in under another name", async ({ playground, page }) => {
  await playground.open("#new");
  await open(page);
  await box(page).fill(fixture("account.json"));
  await expect(dialog(page)).toContainText('the user "ali" is another one here: it came in as "ali-2"');
  await dialog(page).getByRole("button", { name: "Add to this scenario" }).click();
  const made = JSON.parse(await playground.whole());
  expect(Object.keys(made.accounts["111122223333"].users)).toEqual(["ali", "ali-2"]);
});

test("what cannot be read is refused with the line, and nothing can be opened", async ({ playground, page }) => {
  await playground.open();
  await open(page);
  for (const [text, message] of [
    ['{\n  "Version": "2012-10-17",\n  "Statement": [', /line 3: found the end of the text, expected a value/],
    ["hello", /found "hello", expected a policy/],
    ['resource "aws_iam_role" "x" {}', /terraform show -json/],
    ["[".repeat(5000), /more than 200 levels of nesting/],
  ] as const) {
    await box(page).fill(text);
    await expect(dialog(page).getByRole("alert")).toContainText(message);
    await expect(dialog(page).getByRole("button", { name: "Open as a new scenario" })).toBeDisabled();
  }
});

test("twenty megabytes with 5,000 roles show progress, leave the page responsive and can be chosen from", async ({ playground, page }) => {
  test.setTimeout(120_000);
  await playground.open();
  await open(page);
  const text = await page.evaluate(() => {
    const policy = encodeURIComponent(JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: Array.from({ length: 90 }, (_, i) => `service${i}:DescribeSomethingLong${i}`), Resource: "*" }] }));
    const details = JSON.stringify({ RoleDetailList: Array.from({ length: 5000 }, (_, i) => ({ RoleName: `role-${i}`, Arn: `arn:aws:iam::111122223333:role/role-${i}`, RolePolicyList: [{ PolicyName: "own", PolicyDocument: policy }] })) }, null, 2);
    const seen = ((window as any).seen = { progress: 0, ticks: 0 });
    new MutationObserver(() => {
      if (document.querySelector("#import-progress")) seen.progress++;
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
    const tick = () => {
      seen.ticks++;
      requestAnimationFrame(tick);
    };
    tick();
    const data = new DataTransfer();
    data.setData("text/plain", details);
    document.querySelector("#import-text")!.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data }));
    return details.length;
  });
  expect(text).toBeGreaterThan(20_000_000);
  await expect(dialog(page)).toContainText("5,000 roles", { timeout: 60_000 });
  await expect(dialog(page)).toContainText("left out, because a scenario holds 1 MiB");
  const seen = await page.evaluate(() => (window as any).seen as { progress: number; ticks: number });
  expect(seen.progress).toBeGreaterThan(3);
  expect(seen.ticks).toBeGreaterThan(10);
  await dialog(page).getByRole("searchbox").fill("role-4999");
  await expect(dialog(page)).toContainText("1 role", { timeout: 60_000 });
  await dialog(page).getByRole("button", { name: "Open as a new scenario" }).click();
  await expect(page.locator("#story-title")).toHaveText("Account 111122223333");
});

test("a reading can be canceled", async ({ playground, page }) => {
  await playground.open();
  await open(page);
  await page.evaluate(() => {
    const statement = `{"RoleName": "x", "Arn": "arn:aws:iam::111122223333:role/x"},`.repeat(400_000);
    const data = new DataTransfer();
    data.items.add(new File([`{"RoleDetailList": [${statement} {"RoleName": "y"}]}`], "large.json"));
    document.querySelector("#import-text")!.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data }));
  });
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await expect(dialog(page).locator("#import-progress")).toHaveCount(0);
  await box(page).fill(fixture("policy.json"));
  await expect(dialog(page)).toContainText("Found a policy");
});

test("the exports show the request for AWS's simulator, the commands and Terraform", async ({ playground, page }) => {
  await playground.open("#example/organizations/every-level-must-allow");
  await page.getByRole("button", { name: /^Scenario: / }).click();
  await page.getByRole("menuitem", { name: "Export …" }).click();
  const exported = page.getByRole("dialog", { name: "Export" });
  await expect(exported).toContainText("service control policies: simulate-custom-policy takes none");
  await expect(exported.locator("pre")).toContainText("aws iam simulate-custom-policy --cli-input-json");
  await exported.getByRole("tab", { name: "AWS CLI" }).click();
  await expect(exported.locator("pre")).toContainText("aws organizations create-policy");
  await exported.getByRole("tab", { name: "Terraform" }).click();
  await expect(exported.locator("pre")).toContainText('"aws_organizations_policy"');
  const download = page.waitForEvent("download");
  await exported.getByRole("button", { name: "Download main.tf.json" }).click();
  expect((await download).suggestedFilename()).toBe("main.tf.json");
  await accessible(page);
});

for (const [name, width, height, scheme] of [["wide", 1440, 900, "light"], ["tablet", 768, 1024, "dark"], ["phone", 360, 740, "light"], ["phone", 360, 740, "dark"]] as const) {
  test(`the import dialog is accessible and fits, ${name} and ${scheme}`, async ({ playground, page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height });
    await playground.open();
    await page.getByRole("button", { name: /^Scenario: / }).click();
    await page.getByRole("menuitem", { name: "Import …" }).click();
    await accessible(page);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/empty-${name}-${scheme}.png` });
    await box(page).fill(fixture("event-file.json"));
    await expect(dialog(page)).toContainText("13 requests");
    await accessible(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBe(0);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/import-${name}-${scheme}.png` });
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Scenario: / }).click();
    await page.getByRole("menuitem", { name: "Export …" }).click();
    await expect(page.getByRole("dialog", { name: "Export" }).locator("pre")).toBeVisible();
    await accessible(page);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/export-${name}-${scheme}.png` });
  });
}
