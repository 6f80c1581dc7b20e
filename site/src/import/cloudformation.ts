import { get, has, items, members, string, type Member, type Node } from "./json.ts";
import { arn, placeholder, quote, type IdentityKind, type World } from "./world.ts";
import { object, type Fields } from "./write.ts";

const region = "us-east-1";

/** isTemplate tells whether a value is a CloudFormation template. */
export function isTemplate(node: Node): boolean {
  const resources = get(node, "Resources");
  if (resources?.type !== "object") return has(node, "AWSTemplateFormatVersion");
  return has(node, "AWSTemplateFormatVersion") || resources.members.some((m) => /^(AWS|Custom|Alexa)::/.test(string(get(m.value, "Type"))));
}

/** Unknown is the reason why a value of a template cannot be told before the stack is made. */
class Unknown extends Error {}

/** absent is what AWS::NoValue leaves. */
const absent = Symbol("absent");

/** names say which property names a resource of a type; the logical ID stands in. */
const names: Readonly<Record<string, string>> = {
  "AWS::IAM::Role": "RoleName",
  "AWS::IAM::User": "UserName",
  "AWS::IAM::Group": "GroupName",
  "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
  "AWS::IAM::InstanceProfile": "InstanceProfileName",
  "AWS::S3::Bucket": "BucketName",
  "AWS::SQS::Queue": "QueueName",
  "AWS::SNS::Topic": "TopicName",
  "AWS::KMS::Key": "",
  "AWS::DynamoDB::Table": "TableName",
  "AWS::Lambda::Function": "FunctionName",
  "AWS::Serverless::Function": "FunctionName",
  "AWS::SecretsManager::Secret": "Name",
  "AWS::Logs::LogGroup": "LogGroupName",
  "AWS::ECR::Repository": "RepositoryName",
  "AWS::Kinesis::Stream": "Name",
  "AWS::StepFunctions::StateMachine": "StateMachineName",
};

/** arns are the ARNs by type: N is the name, P the path with its slashes. */
const arns: Readonly<Record<string, string>> = {
  "AWS::IAM::Role": `arn:aws:iam::${placeholder}:roleP`,
  "AWS::IAM::User": `arn:aws:iam::${placeholder}:userP`,
  "AWS::IAM::Group": `arn:aws:iam::${placeholder}:groupP`,
  "AWS::IAM::ManagedPolicy": `arn:aws:iam::${placeholder}:policyP`,
  "AWS::IAM::InstanceProfile": `arn:aws:iam::${placeholder}:instance-profileP`,
  "AWS::S3::Bucket": "arn:aws:s3:::",
  "AWS::SQS::Queue": `arn:aws:sqs:${region}:${placeholder}:`,
  "AWS::SNS::Topic": `arn:aws:sns:${region}:${placeholder}:`,
  "AWS::KMS::Key": `arn:aws:kms:${region}:${placeholder}:key/`,
  "AWS::DynamoDB::Table": `arn:aws:dynamodb:${region}:${placeholder}:table/`,
  "AWS::Lambda::Function": `arn:aws:lambda:${region}:${placeholder}:function:`,
  "AWS::Serverless::Function": `arn:aws:lambda:${region}:${placeholder}:function:`,
  "AWS::SecretsManager::Secret": `arn:aws:secretsmanager:${region}:${placeholder}:secret:`,
  "AWS::Logs::LogGroup": `arn:aws:logs:${region}:${placeholder}:log-group:`,
  "AWS::ECR::Repository": `arn:aws:ecr:${region}:${placeholder}:repository/`,
  "AWS::Kinesis::Stream": `arn:aws:kinesis:${region}:${placeholder}:stream/`,
  "AWS::StepFunctions::StateMachine": `arn:aws:states:${region}:${placeholder}:stateMachine:`,
};

/** refersByArn are types whose Ref is the ARN, not the name. */
const refersByArn: ReadonlySet<string> = new Set(["AWS::IAM::ManagedPolicy", "AWS::SNS::Topic", "AWS::SecretsManager::Secret", "AWS::StepFunctions::StateMachine"]);

const pseudo: Readonly<Record<string, string>> = {
  "AWS::AccountId": placeholder,
  "AWS::Region": region,
  "AWS::Partition": "aws",
  "AWS::URLSuffix": "amazonaws.com",
  "AWS::StackName": "stack",
};

const maxSteps = 500_000;

/** Template resolves the values of a template as far as they can be told without making the stack. */
class Template {
  private steps = 0;

  constructor(
    private readonly root: Node,
    private readonly world: World,
  ) {}

  resource(id: string): Node | undefined {
    return get(this.root, "Resources", id);
  }

  /** name gives the name of a resource; the logical ID where AWS makes one up. */
  name(id: string): string {
    const node = this.resource(id);
    const type = string(get(node, "Type"));
    const property = Object.hasOwn(names, type) ? names[type]! : "";
    const written = property ? get(node, "Properties", property) : undefined;
    if (written) {
      try {
        const name = this.text(written);
        if (name) return name;
      } catch (error) {
        if (!(error instanceof Unknown)) throw error;
      }
    }
    const name = type === "AWS::S3::Bucket" ? id.toLowerCase() : id;
    this.world.notes.unknown(`the name of ${quote(id)}, which AWS makes up: ${quote(name)} stands for it`, node);
    return name;
  }

  arn(id: string): string {
    const node = this.resource(id);
    const type = string(get(node, "Type"));
    if (!Object.hasOwn(arns, type)) throw new Unknown(`the ARN of ${quote(id)}`);
    const path = /^AWS::IAM::/.test(type) ? this.maybe(get(node, "Properties", "Path")) || "/" : "";
    return arns[type]!.replace(/P$/, "") + path + this.name(id);
  }

  private maybe(node: Node | undefined): string {
    try {
      return node ? this.text(node) : "";
    } catch (error) {
      if (error instanceof Unknown) return "";
      throw error;
    }
  }

  private ref(name: string): string | typeof absent | Node {
    if (name === "AWS::NoValue") return absent;
    if (Object.hasOwn(pseudo, name)) {
      this.world.notes.unknown(`${name}: ${quote(pseudo[name]!)} stands for it`);
      return pseudo[name]!;
    }
    const parameter = get(this.root, "Parameters", name);
    if (parameter) {
      const standard = get(parameter, "Default");
      if (!standard) throw new Unknown(`the parameter ${quote(name)} without a default`);
      this.world.notes.unknown(`the parameter ${quote(name)}: its default ${quote(string(standard))} stands for it`, parameter);
      if (/List/.test(string(get(parameter, "Type")))) return { type: "array", start: standard.start, end: standard.end, items: string(standard).split(",").map((v) => ({ type: "string", start: standard.start, end: standard.end, value: v.trim() })) };
      return string(standard);
    }
    const type = string(get(this.resource(name), "Type"));
    if (!type) throw new Unknown(`the reference to ${quote(name)}, which the template does not describe`);
    if (type === "AWS::SQS::Queue") return `https://sqs.${region}.amazonaws.com/${placeholder}/${this.name(name)}`;
    if (refersByArn.has(type)) return this.arn(name);
    return this.name(name);
  }

  private attribute(id: string, attribute: string): string {
    if (attribute === "Arn" || attribute === "QueueArn" || attribute === "TopicArn" || attribute === "PolicyArn") return this.arn(id);
    if (attribute === "QueueName" || attribute === "TopicName" || attribute === "KeyId") return this.name(id);
    throw new Unknown(`the attribute ${quote(attribute)} of ${quote(id)}`);
  }

  /** text resolves a value that must be a text. It throws Unknown. */
  text(node: Node): string {
    const value = this.value(node);
    if (value === absent) return "";
    if (value.type === "object" || value.type === "array") throw new Unknown("a value that should be a text");
    return string(value);
  }

  /** value resolves a value. It throws Unknown when a part of it cannot be told. */
  value(node: Node, depth = 0): Node | typeof absent {
    if (++this.steps > maxSteps || depth > 100) throw new Unknown("a value that goes round in circles");
    const at = { start: node.start, end: node.end };
    const made = (value: string): Node => ({ type: "string", ...at, value });
    if (node.type === "array") {
      const out: Node[] = [];
      for (const item of node.items) {
        const value = this.value(item, depth + 1);
        // A list that stands for one item, as a default of a list does, takes its place.
        if (value === absent) continue;
        out.push(value);
      }
      return { ...node, items: out };
    }
    if (node.type !== "object") return node;
    const only = node.members.length === 1 ? node.members[0]! : null;
    if (only && (only.key === "Ref" || only.key.startsWith("Fn::"))) {
      const found = this.call(only, depth);
      return typeof found === "string" ? made(found) : found;
    }
    const out: Member[] = [];
    for (const { key, value } of node.members) {
      const inner = this.value(value, depth + 1);
      if (inner !== absent) out.push({ key, value: inner });
    }
    return { ...node, members: out };
  }

  private list(node: Node | undefined, depth: number): Node[] {
    const value = node ? this.value(node, depth + 1) : absent;
    return value === absent ? [] : items(value);
  }

  private call({ key, value }: Member, depth: number): string | Node | typeof absent {
    switch (key) {
      case "Ref":
        return this.ref(string(value));
      case "Fn::GetAtt": {
        const [id = "", ...rest] = value.type === "array" ? value.items.map(string) : string(value).split(".");
        return this.attribute(id, rest.join("."));
      }
      case "Fn::Sub": {
        const form = string(value.type === "array" ? value.items[0] : value);
        const own = value.type === "array" ? value.items[1] : undefined;
        return form.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
          if (literal) return `\${${name}}`;
          const given = get(own, name.trim());
          if (given) return this.text(given);
          const [id = "", ...rest] = name.trim().split(".");
          if (rest.length) return this.attribute(id, rest.join("."));
          const found = this.ref(id);
          return typeof found === "string" ? found : "";
        });
      }
      case "Fn::Join": {
        const parts = get(value, 1);
        return this.list(parts, depth).map((n) => string(n)).join(string(get(value, 0)));
      }
      case "Fn::Split":
        return { type: "array", start: value.start, end: value.end, items: this.text(get(value, 1) ?? value).split(string(get(value, 0))).map((v) => ({ type: "string", start: value.start, end: value.end, value: v })) };
      case "Fn::Select": {
        const chosen = this.list(get(value, 1), depth)[Number(string(get(value, 0)))];
        if (!chosen) throw new Unknown("Fn::Select of a list without that place");
        return chosen;
      }
      case "Fn::FindInMap": {
        const [map, first, second] = items(value).map((n) => this.text(n));
        const found = get(this.root, "Mappings", map ?? "", first ?? "", second ?? "");
        if (!found) throw new Unknown(`Fn::FindInMap of ${quote([map, first, second].join(" "))}`);
        return found;
      }
      case "Fn::ImportValue":
        throw new Unknown("Fn::ImportValue");
      case "Fn::If":
        throw new Unknown(`the condition ${quote(string(get(value, 0)))}`);
      default:
        throw new Unknown(key);
    }
  }
}

/** readTemplate makes a world of a template's identities, policies and resources. */
export function readTemplate(world: World, root: Node): void {
  const { notes } = world;
  const template = new Template(root, world);
  const id = placeholder;
  world.assumed = true;
  world.account(id);
  notes.unknown(`AWS::AccountId: ${quote(id)} stands for it`);
  const counts = new Map<string, number>();
  const others = new Map<string, number>();

  const text = (node: Node | undefined, what: string): string => {
    if (!node) return "";
    try {
      return template.text(node);
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
      notes.unknown(`${what}: it rests on ${error.message}, known only once the stack is made`, node);
      return "";
    }
  };
  const texts = (node: Node | undefined, what: string): string[] => {
    if (!node) return [];
    if (node.type === "array") return node.items.flatMap((one) => texts(one, what));
    try {
      const value = template.value(node);
      return typeof value === "symbol" ? [] : items(value).map(string).filter(Boolean);
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
      notes.unknown(`${what}: it rests on ${error.message}, known only once the stack is made`, node);
      return ["unknown"];
    }
  };
  const policy = (node: Node | undefined, what: string) => {
    if (!node) return world.document(node, what);
    try {
      const value = template.value(node);
      return world.document(typeof value === "symbol" ? undefined : value, what);
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
      notes.unknown(`${what} is unknown as a whole: it rests on ${error.message}, known only once the stack is made`, node);
      return "unknown";
    }
  };
  /** who gives the identities that a list names: of the template, or others by name. */
  const attachTo = (properties: Node | undefined, to: (identity: Fields) => void) => {
    for (const [member, kind] of [["Roles", "roles"], ["Users", "users"], ["Groups", "groups"]] as const)
      for (const name of texts(get(properties, member), `whom the policy is attached to`)) if (name !== "unknown") to(world.identity(id, kind, name));
  };
  const described = (into: Fields, kind: IdentityKind, what: string, properties: Node | undefined) => {
    const path = text(get(properties, "Path"), `the path of ${what}`);
    if (path && path !== "/" && kind !== "groups") into.set("path", path);
    for (const reference of texts(get(properties, "ManagedPolicyArns"), `a policy attached to ${what}`)) world.attach(into, reference);
    for (const one of items(get(properties, "Policies"))) {
      const name = text(get(one, "PolicyName"), `the name of a policy of ${what}`);
      world.inline(into, name, policy(get(one, "PolicyDocument"), `the policy ${quote(name)} of ${what}`));
    }
    const boundary = get(properties, "PermissionsBoundary");
    if (boundary) into.set("boundary", text(boundary, `the permissions boundary of ${what}`) || "unknown");
    const tags: Fields = new Map();
    for (const tag of items(get(properties, "Tags"))) {
      const key = text(get(tag, "Key"), `a tag of ${what}`);
      const value = text(get(tag, "Value"), `the tag ${quote(key)} of ${what}`);
      if (key) tags.set(key, value);
    }
    if (tags.size) into.set("tags", tags);
  };
  const resourceArn = (named: string, type: string): string => {
    if (arn(named)) return named;
    const queue = /^https:\/\/sqs\.([^.]+)\.[^/]+\/(\d{12})\/(.+)$/.exec(named);
    if (queue) return `arn:aws:sqs:${queue[1]}:${queue[2]}:${queue[3]}`;
    return named ? (arns[type] ?? "").replace(/P$/, "/") + named : "";
  };

  for (const { key: logical, value: node } of members(get(root, "Resources"))) {
    const type = string(get(node, "Type"));
    const properties = get(node, "Properties");
    const what = quote(logical);
    let known = true;
    switch (type) {
      case "AWS::IAM::Role": {
        const role = world.identity(id, "roles", template.name(logical), node);
        role.set("trust", policy(get(properties, "AssumeRolePolicyDocument"), `the trust policy of ${what}`));
        described(role, "roles", what, properties);
        break;
      }
      case "AWS::IAM::User": {
        const user = world.identity(id, "users", template.name(logical), node);
        const groups = texts(get(properties, "Groups"), `the groups of ${what}`).filter((g) => g !== "unknown");
        if (groups.length) user.set("groups", groups);
        described(user, "users", what, properties);
        break;
      }
      case "AWS::IAM::Group":
        described(world.identity(id, "groups", template.name(logical), node), "groups", what, properties);
        break;
      case "AWS::IAM::ManagedPolicy": {
        const name = world.managed(id, template.name(logical), policy(get(properties, "PolicyDocument"), what), node);
        attachTo(properties, (identity) => world.attach(identity, name));
        break;
      }
      case "AWS::IAM::Policy": {
        const name = text(get(properties, "PolicyName"), `the name of ${what}`) || logical;
        const document = policy(get(properties, "PolicyDocument"), what);
        attachTo(properties, (identity) => world.inline(identity, name, document));
        break;
      }
      case "AWS::IAM::RolePolicy":
      case "AWS::IAM::UserPolicy":
      case "AWS::IAM::GroupPolicy": {
        const [member, kind] = type === "AWS::IAM::RolePolicy" ? (["RoleName", "roles"] as const) : type === "AWS::IAM::UserPolicy" ? (["UserName", "users"] as const) : (["GroupName", "groups"] as const);
        const owner = text(get(properties, member), `whom ${what} belongs to`);
        if (owner) world.inline(world.identity(id, kind, owner, node), text(get(properties, "PolicyName"), `the name of ${what}`) || logical, policy(get(properties, "PolicyDocument"), what));
        break;
      }
      case "AWS::IAM::UserToGroupAddition": {
        const group = text(get(properties, "GroupName"), `the group of ${what}`);
        for (const user of texts(get(properties, "Users"), `the users of ${what}`)) {
          if (!group || user === "unknown") continue;
          const into = world.identity(id, "users", user, node);
          into.set("groups", [...new Set([...((into.get("groups") as string[] | undefined) ?? []), group])]);
        }
        break;
      }
      case "AWS::S3::Bucket":
      case "AWS::SQS::Queue":
      case "AWS::SNS::Topic":
        world.resource(id, template.arn(logical));
        if (type === "AWS::S3::Bucket") world.block(world.resource(id, template.arn(logical)), (name) => get(properties, "PublicAccessBlockConfiguration", name));
        break;
      case "AWS::S3::BucketPolicy": {
        const at = resourceArn(text(get(properties, "Bucket"), `the bucket of ${what}`), "AWS::S3::Bucket");
        if (at) world.resource(id, at).set("policy", policy(get(properties, "PolicyDocument"), what));
        break;
      }
      case "AWS::SQS::QueuePolicy":
      case "AWS::SNS::TopicPolicy": {
        const document = policy(get(properties, "PolicyDocument"), what);
        for (const one of texts(get(properties, type === "AWS::SQS::QueuePolicy" ? "Queues" : "Topics"), `what ${what} belongs to`)) if (one !== "unknown") world.resource(id, resourceArn(one, type === "AWS::SQS::QueuePolicy" ? "AWS::SQS::Queue" : "AWS::SNS::Topic")).set("policy", document);
        break;
      }
      case "AWS::KMS::Key":
        world.resource(id, template.arn(logical)).set("policy", policy(get(properties, "KeyPolicy"), `the key policy of ${what}`));
        break;
      case "AWS::SecretsManager::ResourcePolicy": {
        const at = resourceArn(text(get(properties, "SecretId"), `the secret of ${what}`), "AWS::SecretsManager::Secret");
        if (at) world.resource(id, at).set("policy", policy(get(properties, "ResourcePolicy"), what));
        break;
      }
      case "AWS::ECR::Repository":
        if (has(properties, "RepositoryPolicyText")) world.resource(id, template.arn(logical)).set("policy", policy(get(properties, "RepositoryPolicyText"), `the policy of ${what}`));
        break;
      case "AWS::EC2::VPCEndpoint": {
        const endpoint = `vpce-${logical.toLowerCase().replace(/[^a-z0-9]/g, "")}`;
        notes.unknown(`the ID of the VPC endpoint ${what}: ${quote(endpoint)} stands for it`, node);
        world.account(id).vpcEndpoints.set(endpoint, object(["policy", has(properties, "PolicyDocument") ? policy(get(properties, "PolicyDocument"), what) : undefined]));
        break;
      }
      case "AWS::Lambda::Function":
      case "AWS::Serverless::Function": {
        const at = template.arn(logical);
        const written = text(get(properties, "Role"), `the role of ${what}`);
        const made = !written && type === "AWS::Serverless::Function" && !has(properties, "Role");
        const roleName = made ? `${logical}Role` : written.slice(written.lastIndexOf("/") + 1);
        if (!roleName) break;
        const fresh = !world.account(id).roles.has(roleName) && !members(get(root, "Resources")).some((m) => string(get(m.value, "Type")) === "AWS::IAM::Role" && template.name(m.key) === roleName);
        const role = world.identity(id, "roles", roleName, node);
        if (made) serverless(role, what, properties);
        else if (fresh) role.set("policies", ["unknown"]);
        world.resource(id, at).set("role", world.name(roleName, "role", 64, node));
        break;
      }
      case "AWS::Organizations::Policy":
        notes.notUnderstood(`${what} was left out: which accounts it holds for, the template does not tell`, node);
        break;
      default:
        known = false;
        others.set(type || "without a type", (others.get(type || "without a type") ?? 0) + 1);
    }
    if (!known) continue;
    counts.set(type, (counts.get(type) ?? 0) + 1);
    const condition = string(get(node, "Condition"));
    if (condition) notes.unknown(`whether ${what} is made: the condition ${quote(condition)} decides. Here it is`, node);
  }

  function serverless(role: Fields, what: string, properties: Node | undefined): void {
    role.set("trust", lambdaTrust);
    world.attach(role, "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole");
    let n = 0;
    for (const one of items(get(properties, "Policies"))) {
      const inline = has(one, "Statement");
      if (inline) world.inline(role, `Policy${++n}`, policy(one, `a policy of ${what}`));
      else if (one.type === "object" && one.members.length === 1 && !/^(Ref|Fn::)/.test(one.members[0]!.key)) {
        world.inline(role, one.members[0]!.key, "unknown");
        notes.unknown(`what SAM writes for the policy template ${quote(one.members[0]!.key)} of ${what}`, one);
      } else for (const name of texts(one, `a policy of ${what}`)) world.attach(role, name.includes(":") || name === "unknown" ? name : `arn:aws:iam::aws:policy/${name}`);
    }
    const boundary = text(get(properties, "PermissionsBoundary"), `the permissions boundary of ${what}`);
    if (boundary) role.set("boundary", boundary);
  }

  for (const [type, n] of counts) notes.understood(`${n} × ${type}`);
  for (const [type, n] of others) notes.notUnderstood(`${n} × ${type}: nothing here is made of it`);
  world.title = string(get(root, "Description")).split("\n")[0]!.slice(0, 120) || "An imported template";
  world.description = "Made from a CloudFormation template. What is known only once the stack is made is unknown here, or has a name that stands for it.";
}

const lambdaTrust = object(["Version", "2012-10-17"], ["Statement", [object(["Effect", "Allow"], ["Principal", object(["Service", "lambda.amazonaws.com"])], ["Action", "sts:AssumeRole"])]]);
