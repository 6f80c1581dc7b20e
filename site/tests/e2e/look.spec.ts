import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "./page.ts";

// Nothing here is about being offline, and fetching the whole site for every page takes its time.
test.use({ serviceWorkers: "block" });

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const sizes = [
  { name: "desktop", width: 1440, height: 900 },
  { name: "tablet", width: 768, height: 1024 },
  { name: "phone", width: 360, height: 740 },
];

for (const size of sizes) {
  for (const scheme of ["light", "dark"] as const) {
    test(`axe finds nothing on a ${size.name}, ${scheme}`, async ({ playground, page }) => {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme: scheme });
      await playground.open("#new");
      const check = async (where: string) => {
        // The script is evaluated by the debugger, which the page's policy does not concern.
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => {
          const run = (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe;
          return (await run.run({ resultTypes: ["violations"] })).violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 160)} ${n.failureSummary}`).join(" | ")}`);
        });
        expect(violations, where).toEqual([]);
      };
      if (size.name !== "phone") {
        await check("json");
        await playground.view("Form");
        await check("form of a policy");
        await page.locator("#world .world").getByRole("treeitem").first().click();
        await check("form of a user");
        await page.getByRole("button", { name: /^Problems/ }).click();
        await page.getByRole("button", { name: "Gallery" }).click();
        await expect(page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
        await check("gallery");
      } else {
        for (const name of ["Request", "Why", "Policies", "Tests"]) {
          await page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name }).click();
          await check(name);
        }
      }
    });
  }
}

for (const width of [320, 360, 700, 768, 1024, 1100, 1440]) {
  test(`nothing is wider than the page at ${width} pixels`, async ({ playground, page }) => {
    await page.setViewportSize({ width, height: 740 });
    await playground.open("#example/tutorials/organization-region");
    const names = width <= 700 ? ["Request", "Why", "Policies", "Tests"] : [""];
    for (const name of names) {
      if (name) await page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name }).click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0);
    }
  });
}

test("on a phone the four parts are tabs, and the answer stays in sight", async ({ playground, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await playground.open("#new");
  const tabs = page.getByRole("navigation", { name: "Parts of the page" });
  const pill = page.locator(".pill button");
  await expect(pill).toContainText("Allowed");
  await tabs.getByRole("button", { name: "Policies" }).click();
  await expect(pill).toBeVisible();
  await expect(playground.editor).toBeVisible();
  await expect(page.locator("#request")).toBeHidden();
  await pill.click();
  await expect(playground.answer).toBeVisible();
});

test("what can be pressed is at least 24 pixels in both directions", async ({ playground, page }) => {
  for (const size of sizes) {
    await page.setViewportSize(size);
    await playground.open("#new");
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("button, a[href], input:not([type=hidden]), select, [role=treeitem], [role=tab]")]
        .filter((e) => e instanceof HTMLElement && e.checkVisibility({ visibilityProperty: true }) && getComputedStyle(e).clipPath === "none")
        .map((e) => ({ box: e.getBoundingClientRect(), text: (e.textContent || e.getAttribute("aria-label") || "").trim().slice(0, 40), inline: getComputedStyle(e).display === "inline" }))
        .filter(({ box, inline }) => box.width > 0 && !inline && (box.width < 23.5 || box.height < 23.5))
        .map(({ box, text }) => `${text} ${Math.round(box.width)}×${Math.round(box.height)}`),
    );
    expect(small, size.name).toEqual([]);
  }
});
