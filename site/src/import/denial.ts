import type { Node } from "./json.ts";
import { arn, isAccount, quote, type World } from "./world.ts";
import { object, type Fields, type Value } from "./write.ts";

/** Layer is the kind of policy that a denial names; "" when it names none. */
export type Layer = "identity" | "resource" | "boundary" | "session" | "scp" | "rcp" | "vpce" | "trust" | "";

/** Denial is a refused call, as a message or a record tells of it. */
export interface Denial {
  principal: string;
  action: string;
  /** role is the ARN of the role behind a session, which has the path that the session's lacks; "" when it is not told. */
  role?: string;
  /** resource is an ARN, or "*" when none is told. */
  resource: string;
  /** owner is the account of the resource where that is told, "" otherwise. */
  owner?: string;
  /** explicit says whether a policy denied, or none allowed; null when that is not told. */
  explicit: boolean | null;
  layer: Layer;
  /** policy is the ARN of the denying policy, "" when it is not told. */
  policy?: string;
  context?: Fields;
  unknown?: string[];
  /** via is the ID of the VPC endpoint, "" for none. */
  via?: string;
  vpc?: string;
}

const words: [RegExp, Layer][] = [
  [/identity[- ]based/i, "identity"],
  [/permissions? boundar/i, "boundary"],
  [/session polic/i, "session"],
  [/service control/i, "scp"],
  [/resource control/i, "rcp"],
  [/VPC ?endpoint/i, "vpce"],
  [/trust polic/i, "trust"],
  [/resource[- ]based/i, "resource"],
];

/** layerOf reads the kind of policy out of AWS's words. */
export function layerOf(text: string): Layer {
  return words.find(([pattern]) => pattern.test(text))?.[1] ?? "";
}

const actionForm = /^[a-z0-9-]+:[A-Za-z0-9]+$/i;

/** who is the short name of a principal. */
export function who(principal: string): string {
  const parts = (arn(principal)?.resource ?? principal).split("/");
  return parts[0] === "assumed-role" && parts.length > 2 ? `${parts.slice(2).join("/")} as ${parts[1]}` : parts.at(-1)!;
}

/** deny adds a refused call to a world: one request, and around it what it names, unknown where nothing is told. It returns false for what cannot be asked. */
export function deny(world: World, d: Denial, at?: Node): boolean {
  const { notes } = world;
  if (!actionForm.test(d.action)) {
    notes.notUnderstood(`the action is ${quote(d.action)}, expected a service and a name such as s3:GetObject`, at);
    return false;
  }
  const principal = world.caller(d.principal, at);
  if (!principal) {
    notes.notUnderstood(`the caller is ${quote(d.principal)}, expected the ARN of a user or a role session`, at);
    return false;
  }
  const role = arn(d.role ?? "")?.resource ?? "";
  const issued = /^role(\/.+\/)([^/]+)$/.exec(role);
  if (issued) world.accounts.get(arn(d.role!)!.account)?.roles.get(issued[2]!)?.set("path", issued[1]!);
  let resource = d.resource;
  const target = arn(resource);
  if (!target && resource !== "*") {
    notes.unknown(`the resource: ${quote(resource)} is not an ARN, so "*" stands for it`, at);
    resource = "*";
  }
  const caller = arn(principal);
  const told = d.owner && isAccount(d.owner) ? d.owner : target && isAccount(target.account) ? target.account : "";
  const covering = (entry: string) => resource === entry || resource.startsWith(`${entry}/`) || resource.startsWith(`${entry}:`);
  const holder = told ? "" : [...world.accounts].find(([, a]) => [...a.resources.keys()].some(covering))?.[0];
  const owner = told || holder || (caller?.account ?? "");
  if (target && !told && !holder && owner) notes.unknown(`whose ${resource} is: it was taken to belong to the caller's account ${owner}`, at);
  if (told && told !== caller?.account) world.account(told);
  if (target?.service === "iam" && target.resource.startsWith("role/") && /^sts:AssumeRole/i.test(d.action) && target.partition === "aws") trusted(world, target.account, target.resource, at);
  else if (d.layer === "resource" && target && world.accounts.has(owner)) world.resource(owner, resource).set("policy", "unknown");
  else world.target(resource, owner, at);
  if (d.via) {
    const account = caller && isAccount(caller.account) ? caller.account : owner;
    if (isAccount(account)) world.account(account).vpcEndpoints.set(d.via, object(["vpc", d.vpc], ["policy", "unknown"]));
    notes.unknown(`the policy of the VPC endpoint ${d.via}`, at);
  }
  const via = layered(world, d, principal, owner, at) || d.via;
  world.requests.push(
    object(
      ["name", `${who(principal)} was denied ${d.action}`],
      ["principal", principal],
      ["action", d.action],
      ["resource", resource],
      ["context", d.context?.size ? d.context : undefined],
      ["unknown", d.unknown?.length ? d.unknown : undefined],
      ["via", via && [...world.accounts.values()].some((a) => a.vpcEndpoints.has(via)) ? via : undefined],
      ["expect", expectation(d, target?.service ?? "")],
    ),
  );
  return true;
}

/** expectation is AWS's answer: what the world must give once it is complete. */
function expectation(d: Denial, service: string): Value {
  if (d.explicit === null) return "denied";
  const decision = d.explicit ? "explicitDeny" : "implicitDeny";
  const by = d.layer === "resource" && service === "kms" ? "keyPolicy" : d.layer;
  return by ? object(["decision", decision], ["decidedBy", [by]]) : decision;
}

function trusted(world: World, account: string, resource: string, at?: Node): void {
  const name = resource.slice(resource.lastIndexOf("/") + 1);
  const path = resource.slice("role".length, resource.lastIndexOf("/") + 1);
  if (!isAccount(account) || world.account(account).roles.has(name)) {
    if (isAccount(account)) world.identity(account, "roles", name, at).set("trust", "unknown");
    return;
  }
  const role = world.identity(account, "roles", name, at);
  if (path !== "/") role.set("path", path);
  role.set("trust", "unknown");
  role.set("policies", ["unknown"]);
  world.notes.unknown(`the trust policy of the role ${quote(name)}`, at);
}

/** layered puts an unknown policy where the denial came from. It returns the VPC endpoint that the request must pass, "" for none. */
function layered(world: World, d: Denial, principal: string, owner: string, at?: Node): string {
  const caller = arn(principal);
  const account = caller && isAccount(caller.account) && world.accounts.has(caller.account) ? world.account(caller.account) : null;
  const parts = caller?.resource.split("/") ?? [];
  const identity = parts[0] === "user" ? account?.users.get(parts.at(-1)!) : parts[0] === "assumed-role" ? account?.roles.get(parts[1]!) : undefined;
  const managed = /:policy\//.test(d.policy ?? "") && arn(d.policy!) ? d.policy! : "";
  switch (d.layer) {
    case "identity":
      if (identity && managed) world.attach(identity, managed);
      break;
    case "boundary":
      identity?.set("boundary", managed || "unknown");
      world.notes.unknown(`the permissions boundary of ${who(principal)}`, at);
      break;
    case "session":
      if (identity && parts[0] === "assumed-role") {
        const sessions = (identity.get("sessions") as Fields | undefined) ?? new Map<string, Value>();
        sessions.set(parts.slice(2).join("/"), object(["policies", [managed || "unknown"]]));
        identity.set("sessions", sessions);
        world.notes.unknown(`the session policy of ${who(principal)}`, at);
      }
      break;
    case "scp":
    case "rcp": {
      const id = d.layer === "scp" ? caller?.account : owner;
      if (!id || !world.accounts.has(id)) break;
      const member = d.layer === "scp" ? "scps" : "rcps";
      const full = d.layer === "scp" ? "FullAWSAccess" : "RCPFullAWSAccess";
      const root = (world.organization?.get("root") as Fields | undefined) ?? new Map<string, Value>();
      const accounts = (root.get("accounts") as string[] | undefined) ?? [];
      if (!root.has(member)) root.set(member, d.explicit === false ? ["unknown"] : [full, "unknown"]);
      root.delete("accounts");
      root.set("accounts", [...new Set([...accounts, id])]);
      world.organization = object(["root", root]);
      world.notes.unknown(`the ${d.layer === "scp" ? "service" : "resource"} control policies of account ${id}, and the organization they come from`, at);
      break;
    }
    case "vpce": {
      if (d.via || !account) break;
      account.vpcEndpoints.set("vpce-00000000", object(["policy", "unknown"]));
      world.notes.unknown('the VPC endpoint that the request passed: "vpce-00000000" stands for it', at);
      return "vpce-00000000";
    }
    case "trust":
    case "resource":
    case "":
  }
  return "";
}
