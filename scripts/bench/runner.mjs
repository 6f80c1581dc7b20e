// The part of make bench that runs in Node and Chromium. It reads one order a
// line on standard input, {"in": "node" | "chromium" | "peer", "kind", "n"} or
// {"in": "page", "url"}, and answers each with one line: the milliseconds of
// processor time that n repetitions took, which other programs on the machine
// do not lengthen, or those that the page took until its first answer.
//
//   node runner.mjs FOLDER PEER PLAYWRIGHT CHROMIUM
//
// FOLDER holds loops.wasm, wasm_exec.js, scenario.json and simulations.json;
// PEER and PLAYWRIGHT are folders with node_modules.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [folder, peerFolder, playwrightFolder, executablePath] = process.argv.slice(2);
const from = (modules) => createRequire(pathToFileURL(join(resolve(modules), "package.json")));
const scenario = await readFile(join(folder, "scenario.json"), "utf8");

// Node.
from(".")(resolve(folder, "wasm_exec.js"));
const go = new globalThis.Go();
const { instance } = await WebAssembly.instantiate(await readFile(join(folder, "loops.wasm")), go.importObject);
go.run(instance);
const inNode = globalThis.iamplaygroundLoops(scenario);

// The peer, with policies that it has validated before: its public call, and
// the one without checks, which answers with the decision only.
const peer = from(peerFolder)("@cloud-copilot/iam-simulate");
const policies = from(peerFolder)("@cloud-copilot/iam-policy");
const simulations = JSON.parse(await readFile(join(folder, "simulations.json"), "utf8"));
const validated = (policy, validate) => policy && policies.createValidatedPolicy(policy, validate, { name: "policy" });
const all = (list, validate) => list?.map((p) => ({ ...p, policy: validated(p.policy, validate) }));
const levels = (list, validate) => list.map((l) => ({ ...l, policies: all(l.policies, validate) }));
for (const s of simulations) {
  s.identityPolicies = all(s.identityPolicies, policies.validateIdentityPolicy);
  s.permissionBoundaryPolicies = all(s.permissionBoundaryPolicies, policies.validateIdentityPolicy);
  s.serviceControlPolicies = levels(s.serviceControlPolicies, policies.validateServiceControlPolicy);
  s.resourceControlPolicies = levels(s.resourceControlPolicies, policies.validateResourceControlPolicy);
  s.resourcePolicy = validated(s.resourcePolicy, policies.validateResourcePolicy);
}
// That call does not add RCPFullAWSAccess, all that the measured RCPs have.
const bare = simulations.map((s) => ({ ...s, resourceControlPolicies: [] }));
const words = { Allowed: "allowed", ExplicitlyDenied: "explicitDeny", ImplicitlyDenied: "implicitDeny" };
const expected = JSON.parse(scenario).requests.map((r) => r.expect);
for (const [i, s] of simulations.entries()) {
  const result = await peer.runSimulation(s, {});
  const found = [words[result.overallResult] ?? JSON.stringify(result.errors), words[peer.runUnsafeSimulation(bare[i], {})]];
  if (found.some((f) => f !== expected[i])) throw new Error(`the peer answers request ${i} with ${found}, expected ${expected[i]}`);
}

// Chromium.
const files = {
  "/": ["text/html", "<!doctype html><title>loops</title><script src=wasm_exec.js></script>"],
  "/wasm_exec.js": ["text/javascript", await readFile(join(folder, "wasm_exec.js"))],
  "/loops.wasm": ["application/wasm", await readFile(join(folder, "loops.wasm"))],
};
const server = createServer((request, response) => {
  const [type, body] = files[request.url] ?? ["text/plain", ""];
  response.writeHead(200, { "content-type": type });
  response.end(body);
}).listen(0, "127.0.0.1");
const args = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(" ");
const browser = await from(playwrightFolder)("playwright-core").chromium.launch({ executablePath, args });
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await page.evaluate(async (text) => {
  const go = new Go();
  const { instance } = await WebAssembly.instantiateStreaming(fetch("loops.wasm"), go.importObject);
  go.run(instance);
  globalThis.loop = iamplaygroundLoops(text);
}, scenario);

const inChromium = await page.context().newCDPSession(page);
await inChromium.send("Performance.enable", { timeDomain: "threadTicks" });
async function chromiumTime() {
  const { metrics } = await inChromium.send("Performance.getMetrics");
  return metrics.find((m) => m.name === "TaskDuration").value * 1000;
}

function nodeTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const contestants = {
  node({ kind, n }) {
    const start = nodeTime();
    inNode(kind, n);
    return nodeTime() - start;
  },
  async peer({ kind, n }) {
    const start = nodeTime();
    for (let i = 0; i < n; i++) {
      if (kind === "explain") await peer.runSimulation(simulations[i % simulations.length], {});
      else peer.runUnsafeSimulation(bare[i % bare.length], {});
    }
    return nodeTime() - start;
  },
  async chromium({ kind, n }) {
    const start = await chromiumTime();
    await page.evaluate(([kind, n]) => void globalThis.loop(kind, n), [kind, n]);
    return (await chromiumTime()) - start;
  },
  // A page that no browser has seen before: nothing is cached. It is answered
  // when the answer's headline is a decision.
  async page({ url }) {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.addInitScript(() => {
        const answered = () => /Allowed|Denied|Depends/.test(document.querySelector("#answer-word")?.textContent ?? "");
        new MutationObserver((_, observer) => {
          if (!answered()) return;
          globalThis.firstAnswer = performance.now();
          observer.disconnect();
        }).observe(document, { subtree: true, childList: true, characterData: true });
      });
      await page.goto(url);
      const found = await page.waitForFunction(() => globalThis.firstAnswer, null, { timeout: 20_000 });
      return await found.jsonValue();
    } finally {
      await context.close();
    }
  },
};

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  try {
    console.log(JSON.stringify({ ms: await contestants[order.in](order) }));
  } catch (problem) {
    console.log(JSON.stringify({ problem: String(problem) }));
  }
}
await browser.close();
server.close();
process.exit();
