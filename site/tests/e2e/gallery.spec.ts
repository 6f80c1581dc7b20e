import { readFileSync } from "node:fs";
import { expect, test } from "./page.ts";

// Nothing here is about being offline, and fetching the whole site for every page takes its time.
test.use({ serviceWorkers: "block" });

const entries = JSON.parse(readFileSync(new URL("../../generated/scenarios/index.json", import.meta.url), "utf8")) as { path: string; title: string; requests: number }[];
const parts = 4;

for (let part = 0; part < parts; part++) {
  test(`every scenario of the gallery opens with all its expectations met, part ${part + 1} of ${parts}`, async ({ playground, page }) => {
    test.setTimeout(180_000);
    await playground.open();
    for (const { path, title, requests } of entries.filter((_, i) => i % parts === part)) {
      await page.evaluate((hash) => (location.hash = hash), `#example/${path}`);
      await expect(page.locator("#story-title")).toHaveText(title);
      await expect(page.getByRole("button", { name: /^Tests/ }), path).toHaveText(new RegExp(`^Tests\\s*${requests}\\s*as expected\\s*$`));
    }
  });
}

test("the gallery is searched", async ({ playground, page }) => {
  await playground.open();
  await page.getByRole("button", { name: "Gallery" }).click();
  const listed = page.getByRole("dialog").locator("li.card");
  await expect(listed).toHaveCount(entries.length);
  await page.getByRole("searchbox").fill("coffee");
  await expect(listed).toHaveCount(1);
  await listed.getByRole("button").click();
  await expect(page.locator("#story-title")).toHaveText(/coffee/i);
});
