import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startLocal, startWorker, top, type Running } from "./servers.ts";

/** Answer is what a server said. */
interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Said is the JSON of an answer to a stored scenario. */
interface Said {
  id?: string;
  url?: string;
  token?: string;
  error?: string;
}

/** ask sends a request as it is: fetch would follow redirections, mend paths and refuse long headers. */
function ask(server: Running, method: string, path: string, body: string | Buffer = "", headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.address);
    const call = request({ hostname, port, method, path, headers, agent: false, maxHeaderSize: 1 << 20 }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers as Record<string, string>, body: Buffer.concat(parts).toString() }));
    });
    call.on("error", reject);
    call.end(body);
  });
}

/** Each scenario comes from an address of its own, so that only one test meets the limit of rates. */
let visitors = 0;
async function post(server: Running, text: string | Buffer, headers: Record<string, string> = {}): Promise<Answer & { said: Said }> {
  const all = { "Content-Type": "application/json", "CF-Connecting-IP": `192.0.2.${++visitors}`, ...headers };
  const answer = await ask(server, "POST", "/api/scenarios", text, all);
  return { ...answer, said: JSON.parse(answer.body) as Said };
}

const shipped = (path: string) => readFileSync(join(top, "scenarios", `${path}.json`), "utf8");

/** scenario is a small one: a user who may read notes, and one request. */
function scenario(changes: object = {}, request: object = {}): string {
  return JSON.stringify({
    version: 1,
    title: "Notes",
    accounts: { "111122223333": { users: { ali: { inline: { read: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::notes/*" }] } } } }, resources: { "arn:aws:s3:::notes": {} } } },
    requests: [{ name: "read", principal: "arn:aws:iam::111122223333:user/ali", action: "s3:GetObject", resource: "arn:aws:s3:::notes/a", ...request }],
    ...changes,
  });
}

/** noise does not compress to less than half. */
function noise(length: number): string {
  let text = "";
  for (let x = 1; text.length < length; x = (Math.imul(x, 1664525) + 1013904223) >>> 0) text += "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-"[x >>> 26];
  return text;
}

const kinds: Record<string, () => Promise<Running>> = { "the Worker": startWorker, "the local server": startLocal };
const servers: Record<string, Running> = {};
before(async () => {
  for (const [name, start] of Object.entries(kinds)) servers[name] = await start();
});
after(async () => {
  for (const server of Object.values(servers)) await server.stop();
});

for (const name of Object.keys(kinds)) {
  describe(name, () => {
    const server = () => servers[name]!;

    test("stores a scenario and gives it back as a page, a document, a badge and a frame", async () => {
      const text = shipped("basics/explicit-deny-wins");
      const { status, said, headers } = await post(server(), text);
      assert.equal(status, 201, JSON.stringify(said));
      assert.match(said.id!, /^[a-z2-7]{12}$/);
      assert.equal(said.url, `${server().address}s/${said.id}`);
      assert.match(said.token!, /^[a-z2-7]{32}$/);
      assert.equal(headers["access-control-allow-origin"], undefined, "other pages cannot store");

      const page = await ask(server(), "GET", `/s/${said.id}`);
      assert.equal(page.status, 200);
      assert.equal(page.headers["content-type"], "text/html; charset=utf-8");
      assert.match(page.headers["content-security-policy"]!, /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
      assert.match(page.body, /An explicit deny always wins/);
      assert.match(page.body, /explicitly denied/);
      assert.match(page.body, /href="\/#s=1\.dd1\./);
      assert.ok(page.body.includes(`<meta property="og:url" content="${said.url}">`));

      const document = await ask(server(), "GET", `/s/${said.id}.json`);
      assert.deepEqual(JSON.parse(document.body), JSON.parse(text));
      assert.equal(document.headers["access-control-allow-origin"], "*");

      const badge = await ask(server(), "GET", `/s/${said.id}.svg`);
      assert.equal(badge.headers["content-type"], "image/svg+xml");
      assert.match(badge.body, /^<svg [^]*✓ \d+ of \d+ expectations met[^]*<\/svg>\n$/);

      const frame = await ask(server(), "GET", `/embed/${said.id}?mode=trace&theme=dark`);
      assert.equal(frame.status, 302);
      assert.match(frame.headers.location!, /^\/embed\/\?mode=trace&theme=dark#s=1\.dd1\.[\w-]+(&x)?$/);

      const about = await ask(server(), "GET", `/oembed?format=json&maxwidth=500&url=${encodeURIComponent(said.url!)}`);
      const embed = JSON.parse(about.body) as Record<string, unknown>;
      assert.deepEqual([embed.version, embed.type, embed.title, embed.width], ["1.0", "rich", "An explicit deny always wins", 500]);
      assert.ok((embed.html as string).startsWith(`<iframe src="${server().address}embed/${said.id}?mode=trace" `));
    });

    test("gives the same scenario one id, and its token to the first alone", async () => {
      const text = scenario({ title: "Twice" });
      const first = await post(server(), text);
      const second = await post(server(), JSON.stringify(JSON.parse(text), null, 4));
      assert.equal(first.status, 201);
      assert.equal(second.status, 200);
      assert.deepEqual(second.said, { id: first.said.id, url: first.said.url });
    });

    test("deletes a scenario for whoever has its token", async () => {
      const { said } = await post(server(), scenario({ title: "Gone soon" }));
      const path = `/api/scenarios/${said.id}`;
      assert.equal((await ask(server(), "DELETE", path)).status, 401);
      assert.equal((await ask(server(), "DELETE", path, "", { Authorization: "Bearer abc" })).status, 403);
      assert.equal((await ask(server(), "DELETE", "/api/scenarios/aaaaaaaaaaaa", "", { Authorization: `Bearer ${said.token}` })).status, 404);
      assert.equal((await ask(server(), "GET", `/s/${said.id}`)).status, 200);
      assert.equal((await ask(server(), "DELETE", path, "", { Authorization: `Bearer ${said.token}` })).status, 204);
      for (const kind of ["", ".json", ".svg"]) assert.equal((await ask(server(), "GET", `/s/${said.id}${kind}`)).status, 404);
      assert.equal((await ask(server(), "GET", `/embed/${said.id}`)).status, 404);
      assert.equal((await ask(server(), "DELETE", path, "", { Authorization: `Bearer ${said.token}` })).status, 404);
    });

    test("knows the policies that AWS manages", async () => {
      const text = scenario({ accounts: { "111122223333": { users: { ali: { policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] } }, resources: { "arn:aws:s3:::notes": {} } } } });
      const { status, said } = await post(server(), text);
      assert.equal(status, 201, said.error);
      assert.match((await ask(server(), "GET", `/s/${said.id}.svg`)).body, /✓ allowed/);
    });

    const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
    const crowd = (requests: number, statements: number) =>
      scenario({
        accounts: { "111122223333": { users: { ali: { inline: { p: { Version: "2012-10-17", Statement: Array(statements).fill(statement) } } } } } },
        requests: Array(requests).fill({ name: "r", principal: "arn:aws:iam::111122223333:user/ali", action: "s3:GetObject", resource: "arn:aws:s3:::notes/a" }),
      });
    const refused: Record<string, [body: () => string | Buffer, status: number, error: RegExp]> = {
      "an empty body": [() => "", 400, /no JSON/],
      "a text that is no JSON": [() => "{", 400, /no JSON/],
      "bad UTF-8": [() => Buffer.from(scenario({ title: "caf\xe9" }), "latin1"), 400, /no UTF-8/],
      "a bomb of depth": [() => "[".repeat(900_000), 400, /more than 64 arrays and objects/],
      "a bomb of depth in a scenario": [() => scenario({ title: 0 }).replace('"title":0', `"title":${'{"a":'.repeat(65)}0${"}".repeat(65)}`), 400, /more than 64 arrays and objects/],
      "a bomb of size": [() => scenario({ description: " ".repeat(1 << 20) }), 413, /more than 1048576 bytes/],
      "a scenario that does not compress": [() => scenario({ description: noise(100_000) }), 413, /when compressed, expected at most 65536/],
      "a bomb of requests": [() => crowd(4_000, 30), 413, /answers fill more than a page/],
      "another document": [() => '{"hello":1}', 422, /errors/],
      "results in it": [() => scenario({ results: [{ decision: "allowed" }] }), 422, /results/],
      "a decision in a request": [() => scenario({}, { decision: "allowed" }), 422, /requests\/0/],
      "a member named __proto__": [() => scenario().replace("{", '{"__proto__":{"polluted":true},'), 422, /__proto__/],
    };
    for (const [what, [body, status, error]] of Object.entries(refused)) {
      test(`refuses ${what}`, async () => {
        const answer = await post(server(), body());
        assert.equal(answer.status, status, answer.body);
        assert.match(answer.said.error!, error);
        assert.deepEqual(Object.keys(answer.said), ["error"]);
      });
    }

    test("refuses what comes as anything but JSON", async () => {
      for (const type of ["text/plain", "application/x-www-form-urlencoded", ""]) assert.equal((await post(server(), scenario(), { "Content-Type": type })).status, 415);
      assert.equal((await post(server(), scenario(), { "Content-Encoding": "gzip" })).status, 415);
    });

    test("a bomb of wildcards is stored and answered", async () => {
      const stars = `arn:aws:s3:::${"*a".repeat(2_000)}`;
      const text = scenario(
        { accounts: { "111122223333": { users: { ali: { inline: { read: { Version: "2012-10-17", Statement: Array.from({ length: 20 }, (_, i) => ({ Effect: "Allow", Action: "s3:GetObject", Resource: `${stars}${i}` })) } } } }, resources: { "arn:aws:s3:::notes": {} } } } },
        { resource: `arn:aws:s3:::notes/${"a".repeat(900)}` },
      );
      const { status, said } = await post(server(), text);
      assert.equal(status, 201, said.error);
      assert.match((await ask(server(), "GET", `/s/${said.id}.svg`)).body, /denied/);
    });

    test("a scenario with script in every text is shown as text", async () => {
      const script = "</title></style></text><script>alert(1)</script>\" onload=\"alert(1)";
      const { status, said } = await post(server(), scenario({ title: script, description: `${script}\n\n\`${script}\` **${script}**` }, { name: script }));
      assert.equal(status, 201, said.error);
      for (const path of [`/s/${said.id}`, `/s/${said.id}.svg`]) {
        const { body } = await ask(server(), "GET", path);
        assert.doesNotMatch(body, /<script|" onload/);
      }
      const { html } = JSON.parse((await ask(server(), "GET", `/oembed?url=${said.url}`)).body) as { html: string };
      assert.match(html, /^<iframe [^<>]*><\/iframe>$/);
    });

    test("the largest scenario that is stored opens in a frame", async () => {
      const { status, said } = await post(server(), scenario({ description: noise(80_000) }));
      assert.equal(status, 201, said.error);
      const { headers } = await ask(server(), "GET", `/embed/${said.id}`);
      assert.ok(headers.location!.length > 75_000, `${headers.location?.length} characters`);
    });

    test("serves the site as before", async () => {
      const page = await ask(server(), "GET", "/");
      assert.equal(page.status, 200);
      assert.match(page.body, /<title>IAM Playground<\/title>/);
      assert.match(page.headers["content-security-policy"]!, /script-src 'self' 'wasm-unsafe-eval'/);
    });
  });
}

test("the Worker and the local server answer alike", async () => {
  const worker = servers["the Worker"]!;
  const local = servers["the local server"]!;
  const text = shipped("tutorials/the-coffee-shop");
  const { said } = await post(worker, text);
  assert.equal((await post(local, text)).said.id, said.id);
  const id = said.id!;
  const tag = (await ask(local, "GET", `/s/${id}.json`)).headers.etag!;
  const requests: [method: string, path: string, headers?: Record<string, string>][] = [];
  for (const path of [`/s/${id}`, `/s/${id}.json`, `/s/${id}.svg`, `/embed/${id}`, `/embed/${id}?mode=%22%3Cb%3E&a=b%20c`]) requests.push(["GET", path], ["HEAD", path]);
  for (const value of [tag, `W/${tag}`, `"a", ${tag}`, "*", '"a"']) requests.push(["GET", `/s/${id}.json`, { "If-None-Match": value }]);
  for (const path of ["/s/", "/s/aaaaaaaaaaaa", "/s/aaaaaaaaaaaa.json", "/s/aaaaaaaaaaaa.svg", `/s/${id}.`, `/s/${id}.html`, `/s/${id}.json.svg`, `/s/${id}/`, `/s/${id}.constructor`, `/s/${id.toUpperCase()}`, "/embed/aaaaaaaaaaaa", "/api/", "/api/scenarios", `/api/scenarios/${id}`, "/oembed", "/oembed?url=x", `/oembed?format=xml&url=x`]) requests.push(["GET", path]);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) for (const path of [`/s/${id}`, `/embed/${id}`, "/oembed", "/api/scenarios"]) if (method !== "POST" || path !== "/api/scenarios") requests.push([method, path]);
  const names = ["access-control-allow-origin", "allow", "cache-control", "content-security-policy", "cross-origin-opener-policy", "cross-origin-resource-policy", "etag", "location", "referrer-policy", "x-content-type-options"];
  // The page has the address of its server in it, so its tag differs.
  const comparable = (server: Running, path: string, { status, headers, body }: Answer) => ({
    status,
    // Go leaves the type out of an answer without a body.
    ...(status === 304 ? {} : { type: headers["content-type"] }),
    body: body.replaceAll(server.address, "http://server/").replaceAll(encodeURIComponent(server.address), "http://server/"),
    headers: Object.fromEntries(names.filter((n) => n !== "etag" || path !== `/s/${id}`).map((n) => [n, headers[n]])),
  });
  for (const [method, path, headers] of requests) {
    const [a, b] = await Promise.all([worker, local].map(async (server) => comparable(server, path, await ask(server, method, path, "", headers))));
    assert.deepEqual(a, b, `${method} ${path} ${JSON.stringify(headers ?? {})}`);
  }
});

test("the platform's limit of rates is kept, for each address by itself", async () => {
  const worker = servers["the Worker"]!;
  const statuses: number[] = [];
  let last: Answer | undefined;
  for (let i = 0; i < 11; i++) {
    last = await post(worker, "{", { "CF-Connecting-IP": "198.51.100.1" });
    statuses.push(last.status);
  }
  assert.deepEqual(statuses, [...Array<number>(10).fill(400), 429]);
  assert.equal(last!.headers["retry-after"], "60");
  assert.equal((await post(worker, "{", { "CF-Connecting-IP": "198.51.100.2" })).status, 400);
});

test("the Worker is ready to deploy", () => {
  const folder = mkdtempSync(join(tmpdir(), "site-deploy-"));
  try {
    const said = execFileSync(process.execPath, [join(top, "site/node_modules/wrangler/bin/wrangler.js"), "deploy", "--dry-run", "--outdir", folder], {
      cwd: join(top, "wasm/worker"),
      env: { PATH: process.env.PATH, HOME: folder, CI: "1", WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const binding of ["env.LINKS", "env.LIMIT", "env.ASSETS"]) assert.ok(said.includes(binding), said);
    const kilobytes = Number(/gzip: ([\d.]+) KiB/.exec(said)?.[1]);
    assert.ok(kilobytes > 0 && kilobytes < 3_000_000 / 1024, said);
    assert.ok(readdirSync(folder).some((file) => file.endsWith(".wasm")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
