import { test as base, expect, type Locator, type Page } from "@playwright/test";

/** Playground is the page as a user meets it. */
export class Playground {
  constructor(readonly page: Page) {}

  /** open waits until the first request is answered. */
  async open(hash = ""): Promise<void> {
    await this.page.goto(process.env.SITE! + hash);
    await this.answered();
  }

  async answered(): Promise<void> {
    await expect(this.word).toHaveText(/Allowed|Denied|Depends|Not answered/);
  }

  get answer(): Locator {
    return this.page.locator("section.answer");
  }

  get word(): Locator {
    return this.page.locator("#answer-word");
  }

  get editor(): Locator {
    return this.page.locator("#editor");
  }

  get code(): Locator {
    return this.page.locator("#editor .cm-content");
  }

  get plain(): Locator {
    return this.page.locator("#editor textarea.plain");
  }

  request(name: string | RegExp): Locator {
    return this.page.locator("#world .requests .pick").filter({ hasText: name });
  }

  async view(name: "Form" | "JSON" | "Plain text"): Promise<void> {
    await this.editor.getByRole("button", { name, exact: true }).click();
  }

  async tab(name: string | RegExp): Promise<void> {
    await this.editor.getByRole("tab", { name }).click();
  }

  /** whole opens the whole scenario as plain text, which tests can read and fill. */
  async whole(): Promise<string> {
    await this.tab(/^Scenario/);
    await this.view("Plain text");
    return this.plain.inputValue();
  }

  async replace(text: string): Promise<void> {
    await this.whole();
    await this.plain.fill(text);
  }

  /** change edits the whole scenario as data. */
  async change(edit: (scenario: any) => void): Promise<void> {
    const scenario = JSON.parse(await this.whole());
    edit(scenario);
    await this.plain.fill(JSON.stringify(scenario, null, 2));
  }
}

/** quiet lists what went wrong on a page: script errors, refusals by the policy, requests to anybody else. */
function listen(page: Page, found: string[]): void {
  page.on("console", (m) => {
    if (m.type() === "error") found.push(`console: ${m.text()}`);
  });
  page.on("pageerror", (e) => found.push(`error: ${e.message}`));
  page.context().on("request", (r) => {
    const url = r.url();
    if (!url.startsWith(process.env.SITE!) && !url.startsWith("data:") && !url.startsWith("blob:")) found.push(`request to another origin: ${url}`);
  });
}

interface Fixtures {
  playground: Playground;
  /** allowed are patterns of complaints that a test provokes on purpose. */
  allowed: RegExp[];
}

export const test = base.extend<Fixtures>({
  allowed: [[], { option: true }],
  playground: async ({ page, allowed }, use) => {
    const found: string[] = [];
    listen(page, found);
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (e) => console.error(`policy refused ${e.violatedDirective}: ${e.blockedURI} ${e.sample}`));
    });
    await use(new Playground(page));
    expect(found.filter((f) => !allowed.some((a) => a.test(f)))).toEqual([]);
  },
});

export { expect };
