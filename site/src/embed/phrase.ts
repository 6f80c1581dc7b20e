/** Phrase is a request in words: "who=ali do=s3:GetObject on=acme-reports/q1.csv with aws:SourceIp=203.0.113.7". */
export interface Phrase {
  who: string;
  do: string;
  on: string;
  context: [key: string, value: string][];
}

/** account is the one that a policy without a world is put into. */
const account = "111122223333";

/** isPhrase tells a request in words from the name or the number of one. */
export function isPhrase(request: string): boolean {
  return /^\s*(who|do|on)\s*=/.test(request);
}

/** parsePhrase reads a request in words. Values with blanks stand in quotes. It throws an Error that says what to write instead. */
export function parsePhrase(text: string): Phrase {
  const phrase: Phrase = { who: "", do: "", on: "", context: [] };
  let context = false;
  const word = /\s*(?:(with|and)(?=\s)|([^\s="']+)=(?:"([^"]*)"|'([^']*)'|([^\s"']*))(?=\s|$)|(\S+))/gy;
  for (let match = word.exec(text); match; match = word.exec(text)) {
    const [, joint, key = "", double, single, bare, other] = match;
    if (other !== undefined) throw new Error(`found ${JSON.stringify(other)} in the request, expected who=…, do=…, on=… or with KEY=VALUE`);
    if (joint) {
      context = true;
      continue;
    }
    const value = double ?? single ?? bare ?? "";
    if (context) phrase.context.push([key, value]);
    else if (key !== "who" && key !== "do" && key !== "on") throw new Error(`found ${JSON.stringify(key)} in the request, expected who, do or on; a context key follows "with"`);
    else if (phrase[key] !== "") throw new Error(`found ${key}= twice in the request, expected it once`);
    else phrase[key] = value;
  }
  for (const key of ["who", "do", "on"] as const) if (phrase[key] === "") throw new Error(`found no ${key}= in the request, expected "who=ali do=s3:GetObject on=BUCKET/KEY"`);
  if (!/^[a-z0-9-]+:[A-Za-z0-9]+$/i.test(phrase.do)) throw new Error(`found do=${JSON.stringify(phrase.do)}, expected an action such as s3:GetObject`);
  if (!phrase.on.startsWith("arn:") && phrase.on !== "*" && !phrase.do.toLowerCase().startsWith("s3:")) throw new Error(`found on=${JSON.stringify(phrase.on)}, expected an ARN or "*"`);
  return phrase;
}

/** put puts a text into a JSON document in the place of a string, indented as the place is. */
function put(document: string, mark: string, text: string): string {
  const quoted = JSON.stringify(mark);
  const line = document.split("\n").find((l) => l.includes(quoted)) ?? "";
  const indent = /^ */.exec(line)![0];
  return document.replace(quoted, () => text.trim().replace(/\r?\n/g, `\n${indent}`));
}

/**
 * scenarioAround makes a scenario of one policy and one request. A policy that names principals belongs to the resource, or, for a
 * role that is assumed, to the role; any other belongs to the caller. The policy's own text stays as it was written.
 */
export function scenarioAround(policy: string, phrase: Phrase): string {
  let value: unknown;
  try {
    value = JSON.parse(policy);
  } catch (error) {
    throw new Error(`the block of code is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const statements = (value as { Statement?: unknown } | null)?.Statement;
  if (!statements) throw new Error("the block of code holds no Statement, expected an IAM policy or a scenario");
  const named = [statements].flat().some((s) => typeof s === "object" && s !== null && ("Principal" in s || "NotPrincipal" in s));

  const resource = phrase.on.startsWith("arn:") || phrase.on === "*" ? phrase.on : `arn:aws:s3:::${phrase.on}`;
  const role = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(resource);
  const bucket = /^arn:aws[a-z-]*:s3:::[^/]+/.exec(resource)?.[0] ?? resource;
  const session = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(phrase.who);
  const user = /^arn:aws[a-z-]*:iam::(\d{12}):user(\/|\/.*\/)([^/]+)$/.exec(phrase.who);
  const plain = !/[:/]/.test(phrase.who) && phrase.who !== "anonymous" && !phrase.who.includes(".amazonaws.");

  // No attribute can hold it, so nothing that the page says is taken for it.
  const mark = "\0policy";
  const own = named ? {} : { inline: { policy: mark } };
  const accounts: Record<string, Record<string, unknown>> = {};
  const add = (id: string, member: string, name: string, thing: object) => {
    const all = (accounts[id] ??= {});
    all[member] = { ...(all[member] as object | undefined), [name]: thing };
  };
  const trust = JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" } });
  if (session) add(session[1]!, "roles", session[2]!, { trust: JSON.parse(trust), ...own });
  else if (user) add(user[1]!, "users", user[3]!, { ...(user[2] === "/" ? {} : { path: user[2] }), ...own });
  else if (plain) add(account, "users", phrase.who, own);
  else if (!named) throw new Error(`found who=${JSON.stringify(phrase.who)}, expected a user's name, or the ARN of a user or of a role session, to whom the policy belongs`);
  const home = session?.[1] ?? user?.[1] ?? account;
  if (named && role) add(role[1]!, "roles", role[2]!, { trust: mark });
  else if (resource !== "*") add(home, "resources", bucket, named ? { policy: mark } : {});
  else if (named) throw new Error('found on="*", expected the ARN of the resource to which the policy belongs');

  const values: Record<string, string | string[]> = {};
  for (const [key, one] of phrase.context) values[key] = Object.hasOwn(values, key) ? [values[key]!, one].flat() : one;
  const request = {
    name: `${phrase.who} wants to ${phrase.do}`,
    principal: plain ? `arn:aws:iam::${account}:user/${phrase.who}` : phrase.who,
    action: phrase.do,
    resource,
    ...(phrase.context.length ? { context: values } : {}),
  };
  const title = `May ${plain ? phrase.who : (session?.[2] ?? user?.[3] ?? phrase.who)} ${phrase.do}?`;
  return put(`${JSON.stringify({ version: 1, title, accounts, requests: [request] }, null, 2)}\n`, mark, policy);
}
