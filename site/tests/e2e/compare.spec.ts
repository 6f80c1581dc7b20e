import { readFileSync } from "node:fs";
import { expect, test } from "./page.ts";

// Nothing here is about being offline, and fetching the whole site for every page takes its time.
test.use({ serviceWorkers: "block" });

const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

const office = (actions: string) => `{
  "version": 1,
  "title": "The office",
  "accounts": {
    "111122223333": {
      "policies": {
        "Reports": {
          "Version": "2012-10-17",
          "Statement": [{ "Effect": "Allow", "Action": ${actions}, "Resource": "arn:aws:s3:::acme-reports/*" }]
        }
      },
      "users": { "ali": { "policies": ["Reports"] } }
    }
  },
  "requests": [
    { "name": "Ali reads", "principal": "arn:aws:iam::111122223333:user/ali", "action": "s3:GetObject", "resource": "arn:aws:s3:::acme-reports/q1.csv" },
    { "name": "Ali writes", "principal": "arn:aws:iam::111122223333:user/ali", "action": "s3:PutObject", "resource": "arn:aws:s3:::acme-reports/q1.csv" }
  ]
}
`;

const more = office('["s3:GetObject", "s3:PutObject"]');

test("a pasted version shows the difference, the request and the actions whose answers change, and nothing else", async ({ playground, page }) => {
  await playground.open("#new");
  await playground.replace(office('"s3:GetObject"'));
  await expect(playground.request("Ali writes")).toBeVisible();
  await page.getByRole("button", { name: /^Scenario: / }).click();
  await page.getByRole("menuitem", { name: "Compare …" }).click();
  const dialog = page.getByRole("dialog", { name: "Compare" });
  await dialog.getByLabel("Compare with").selectOption("paste");
  const box = dialog.getByLabel(/Another version of/);

  await box.fill("{");
  await expect(dialog.getByRole("alert")).toContainText("it is no JSON from line 1 on");
  await box.fill(office('"s3:GetObject"'));
  await expect(dialog.getByText("The two versions are the same text.")).toBeVisible();

  await box.fill(more);
  await expect(dialog.getByRole("textbox", { name: "Before" })).not.toContainText("s3:PutObject");
  await expect(dialog.getByRole("textbox", { name: "After" })).toContainText("s3:PutObject");
  await expect(dialog.getByRole("status").filter({ hasText: /^\d+ of \d+ probes changes?\.$|^\d+ of \d+ probes change\.$/ })).toBeVisible();
  const requests = dialog.getByRole("region", { name: "Requests whose answers change" });
  await expect(requests).toContainText("1 of 2.");
  await expect(requests.getByRole("row")).toHaveCount(2);
  await expect(requests.getByRole("row").nth(1)).toContainText(/Ali writes.*Denied.*Allowed/s);
  const actions = dialog.getByRole("table", { name: "Actions whose answers change" });
  await expect(actions.getByRole("rowheader")).toHaveText([/^Write ?· s3$/]);
  for (const button of await actions.getByRole("button").all()) await expect(button).toHaveText("s3:PutObject");

  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.evaluate(axe);
    const found = await page.evaluate(() => (window as any).axe.run("[role=dialog]", { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    expect(found.violations.map((v: any) => `${v.id}: ${v.nodes.map((n: any) => n.html + n.failureSummary).join(" ")}`)).toEqual([]);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/compare-${scheme}.png` });
  }

  await dialog.getByRole("button", { name: "Swap sides" }).click();
  await expect(dialog.getByRole("textbox", { name: "Before" })).toContainText("s3:PutObject");
  await expect(requests.getByRole("row").nth(1)).toContainText(/Ali writes.*Allowed.*Denied/s);

  await actions.getByRole("button").first().click();
  await expect(dialog).toBeHidden();
  await expect(playground.word).toHaveText(/Denied/);
  await expect(page.locator("#world .requests .pick")).toHaveCount(3);
});

test("an earlier state is compared by keyboard, and a request opens", async ({ playground, page }) => {
  await playground.open("#new");
  await playground.replace(more);
  await expect(playground.request("Ali writes")).toBeVisible();
  await page.getByRole("button", { name: /^Scenario: / }).click();
  await page.getByRole("menuitem", { name: "Earlier states" }).click();
  await page.getByRole("button", { name: /^Compare with opened/ }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Compare" });
  await expect(dialog.getByRole("textbox", { name: "After" })).toContainText("The office");
  const request = dialog.getByRole("region", { name: "Requests whose answers change" }).getByRole("button", { name: "Ali writes" });
  await request.focus();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(playground.request("Ali writes")).toHaveAttribute("aria-current", "true");
});

test("on a phone the versions are stacked and nothing is wider than the screen", async ({ playground, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await playground.open("#new");
  await page.getByRole("button", { name: /^Scenario: / }).click();
  await page.getByRole("menuitem", { name: "Compare …" }).click();
  const dialog = page.getByRole("dialog", { name: "Compare" });
  await dialog.getByLabel(/Another version of/).fill(more);
  await expect(dialog.getByRole("textbox", { name: "What was and what is" })).toBeVisible();
  await expect(dialog.getByRole("table", { name: "Actions whose answers change" })).toBeVisible();
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/compare-phone.png` });
  expect(await dialog.evaluate((d) => [...d.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > 361 && !e.closest(".visually-hidden, thead")).map((e) => e.className))).toEqual([]);
});
