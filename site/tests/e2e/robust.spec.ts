import { expect, test } from "./page.ts";

test("the page works again after a reload without a network", async ({ playground, page, context }) => {
  await playground.open();
  await expect(page.locator("footer")).toContainText("works offline");
  await context.setOffline(true);
  await page.reload();
  await playground.answered();
  await expect(playground.request(/Step 3:/)).toContainText("Allowed:");
  await page.getByRole("button", { name: "Gallery" }).click();
  await page.getByRole("dialog").locator("li button").nth(8).click();
  await playground.answered();
  await expect(page.getByRole("button", { name: /^Tests/ })).not.toContainText("not as expected");
});

test("a storage that is denied is said, and everything else works", async ({ playground, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, "indexedDB", { get: () => { throw new DOMException("denied", "SecurityError"); } });
  });
  await playground.open("#new");
  await expect(page.getByText(/does not let the page keep anything/)).toBeVisible();
  await playground.change((s) => (s.requests[0].action = "s3:DeleteObject"));
  await expect(playground.word).toContainText("Denied");
});

test("a runaway evaluation is stopped, said, and the next one answers", async ({ playground, page }) => {
  // The engine's thread is replaced by one that hangs on a certain text, as no text makes the real one hang.
  await page.route(/worker-[^/]*\.js$/, (route) =>
    route.fulfill({
      contentType: "text/javascript",
      body: `
        const summary = (text) => ({ index: 0, pointer: "/requests/0", name: "Ali reads a report", decision: text.includes("Delete") ? "implicitDeny" : "allowed", decidedBy: ["identity"], message: "an answer", dependsOn: [] });
        let held = "";
        self.onmessage = ({ data }) => {
          const call = JSON.parse(data.text);
          held = call.scenario ?? held;
          if (held.includes("RunAway")) for (;;);
          const results = call.ops.map((op) => op.op === "evaluate" ? { id: op.id, op: "evaluate", diagnostics: [], more: 0, requests: [summary(held)] } : { id: op.id, op: op.op, error: "not here" });
          self.postMessage({ id: data.id, text: JSON.stringify({ api: 1, ok: true, results }) });
        };
        self.postMessage({ state: "loaded" });
        self.postMessage({ state: "ready" });`,
    }),
  );
  await playground.open("#new");
  await expect(playground.word).toContainText("Allowed");
  await playground.change((s) => (s.requests[0].action = "s3:RunAway"));
  await expect(page.getByText(/took longer than 3 seconds and was stopped/)).toBeVisible({ timeout: 15_000 });
  await expect(playground.answer).toContainText("from before the evaluation that was stopped");
  await playground.change((s) => (s.requests[0].action = "s3:DeleteObject"));
  await expect(playground.word).toContainText("Denied");
  await expect(page.getByText(/took longer than 3 seconds/)).toHaveCount(0);
});

test.describe("bad input", () => {
  test("__proto__ as a key is a finding, and does nothing else", async ({ playground, page }) => {
    await playground.open("#new");
    const text = (await playground.whole()).replace('"users": {', '"users": { "__proto__": { "policies": ["ReadReports"] },');
    await playground.plain.fill(text);
    await page.getByRole("button", { name: /^Problems/ }).click();
    await expect(page.locator("#tests")).toContainText("__proto__");
    expect(await page.evaluate(() => "policies" in {})).toBe(false);
    await expect(playground.plain).toHaveValue(text);
  });

  test("a letter that looks like another is shown as its code, in names and in the text", async ({ playground, page }) => {
    await playground.open("#new");
    await playground.change((s) => {
      s.accounts["111122223333"].users["\u0430dmin"] = {};
      s.accounts["111122223333"].policies.ReadReports.Statement[0].Sid = "R\u0435ad";
    });
    await expect(page.locator("#world .world").getByRole("treeitem", { name: /^\\u\{0430\}dmin .*user/ })).toBeVisible();
    await playground.tab(/ReadReports/);
    await playground.view("JSON");
    await expect(playground.code).toContainText("R\\u{0435}ad");
  });

  test("right-to-left characters in a Sid are a finding", async ({ playground, page }) => {
    await playground.open("#new");
    await playground.change((s) => (s.accounts["111122223333"].policies.ReadReports.Statement[0].Sid = "a\u202Eb"));
    await page.getByRole("button", { name: /^Problems/ }).click();
    await expect(page.locator("#tests")).toContainText(/Sid|202e/i);
  });

  test("markup in names and stories stays text", async ({ playground, page }) => {
    await playground.open("#new");
    await playground.change((s) => {
      s.title = "<img src=x onerror=alert(1)>";
      s.description = "<script>alert(1)</script> [x](javascript:alert(1)) **bold**";
      s.requests[0].name = "<b>bold</b>";
    });
    await expect(page.locator("#story-title")).toContainText("<img src=x onerror=alert(1)>");
    expect(await page.locator("a[href^='javascript']").count()).toBe(0);
    expect(await page.locator("#request img").count()).toBe(0);
    await expect(playground.request("<b>bold</b>").first()).toBeVisible();
  });

  test("two megabytes of policy are refused, and the page stays usable", async ({ playground, page }) => {
    await playground.open("#new");
    const before = await playground.whole();
    // Set inside the page: the text would fill the log of a failing test.
    await playground.plain.evaluate((area: HTMLTextAreaElement) => {
      area.value = area.value.replace("arn:aws:s3:::acme-reports/*", "arn:aws:s3:::" + "a".repeat(2_000_000));
      area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    });
    await page.getByRole("button", { name: /^Problems/ }).click();
    await expect(page.locator("#tests")).toContainText(/MiB|bytes|too large|limit/i);
    await expect(playground.answer).toContainText("from before the problem");
    await expect(playground.word).toContainText("Allowed");
    await playground.plain.fill(before);
    await expect(playground.word).toContainText("Allowed");
  });

  test("an address that leads nowhere is said", async ({ playground, page }) => {
    await page.goto(process.env.SITE! + "#example/basics/no-such-thing");
    await playground.answered();
    await expect(page.getByText(/no-such-thing.*could not be opened/)).toBeVisible();
  });

  for (const text of ["", "[]", "null", '{"version": 1}', '{"accounts": {"1": null}, "requests": [null, 4, {}]}', "{".repeat(3000)]) {
    test(`a scenario that is ${JSON.stringify(text.slice(0, 30))} leaves the page usable`, async ({ playground, page }) => {
      await playground.open("#new");
      const before = await playground.whole();
      await playground.plain.fill(text);
      await expect(page.getByRole("button", { name: /^Undo/ })).toBeEnabled();
      await expect(playground.plain).toHaveValue(text);
      await playground.plain.fill(before);
      await expect(playground.word).toContainText("Allowed");
      await expect(playground.answer).not.toContainText("from before");
    });
  }
});
