import { deny, type Denial } from "./denial.ts";
import { actionOf } from "./eventactions.ts";
import { any, get, has, items, members, read, string, type Node } from "./json.ts";
import { denials, encodedCommand } from "./message.ts";
import { arn, isAccount, placeholder, quote, type World } from "./world.ts";
import type { Fields } from "./write.ts";

/** most is how many denied events become requests. */
const most = 200;

const deniedCode = /(^|\.)(Vpce)?(AccessDenied(Exception|Error|Fault)?|Unauthorized(Operation|Exception|Access)?|AuthorizationError(Exception)?|NotAuthorized(Exception)?)$/i;

/** isEvent tells whether a value looks like a record of CloudTrail, in any of the forms in which they are handed out. */
export function isEvent(node: Node | undefined): boolean {
  return !!node && ((any(node, "eventSource") !== undefined && any(node, "eventName") !== undefined) || has(node, "CloudTrailEvent") || isEvent1(get(node, "detail")));
}

const isEvent1 = (node: Node | undefined): boolean => any(node, "eventSource") !== undefined && any(node, "eventName") !== undefined;

/** events finds the records in what was pasted: one, a file of them, EventBridge's wrapping, the answer of lookup-events, rows of Athena. Each comes with the place to point at. */
export function* events(roots: readonly Node[]): Generator<{ event: Node; at: Node }> {
  for (const root of roots) {
    for (const one of items(get(root, "Records") ?? get(root, "Events") ?? get(root, "events") ?? root)) {
      const wrapped = get(one, "CloudTrailEvent");
      const inner = wrapped?.type === "string" ? read(wrapped.value) : null;
      const detail = get(one, "detail");
      if (inner) yield { event: inner, at: one };
      else if (isEvent1(detail)) yield { event: detail!, at: one };
      else if (isEvent(one)) yield { event: one, at: one };
    }
  }
}

/** part gives a member that Athena may hand out as a string of JSON. */
function part(event: Node, name: string): Node | undefined {
  const node = any(event, name);
  return node?.type === "string" && /^\s*[[{]/.test(node.value) ? (read(node.value) ?? node) : node;
}

/** readEvents makes a request of every denied event. */
export function readEvents(world: World, roots: readonly Node[]): void {
  const { notes } = world;
  let seen = 0;
  let other = 0;
  let beyond = 0;
  const asked = new Set<string>();
  let first = "";
  for (const { event, at } of events(roots)) {
    seen++;
    const code = string(any(event, "errorCode"));
    if (!deniedCode.test(code)) {
      if (code) notes.notUnderstood(`${quote(string(any(event, "eventName")))} ended with ${quote(code)}, which is no denial by IAM`, at);
      other++;
      continue;
    }
    const d = denial(world, event, at);
    if (!d) continue;
    const key = [d.principal, d.action, d.resource, d.via].join(" ");
    if (asked.has(key)) continue;
    if (asked.size >= most) {
      beyond++;
      continue;
    }
    if (!deny(world, d, at)) continue;
    asked.add(key);
    first ||= string(any(event, "eventTime"));
    notes.understood(`${d.principal} was denied ${d.action}${d.resource === "*" ? "" : ` on ${d.resource}`}`, at);
  }
  if (beyond) notes.notUnderstood(`${beyond.toLocaleString("en")} more denied events were left out, expected at most ${most} different ones`);
  if (world.requests.length === 0) {
    notes.notUnderstood(seen ? `found ${seen.toLocaleString("en")} event${seen === 1 ? "" : "s"} and none that IAM denied, expected an errorCode such as "AccessDenied"` : "found no event, expected records of CloudTrail");
    return;
  }
  if (other) notes.notUnderstood(`${other.toLocaleString("en")} event${other === 1 ? " was" : "s were"} left out because IAM did not deny ${other === 1 ? "it" : "them"}`);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(first)) world.time = first;
  world.title = world.requests.length === 1 ? String(world.requests[0]!.get("name")) : `${world.requests.length} denied requests`;
  world.description = "Made from CloudTrail. AWS's answer is written as the expectation: once the policies that are unknown here are filled in, the answer should be the same.";
}

const publicAddress = /^(\d{1,3}\.){3}\d{1,3}$|^[0-9a-f]*:[0-9a-f:.]*$/i;

function denial(world: World, event: Node, at: Node): Denial | null {
  const { notes } = world;
  const source = string(any(event, "eventSource"));
  const name = string(any(event, "eventName"));
  const region = string(any(event, "awsRegion"));
  const message = string(any(event, "errorMessage"));
  const identity = part(event, "userIdentity");
  const told = denials(message)[0]?.denial;
  const command = encodedCommand(message);
  if (command) notes.unknown(`what the encoded message says: only AWS can decode it. Run this, and paste what it prints:\n${command}`, at);
  const principal = caller(world, identity, event, at) || told?.principal || "";
  if (!principal) {
    notes.notUnderstood(`${quote(name)}: who called is not told, expected userIdentity with an ARN`, at);
    return null;
  }
  const action = told?.action ?? actionOf(source, name);
  const account = string(any(event, "recipientAccountId")) || arn(principal)?.account || placeholder;
  const target = resource(event, action.split(":")[0]!, region, account, at, world);
  const resourceArn = told && told.resource !== "*" ? told.resource : target.arn;
  if (resourceArn === "*") notes.unknown(`the resource of ${action}, because the event names none: "*" stands for it`, at);
  const context: Fields = new Map();
  const unknown = ["aws:PrincipalOrgID"];
  const address = string(any(event, "sourceIPAddress"));
  if (publicAddress.test(address)) context.set("aws:SourceIp", address);
  else unknown.push("aws:SourceIp");
  const agent = string(any(event, "userAgent"));
  if (agent && !/^[a-z0-9.-]+\.amazonaws\.com$/.test(agent)) context.set("aws:UserAgent", agent.slice(0, 512));
  if (region) context.set("aws:RequestedRegion", region);
  if (part(event, "tlsDetails")) context.set("aws:SecureTransport", true);
  else unknown.push("aws:SecureTransport");
  const session = get(identity, "sessionContext") ?? any(identity, "sessionContext");
  const attributes = any(session, "attributes");
  const mfa = string(any(attributes, "mfaAuthenticated"));
  if (mfa === "true" || mfa === "false") context.set("aws:MultiFactorAuthPresent", mfa === "true");
  const issued = string(any(attributes, "creationDate"));
  if (/^\d{4}-\d\d-\d\dT/.test(issued)) context.set("aws:TokenIssueTime", issued);
  const sourceIdentity = string(any(session, "sourceIdentity"));
  if (sourceIdentity) context.set("aws:SourceIdentity", sourceIdentity);
  const invoked = string(any(identity, "invokedBy"));
  if (invoked) {
    context.set("aws:ViaAWSService", true);
    if (/\.amazonaws\.com$/.test(invoked)) context.set("aws:CalledVia", [invoked]);
    else unknown.push("aws:CalledVia");
  }
  const via = string(any(event, "vpcEndpointId"));
  if (via && !/^vpce-/.test(via)) notes.notUnderstood(`the VPC endpoint is ${quote(via)}, expected vpce-…`, at);
  else if (via) unknown.push("aws:SourceVpc");
  const vpce = /^Vpce/i.test(string(any(event, "errorCode")));
  return {
    principal,
    action,
    resource: resourceArn,
    // A caller of another account is not named to the owner of the resource: then it is the owner who has the record.
    owner: target.owner || (/^AWS(Account|Service)$/.test(string(any(identity, "type"))) ? account : ""),
    role: string(any(any(session, "sessionIssuer"), "arn")),
    explicit: told ? told.explicit : null,
    layer: told?.layer || (vpce ? "vpce" : ""),
    policy: told?.policy,
    context,
    unknown,
    via: /^vpce-/.test(via) ? via : "",
  };
}

/** caller gives the principal of a record; "" when it names none. */
function caller(world: World, identity: Node | undefined, event: Node, at: Node): string {
  const { notes } = world;
  if (identity?.type === "string") {
    // Athena prints structures in a notation of its own; the ARN in it is plain.
    return /\barn=(arn:[^,}\s]+)/.exec(identity.value)?.[1] ?? "";
  }
  const type = string(any(identity, "type"));
  const own = string(any(identity, "arn"));
  const account = string(any(identity, "accountId"));
  const [id = "", session = ""] = string(any(identity, "principalId")).split(":");
  const userName = string(any(identity, "userName"));
  switch (type) {
    case "Root":
      return own || (isAccount(account) ? `arn:aws:iam::${account}:root` : "");
    case "AWSService":
      return string(any(identity, "invokedBy"));
    case "AWSAccount":
      if (own) return own;
      if (id.toUpperCase() === "ANONYMOUS_PRINCIPAL" || account.toUpperCase() === "ANONYMOUS_PRINCIPAL") return "anonymous";
      if (!isAccount(account)) return "";
      notes.unknown(`who called from account ${account}: the record names only ${quote(id || account)}`, at);
      return id.startsWith("AIDA") || !session ? `arn:aws:iam::${account}:user/${id || "unknown"}` : `arn:aws:sts::${account}:assumed-role/${id || "unknown"}/${session}`;
    case "WebIdentityUser":
    case "SAMLUser": {
      const provider = string(any(identity, "identityProvider"));
      return provider.startsWith("arn:") || provider.includes(".") ? provider : "";
    }
    case "IdentityCenterUser":
    case "Unknown":
    case "Directory":
      if (own) return own;
      notes.notUnderstood(`a caller of the type ${quote(type)} is no principal of IAM`, at);
      return "";
    case "FederatedUser":
    case "AssumedRole":
    case "IAMUser":
    default: {
      if (own) return own;
      const issuer = any(any(identity, "sessionContext"), "sessionIssuer");
      const role = string(any(issuer, "arn"));
      if (type === "Role" && role) return role;
      if (type === "AssumedRole" && arn(role)) return `arn:aws:sts::${arn(role)!.account}:assumed-role/${role.slice(role.lastIndexOf("/") + 1)}/${session || "session"}`;
      if (type === "IAMUser" && userName && isAccount(account)) return `arn:aws:iam::${account}:user/${userName}`;
      return any(event, "userIdentity") && string(any(identity, "accountId")) === "anonymous" ? "anonymous" : "";
    }
  }
}

type Template = [parameter: string, arn: string];

/** templates say how the parameters of a call name its resource: R is the region, A the account, V the value. */
const templates: Readonly<Record<string, Template[]>> = {
  iam: [["policyArn", "V"], ["userName", "arn:aws:iam::A:user/V"], ["roleName", "arn:aws:iam::A:role/V"], ["groupName", "arn:aws:iam::A:group/V"], ["instanceProfileName", "arn:aws:iam::A:instance-profile/V"], ["policyName", "arn:aws:iam::A:policy/V"]],
  sts: [["roleArn", "V"]],
  kms: [["keyId", "arn:aws:kms:R:A:key/V"]],
  dynamodb: [["tableName", "arn:aws:dynamodb:R:A:table/V"]],
  lambda: [["functionName", "arn:aws:lambda:R:A:function:V"]],
  sqs: [["queueName", "arn:aws:sqs:R:A:V"]],
  sns: [["topicArn", "V"], ["name", "arn:aws:sns:R:A:V"]],
  ssm: [["name", "arn:aws:ssm:R:A:parameter/V"], ["documentName", "arn:aws:ssm:R:A:document/V"]],
  logs: [["logGroupName", "arn:aws:logs:R:A:log-group:V"]],
  ecr: [["repositoryName", "arn:aws:ecr:R:A:repository/V"]],
  ecs: [["cluster", "arn:aws:ecs:R:A:cluster/V"], ["clusterName", "arn:aws:ecs:R:A:cluster/V"]],
  eks: [["name", "arn:aws:eks:R:A:cluster/V"]],
  rds: [["dBInstanceIdentifier", "arn:aws:rds:R:A:db:V"], ["dBClusterIdentifier", "arn:aws:rds:R:A:cluster:V"]],
  states: [["stateMachineArn", "V"]],
  kinesis: [["streamName", "arn:aws:kinesis:R:A:stream/V"]],
  events: [["name", "arn:aws:events:R:A:rule/V"]],
  codecommit: [["repositoryName", "arn:aws:codecommit:R:A:V"]],
  cloudwatch: [["alarmName", "arn:aws:cloudwatch:R:A:alarm:V"]],
  ec2: [["instanceId", "arn:aws:ec2:R:A:instance/V"], ["volumeId", "arn:aws:ec2:R:A:volume/V"], ["groupId", "arn:aws:ec2:R:A:security-group/V"], ["vpcId", "arn:aws:ec2:R:A:vpc/V"], ["subnetId", "arn:aws:ec2:R:A:subnet/V"], ["snapshotId", "arn:aws:ec2:R:A:snapshot/V"]],
  secretsmanager: [["secretId", "arn:aws:secretsmanager:R:A:secret:V"]],
  cloudtrail: [["name", "arn:aws:cloudtrail:R:A:trail/V"]],
};

function resource(event: Node, service: string, region: string, account: string, at: Node, world: World): { arn: string; owner: string } {
  const named = items(part(event, "resources")).filter((r) => arn(string(any(r, "ARN"))));
  const best = named.findLast((r) => arn(string(any(r, "ARN")))!.service === service);
  if (best) return { arn: string(any(best, "ARN")), owner: string(any(best, "accountId")) };
  const parameters = part(event, "requestParameters");
  const owner = isAccount(account) ? account : placeholder;
  if (service === "s3") {
    const bucket = string(any(parameters, "bucketName"));
    const key = string(any(parameters, "key"));
    return { arn: bucket ? `arn:aws:s3:::${bucket}${key ? `/${key}` : ""}` : "*", owner: "" };
  }
  const queue = /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com\/(\d{12})\/([\w.-]+)$/.exec(string(any(parameters, "queueUrl")));
  if (service === "sqs" && queue) return { arn: `arn:aws:sqs:${queue[1]}:${queue[2]}:${queue[3]}`, owner: queue[2]! };
  const sets = service === "ec2" ? items(get(any(parameters, "instancesSet"), "items")).concat(items(get(any(parameters, "volumeSet"), "items"))) : [];
  for (const [parameter, form] of Object.hasOwn(templates, service) ? templates[service]! : []) {
    const value = string(any(parameters, parameter)) || string(any(sets[0], parameter));
    if (arn(value)) return { arn: value, owner: arn(value)!.account };
    if (!value || /[*?\s]/.test(value) || form === "V") continue;
    if (service === "kms" && value.startsWith("alias/")) {
      world.notes.unknown(`which key the alias ${quote(value)} means`, at);
      return { arn: "*", owner: "" };
    }
    if (service === "iam" && /:(user|role|group|policy)\//.test(form)) world.notes.unknown(`the path of ${quote(value)}: it was taken to be "/"`, at);
    if (service === "secretsmanager") {
      world.notes.unknown(`the six characters that AWS puts behind the name of the secret ${quote(value)}: "-??????" was left away`, at);
    }
    return { arn: form.replaceAll("R", region).replace(":A:", `:${owner}:`).replace(/V$/, () => value.replace(/^\//, "")), owner };
  }
  const other = members(parameters).map((m) => string(m.value)).find((v) => arn(v)?.service === service);
  return other ? { arn: other, owner: arn(other)!.account } : { arn: "*", owner: "" };
}
