// Asks the peer: reads one simulation a line on standard input and answers each
// with a line, {"decision"} or {"problem"}, and the context keys that the peer
// left out because the action does not have them.
//
//   node runner.mjs PEER
//
// PEER is the folder whose node_modules has the peer.
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { runSimulation } = createRequire(pathToFileURL(join(resolve(process.argv[2]), "package.json")))("@cloud-copilot/iam-simulate");
const words = { Allowed: "allowed", ExplicitlyDenied: "explicitDeny", ImplicitlyDenied: "implicitDeny" };

async function ask(simulation) {
  try {
    const answer = await runSimulation(simulation, {});
    if (answer.resultType === "error") return { problem: JSON.stringify(answer.errors) };
    return { decision: words[answer.overallResult], ignored: (answer.result ?? answer.results[0])?.ignoredContextKeys ?? [] };
  } catch (problem) {
    return { problem: String(problem) };
  }
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await ask(JSON.parse(line))));
