import { expect, test } from "./page.ts";

// Nothing here is about being offline, and fetching the whole site for every page takes its time.
test.use({ serviceWorkers: "block" });

test("a tutorial is done with the keyboard alone", async ({ playground, page }) => {
  await playground.open();
  const press = (key: string) => page.keyboard.press(key);
  // Through the skip link to the request, and back to the list of requests with Tab.
  await press("Tab");
  await press("Enter");
  await expect(page.locator("#request")).toBeFocused();
  await playground.request(/Step 3:/).focus();
  await press("Enter");
  await expect(playground.word).toContainText("Allowed");
  // The sentence: another principal, by typing and choosing.
  await page.locator("#request").focus();
  const principal = page.locator("#request").getByRole("combobox", { name: /who|principal|caller/i });
  for (let i = 0; i < 12 && !(await principal.evaluate((e) => e === document.activeElement)); i++) await press("Tab");
  await expect(principal).toBeFocused();
  await press("Control+a");
  await page.keyboard.type("arn:aws:iam::111122223333:user/ali");
  await press("Enter");
  await expect(playground.word).toContainText("Denied");
  // The world tree: down to a user, its form, a group.
  const tree = page.locator("#world").getByRole("treeitem", { name: /^ali user/ });
  await tree.focus();
  await press("Enter");
  const box = playground.editor.getByRole("checkbox", { name: "developers" });
  await box.focus();
  await press("Space");
  await expect(playground.word).toContainText("Allowed");
});

test("Tab leaves the editor, in both kinds, and the page says so", async ({ playground, page }) => {
  await playground.open("#new");
  await playground.tab(/ReadReports/);
  await playground.view("JSON");
  await playground.code.click();
  await expect(playground.code).toBeFocused();
  expect(await playground.code.getAttribute("aria-label")).toContain("The Tab key leaves the editor");
  const before = await playground.code.textContent();
  await page.keyboard.press("Tab");
  await expect(playground.code).not.toBeFocused();
  expect(await playground.code.textContent()).toBe(before);
  await expect(page.locator("#editor .keys")).toContainText("Tab leaves the editor");
  await playground.view("Plain text");
  await playground.plain.focus();
  await page.keyboard.press("Tab");
  await expect(playground.plain).not.toBeFocused();
});

test("F8 goes to the next problem", async ({ playground, page }) => {
  await playground.open("#new");
  await playground.change((s) => (s.accounts["111122223333"].users.ali.policies = ["Missing"]));
  await expect(page.getByRole("button", { name: /^Problems/ })).not.toContainText("0");
  await playground.view("JSON");
  await page.keyboard.press("F8");
  await expect(playground.code).toBeFocused();
});

test("a live answer never takes the focus", async ({ playground, page }) => {
  await playground.open("#new");
  await playground.whole();
  await playground.plain.focus();
  await playground.plain.press("Control+Home");
  await page.keyboard.type(" ");
  await expect(page.getByRole("button", { name: /^Undo/ })).toBeEnabled();
  await expect(playground.plain).toBeFocused();
});
