// Generated from engine/report/report.schema.json. Do not edit.

/**
 * The answer to one operation.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Result".
 */
export type Result = About | Library | Check | Evaluate | Explain | Refused;
/**
 * How bad a finding is, in the terms of IAM Access Analyzer.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Severity".
 */
export type Severity = "error" | "warning" | "suggestion";
/**
 * RFC 6901 JSON Pointer into the scenario; for an AWS managed policy its ARN, # and the pointer into its document: arn:aws:iam::aws:policy/Name#/Statement/0.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Pointer".
 */
export type Pointer = string;
/**
 * The answer: AWS's EvalDecision values, `depends` when the known facts do not settle it, `invalid` when the request itself cannot be evaluated (its diagnostics say why).
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Decision".
 */
export type Decision = "allowed" | "explicitDeny" | "implicitDeny" | "depends" | "invalid";
/**
 * Which kind of policy, or which rule beside policies, decided.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Layer".
 */
export type Layer =
  "identity" | "resource" | "trust" | "keyPolicy" | "boundary" | "session" | "scp" | "rcp" | "vpce" | "root" | "service" | "credentials" | "default";
/**
 * What a stage did with the request.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "StageState".
 */
export type StageState = "passed" | "granted" | "stopped" | "wouldAlsoStop" | "depends" | "notApplicable" | "notReached";
/**
 * How much a statement has to do with the answer; `blocked` is an Allow that matched and was of no use.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Relevance".
 */
export type Relevance = "decided" | "wouldAllow" | "blocked" | "depends" | "nearMiss" | "noMatch";
/**
 * Three-valued result of a match.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Outcome".
 */
export type Outcome = "yes" | "no" | "unknown";
/**
 * Where the value of a context key comes from.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Origin".
 */
export type Origin = "typed" | "derived" | "scenario" | "assumed" | "unknown" | "absent";
/**
 * What the text of a `check` operation is.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "CheckKind".
 */
export type CheckKind = "scenario" | "identity" | "resource" | "trust" | "scp" | "rcp" | "vpce" | "json";

/**
 * What one call of the engine's bridge answers, version 1.
 */
export interface Answer {
  /**
   * Version of this contract.
   */
  api: 1;
  /**
   * Whether the call could be answered; if not, that is our bug.
   */
  ok: boolean;
  /**
   * In the order of the operations; left out when the call could not be answered.
   */
  results?: Result[];
  /**
   * What went wrong; left out when the call was answered.
   */
  error?: string;
}
/**
 * What the engine is.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "About".
 */
export interface About {
  /**
   * The id that the operation came with.
   */
  id: string;
  op: "about";
  /**
   * Version of the engine.
   */
  engine: string;
  /**
   * Date of AWS's rules that it follows.
   */
  rules: string;
  /**
   * Date of the AWS managed policies; empty when none are loaded.
   */
  libraryDate: string;
}
/**
 * The AWS managed policies were loaded.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Library".
 */
export interface Library {
  /**
   * The id that the operation came with.
   */
  id: string;
  op: "library";
  /**
   * How many policies there are.
   */
  count: number;
  /**
   * Their date.
   */
  date: string;
}
/**
 * Findings about one text. Positions are in that text and pointers are relative to it.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Check".
 */
export interface Check {
  /**
   * The id that the operation came with.
   */
  id: string;
  op: "check";
  /**
   * Whether the text is whole JSON.
   */
  valid: boolean;
  /**
   * By position.
   */
  diagnostics: Diagnostic[];
}
/**
 * A finding about a document: what is wrong, where, and what to do.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Diagnostic".
 */
export interface Diagnostic {
  /**
   * First UTF-16 code unit.
   */
  start: number;
  /**
   * UTF-16 code unit after the last.
   */
  end: number;
  /**
   * Line of the start, from 1.
   */
  line: number;
  /**
   * Column of the start in UTF-16 code units, from 1.
   */
  column: number;
  severity: Severity;
  /**
   * AWS's issue code where AWS has one.
   */
  code: string;
  /**
   * The value that the finding is about.
   */
  pointer: Pointer;
  /**
   * What was found and what was expected.
   */
  message: string;
  /**
   * What to do; empty when the message says it all.
   */
  hint: string;
  /**
   * AWS's page about it.
   */
  page?: string;
}
/**
 * Every request, briefly.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Evaluate".
 */
export interface Evaluate {
  /**
   * The id that the operation came with.
   */
  id: string;
  op: "evaluate";
  /**
   * Findings about the scenario, by position.
   */
  diagnostics: Diagnostic[];
  /**
   * In the order of the scenario.
   */
  requests: Summary[];
}
/**
 * A request answered briefly.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Summary".
 */
export interface Summary {
  /**
   * Position among the requests of the scenario, from 0.
   */
  index: number;
  /**
   * The request.
   */
  pointer: Pointer;
  /**
   * Name of the request.
   */
  name: string;
  decision: Decision;
  /**
   * What decided, the first in AWS's order first.
   */
  decidedBy: Layer[];
  /**
   * AWS's AccessDenied sentence, or for an allowed request one sentence of ours.
   */
  message: string;
  /**
   * What the answer depends on; empty unless the decision is `depends`.
   */
  dependsOn: Unknown[];
  /**
   * Left out when the request expects nothing.
   */
  expectation?: Expectation;
}
/**
 * A fact that nobody gave and on which the answer depends.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Unknown".
 */
export interface Unknown {
  /**
   * What is unknown.
   */
  kind: "key" | "policy" | "account";
  /**
   * Name of the condition key or policy, or the account ID.
   */
  name: string;
  /**
   * Where the scenario names it.
   */
  pointer: Pointer;
  /**
   * What the answer would be each way.
   */
  ways: Way[];
}
/**
 * One value that an unknown could have, and what the answer would be then.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Way".
 */
export interface Way {
  /**
   * A value ("absent", "true", "anything else") or what a policy would say ("allows this", "denies this", "says nothing").
   */
  value: string;
  /**
   * The answers that are still possible with it.
   */
  decisions: Decision[];
}
/**
 * Whether the answer is the expected one.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Expectation".
 */
export interface Expectation {
  /**
   * Whether all parts of it are met.
   */
  met: boolean;
  /**
   * The expectation in words: "expected allowed by identity".
   */
  text: string;
  /**
   * What differs; empty when it is met.
   */
  problems: string[];
}
/**
 * One request, wholly.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Explain".
 */
export interface Explain {
  /**
   * The id that the operation came with.
   */
  id: string;
  op: "explain";
  /**
   * Position among the requests of the scenario, from 0.
   */
  index: number;
  /**
   * The request.
   */
  pointer: Pointer;
  /**
   * Name of the request.
   */
  name: string;
  decision: Decision;
  /**
   * What decided, the first in AWS's order first.
   */
  decidedBy: Layer[];
  /**
   * AWS's AccessDenied sentence, or for an allowed request one sentence of ours.
   */
  message: string;
  /**
   * What the answer depends on; empty unless the decision is `depends`.
   */
  dependsOn: Unknown[];
  /**
   * Left out when the request expects nothing.
   */
  expectation?: Expectation;
  sentence: Sentence;
  caller: Caller;
  owner: Owner;
  /**
   * Whether the caller's account is not the owner's.
   */
  crossAccount: boolean;
  /**
   * In AWS's order.
   */
  stages: Stage[];
  /**
   * Every policy that was looked at.
   */
  policies: PolicyReport[];
  /**
   * Those that decided first, then by relevance.
   */
  statements: StatementReport[];
  /**
   * The request context.
   */
  context: ContextEntry[];
  /**
   * Keys that were asked for and are absent.
   */
  absent: AbsentKey[];
  /**
   * Special rules that applied.
   */
  notes: Note[];
  /**
   * For an implicit denial the closest Allow statements; for an explicit one the Deny.
   */
  nearest: NearMiss[];
  /**
   * Further checks of the same call, each by itself.
   */
  also: AlsoCheck[];
  /**
   * Where every pointer named above stands.
   */
  positions: {
    [k: string]: Range;
  };
}
/**
 * The request as a sentence: may this principal do this action on this resource?
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Sentence".
 */
export interface Sentence {
  /**
   * The caller as people call it.
   */
  principal: string;
  /**
   * The action.
   */
  action: string;
  /**
   * The resource.
   */
  resource: string;
}
/**
 * Who sends the request.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Caller".
 */
export interface Caller {
  /**
   * What kind of principal it is; `none` is code without credentials.
   */
  kind: "user" | "roleSession" | "federatedUser" | "root" | "service" | "provider" | "anonymous" | "none";
  /**
   * ARN or name of the principal; empty when it has none.
   */
  arn: string;
  /**
   * Account ID; empty when it has none.
   */
  account: string;
  /**
   * Name of the account; empty when it has none.
   */
  accountName: string;
  /**
   * Every identifier that a Principal element can name it by, the most specific first.
   */
  identifiers: string[];
  /**
   * Whether the scenario describes the principal.
   */
  described: boolean;
}
/**
 * The account that owns the resource.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Owner".
 */
export interface Owner {
  /**
   * Account ID; empty when nobody knows it.
   */
  account: string;
  /**
   * Name of the account; empty when it has none.
   */
  accountName: string;
  /**
   * Who says so: the scenario, the resource's ARN, or an assumption.
   */
  origin: "document" | "arn" | "assumed";
  /**
   * Whether the scenario describes the account.
   */
  described: boolean;
}
/**
 * One step of AWS's evaluation.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Stage".
 */
export interface Stage {
  /**
   * Which step it is.
   */
  id: "service" | "credentials" | "explicitDeny" | "vpce" | "rcp" | "scp" | "resource" | "identity" | "boundary" | "session" | "root";
  /**
   * Name of the step: "Service control policies", "Role trust policy".
   */
  title: string;
  /**
   * The account whose policies these are.
   */
  lane: "caller" | "owner" | "both";
  state: StageState;
  /**
   * The state in a few words: "stopped here", "silent".
   */
  word: string;
  /**
   * Reason code.
   */
  reason: string;
  /**
   * One sentence about what it did.
   */
  text: string;
  /**
   * AWS's page about the step.
   */
  page: string;
  /**
   * The statements that decided here.
   */
  statements: Pointer[];
  /**
   * The policies that were asked here.
   */
  policies: Pointer[];
  /**
   * The levels of the organization, from the root down; only where there are levels.
   */
  levels?: Level[];
}
/**
 * One level of an organization: the root, a unit on the path, or the account.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Level".
 */
export interface Level {
  /**
   * Name of the level.
   */
  name: string;
  state: StageState;
  /**
   * One sentence about what it did.
   */
  text: string;
  /**
   * The statements that decided here.
   */
  statements: Pointer[];
  /**
   * The policies that were asked here.
   */
  policies: Pointer[];
}
/**
 * A policy that was looked at.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "PolicyReport".
 */
export interface PolicyReport {
  /**
   * The policy.
   */
  pointer: Pointer;
  /**
   * Name of the policy.
   */
  name: string;
  /**
   * What kind of policy it is here.
   */
  type: "identity" | "inline" | "managed" | "resource" | "trust" | "keyPolicy" | "boundary" | "session" | "scp" | "rcp" | "vpce";
  layer: Layer;
  /**
   * How it comes into play: "attached to group developers".
   */
  via: string;
  /**
   * ARN of the policy; empty when it has none.
   */
  arn: string;
  /**
   * Whether its text can be used.
   */
  state: "known" | "unknown" | "broken" | "unresolved";
  /**
   * Only for an AWS managed policy.
   */
  managed?: ManagedVersion;
}
/**
 * Which text of an AWS managed policy was used.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "ManagedVersion".
 */
export interface ManagedVersion {
  /**
   * Version of the policy: "v7".
   */
  version: string;
  /**
   * Date of that version.
   */
  date: string;
}
/**
 * How one statement matched the request.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "StatementReport".
 */
export interface StatementReport {
  /**
   * The statement.
   */
  pointer: Pointer;
  /**
   * Its Sid; empty when it has none.
   */
  sid: string;
  /**
   * Its Effect.
   */
  effect: "Allow" | "Deny";
  /**
   * Position in its policy, from 0.
   */
  index: number;
  /**
   * Its policy.
   */
  policy: Pointer;
  layer: Layer;
  relevance: Relevance;
  /**
   * How many of its elements do not match.
   */
  failing: number;
  /**
   * Reason code.
   */
  reason: string;
  /**
   * One sentence about it.
   */
  text: string;
  /**
   * Its elements in AWS's order.
   */
  elements: Element[];
}
/**
 * How one element of a statement, or one key under one condition operator, matched.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Element".
 */
export interface Element {
  /**
   * AWS's name of the element.
   */
  element: "Principal" | "NotPrincipal" | "Action" | "NotAction" | "Resource" | "NotResource" | "Condition";
  /**
   * The element.
   */
  pointer: Pointer;
  outcome: Outcome;
  /**
   * Reason code.
   */
  reason: string;
  /**
   * One sentence about it.
   */
  text: string;
  /**
   * The condition operator as written; only for conditions.
   */
  operator?: string;
  /**
   * The condition key as written; only for conditions.
   */
  key?: string;
  /**
   * Where the key's value comes from; only for conditions.
   */
  keyOrigin?: Origin;
  /**
   * Each value of the policy.
   */
  comparisons: Comparison[];
}
/**
 * One value of a policy beside the value of the request.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Comparison".
 */
export interface Comparison {
  /**
   * The value in the policy.
   */
  pointer: Pointer;
  outcome: Outcome;
  /**
   * The policy's value as written.
   */
  pattern: string;
  /**
   * The policy's value after variables.
   */
  resolved: string;
  /**
   * The value of the request.
   */
  value: string;
  /**
   * First difference, in UTF-16 code units of `resolved`; -1 when there is none.
   */
  patternAt: number;
  /**
   * First difference, in UTF-16 code units of `value`; -1 when there is none.
   */
  valueAt: number;
  /**
   * The comparison in words.
   */
  text: string;
}
/**
 * One context key of the request.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "ContextEntry".
 */
export interface ContextEntry {
  /**
   * Name of the key.
   */
  key: string;
  /**
   * Its values; empty when it is absent or unknown.
   */
  values: string[];
  /**
   * Whether the key is multivalued.
   */
  multi: boolean;
  origin: Origin;
  /**
   * Where the value comes from: "the caller is user ali".
   */
  from: string;
  /**
   * Where the scenario says so; empty when it does not.
   */
  pointer: Pointer;
  /**
   * Whether a condition or a variable looked at it.
   */
  used: boolean;
}
/**
 * A key that conditions asked for and nobody gave.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "AbsentKey".
 */
export interface AbsentKey {
  /**
   * Name of the key.
   */
  key: string;
  /**
   * Whether the answer rests on its absence.
   */
  matters: boolean;
  /**
   * One sentence about it.
   */
  text: string;
  /**
   * The statements that asked for it.
   */
  statements: Pointer[];
  /**
   * When AWS sends the key, in words.
   */
  typicallyPresent: string;
}
/**
 * A special rule that applied.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Note".
 */
export interface Note {
  /**
   * Reason code.
   */
  reason: string;
  /**
   * The rule in a few words.
   */
  title: string;
  /**
   * The rule in a sentence.
   */
  text: string;
  /**
   * AWS's page about it.
   */
  page: string;
}
/**
 * A statement that almost decided otherwise.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "NearMiss".
 */
export interface NearMiss {
  /**
   * The statement.
   */
  statement: Pointer;
  /**
   * One sentence about it.
   */
  text: string;
  /**
   * What would have to change: "allow the action s3:DeleteObject".
   */
  missing: string[];
}
/**
 * A further authorization that the same call needs.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "AlsoCheck".
 */
export interface AlsoCheck {
  /**
   * The action.
   */
  action: string;
  /**
   * The resource.
   */
  resource: string;
  decision: Decision;
  /**
   * As in a summary.
   */
  message: string;
  /**
   * As in a summary.
   */
  decidedBy: Layer[];
}
/**
 * A place in the scenario's text, or in the text of an AWS managed policy.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Range".
 */
export interface Range {
  /**
   * First UTF-16 code unit.
   */
  start: number;
  /**
   * UTF-16 code unit after the last.
   */
  end: number;
  /**
   * Line of the start, from 1.
   */
  line: number;
  /**
   * Column of the start in UTF-16 code units, from 1.
   */
  column: number;
}
/**
 * An operation that was refused: unknown, or with a bad index.
 *
 * This interface was referenced by `Answer`'s JSON-Schema
 * via the `definition` "Refused".
 */
export interface Refused {
  /**
   * The id that the operation came with.
   */
  id: string;
  /**
   * The operation.
   */
  op: string;
  /**
   * Why.
   */
  error: string;
}
