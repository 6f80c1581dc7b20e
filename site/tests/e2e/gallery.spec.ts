import { expect, test } from "./page.ts";

test("every scenario of the gallery opens with all its expectations met", async ({ playground, page }) => {
  test.setTimeout(240_000);
  await playground.open();
  await page.getByRole("button", { name: "Gallery" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("listitem").first()).toBeVisible();
  const titles = await dialog.locator("li button").allTextContents();
  expect(titles.length).toBeGreaterThan(40);
  for (const [index, title] of titles.entries()) {
    if (index > 0) await page.getByRole("button", { name: "Gallery" }).click();
    await dialog.locator("li button").nth(index).click();
    await expect(page.locator("#story-title")).toHaveText(title);
    const tests = page.getByRole("button", { name: /^Tests/ });
    await expect(tests, title).toHaveText(/\d+\s*as expected/);
    await expect(tests, title).not.toHaveText(/\b0\s*as expected/);
    expect(await tests.textContent(), title).not.toContain("not as expected");
    await expect(page.getByRole("button", { name: /^Problems/ }), title).toBeVisible();
  }
});

test("the gallery is searched", async ({ playground, page }) => {
  await playground.open();
  await page.getByRole("button", { name: "Gallery" }).click();
  await page.getByRole("searchbox").fill("coffee");
  await expect(page.getByRole("dialog").locator("li")).toHaveCount(1);
});
