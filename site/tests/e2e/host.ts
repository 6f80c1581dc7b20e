import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { test as base, expect, type Locator, type Page } from "@playwright/test";

const types: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".json": "application/json" };

/** Pages is somebody's site: pages on an origin that is not the playground's. */
export class Pages {
  private readonly pages = new Map<string, { html: string; headers: Record<string, string> }>();
  private readonly folders: string[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Pages> {
    const server = createServer((request, response) => {
      const path = normalize(request.url!.replace(/[?#].*/, ""));
      const page = pages.pages.get(path) ?? pages.file(path);
      response.writeHead(page ? 200 : 404, page?.headers ?? {}).end(page?.html);
    });
    const pages = new Pages(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return pages;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** put gives the address of a page that is written here. */
  put(html: string, headers: Record<string, string> = {}): string {
    const path = `/${this.pages.size}`;
    this.pages.set(path, { html, headers: { "content-type": headers["content-type"] ?? "text/html; charset=utf-8", ...headers } });
    return this.origin + path;
  }

  get mounted(): number {
    return this.folders.length;
  }

  /** mount serves a folder that a generator wrote. */
  mount(folder: string): string {
    this.folders.push(folder);
    return `${this.origin}/built/${this.folders.length - 1}/`;
  }

  private file(path: string): { html: string | Buffer; headers: Record<string, string> } | undefined {
    const found = /^\/built\/(\d+)\/(.*)$/.exec(path);
    const folder = this.folders[Number(found?.[1] ?? -1)];
    if (folder === undefined) return undefined;
    const name = found![2] || "index.html";
    try {
      return { html: readFileSync(join(folder, name)), headers: { "content-type": types[extname(name)] ?? "application/octet-stream" } };
    } catch {
      return undefined;
    }
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** script is the tag that a page of documentation has. */
export const script = () => `<script src="${process.env.SITE}embed/iam-playground.js" async></script>`;

/** article is a page of documentation with something in it. */
export const article = (body: string, head = "") => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Docs</title><link rel="icon" href="data:,">${head}</head><body><main><h1>Docs</h1><h2>A page</h2>${body}</main></body></html>`;

/** Embed is a playground in somebody's page. */
export class Embed {
  readonly element: Locator;
  constructor(page: Page | ReturnType<Page["frameLocator"]>, nth = 0) {
    this.element = page.locator("iam-playground").nth(nth);
  }

  get start(): Locator {
    return this.element.locator(".start");
  }

  get answer(): Locator {
    return this.element.locator("#answer-word");
  }

  get code(): Locator {
    return this.element.locator(".cm-content");
  }

  /** replace writes over the whole text of the shown policy, as a reader does who pastes. */
  async replace(text: string): Promise<void> {
    await this.code.click();
    await this.code.press("ControlOrMeta+a");
    await this.code.page().keyboard.insertText(text);
  }
}

interface Fixtures {
  /** noticed is what a page complained about, and each request to another origin than its own and the playground's. */
  noticed: string[];
  /** asked are the addresses of all requests. */
  asked: string[];
}

export const test = base.extend<Fixtures, { pages: Pages }>({
  pages: [
    async ({}, use) => {
      const pages = await Pages.start();
      await use(pages);
      pages.close();
    },
    { scope: "worker" },
  ],
  noticed: async ({ page, pages }, use) => {
    const noticed: string[] = [];
    page.on("console", (m) => {
      if (m.type() === "error") noticed.push(`console: ${m.text()}`);
    });
    page.on("pageerror", (e) => noticed.push(`error: ${e.message}`));
    page.context().on("request", (r) => {
      const url = r.url();
      if (![process.env.SITE!, pages.origin].some((own) => url.startsWith(own) || url.startsWith(`blob:${own}`)) && !/^(data:|blob:null)/.test(url)) noticed.push(`request to another origin: ${url}`);
    });
    await use(noticed);
  },
  asked: async ({ page }, use) => {
    const asked: string[] = [];
    page.context().on("request", (r) => asked.push(r.url()));
    await use(asked);
  },
});

export { expect };

/** scenario is a small world in which Ali may list a bucket and not read from it. */
export const scenario = (change: (s: any) => void = () => {}) => {
  const value = {
    version: 1,
    title: "Ali can list but not read",
    accounts: {
      "111122223333": {
        policies: { ReadReports: { Version: "2012-10-17", Statement: [{ Sid: "List", Effect: "Allow", Action: ["s3:ListBucket", "s3:GetObject"], Resource: "arn:aws:s3:::acme-reports" }] } },
        users: { ali: { policies: ["ReadReports"] } },
        resources: { "arn:aws:s3:::acme-reports": {} },
      },
    },
    requests: [
      { name: "Ali lists", principal: "arn:aws:iam::111122223333:user/ali", action: "s3:ListBucket", resource: "arn:aws:s3:::acme-reports", expect: "allowed" },
      { name: "Ali reads", principal: "arn:aws:iam::111122223333:user/ali", action: "s3:GetObject", resource: "arn:aws:s3:::acme-reports/q1.csv", expect: "allowed" },
    ],
  };
  change(value);
  return JSON.stringify(value, null, 2);
};

/** inline is an element with a scenario inside. */
export const inline = (attributes: string, text: string, fallback = "<p>A page made before.</p>") =>
  `<iam-playground ${attributes}><script type="application/json">${text.replaceAll("<", "\\u003c")}</script>${fallback}</iam-playground>`;
