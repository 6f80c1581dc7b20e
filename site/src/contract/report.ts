// The wire contract of the engine's bridge, version 1.
export type Decision = "allowed" | "explicitDeny" | "implicitDeny" | "depends" | "invalid";
export type Layer = "identity" | "resource" | "trust" | "keyPolicy" | "boundary" | "session" | "scp" | "rcp" | "vpce" | "root" | "service" | "credentials" | "default";
export type Pointer = string;
export type Outcome = "yes" | "no" | "unknown";
export type Origin = "typed" | "derived" | "scenario" | "assumed" | "unknown" | "absent";
export interface Range { start: number; end: number; line: number; column: number }
export interface Diagnostic extends Range { severity: "error" | "warning" | "suggestion"; code: string; pointer: Pointer; message: string; hint: string; page?: string }
export interface Unknown { kind: "key" | "policy" | "account"; name: string; pointer: Pointer; ways: { value: string; decisions: Decision[] }[] }
export interface Expectation { met: boolean; text: string; problems: string[] }
export interface Summary { index: number; pointer: Pointer; name: string; decision: Decision; decidedBy: Layer[]; message: string; dependsOn: Unknown[]; expectation?: Expectation }
export interface Evaluate { id: string; op: "evaluate"; diagnostics: Diagnostic[]; requests: Summary[] }
export interface Caller { kind: "user" | "roleSession" | "federatedUser" | "root" | "service" | "provider" | "anonymous" | "none"; arn: string; account: string; accountName: string; identifiers: string[]; described: boolean }
export interface Owner { account: string; accountName: string; origin: "document" | "arn" | "assumed"; described: boolean }
export type StageState = "passed" | "granted" | "stopped" | "wouldAlsoStop" | "depends" | "notApplicable" | "notReached";
export interface Level { name: string; state: StageState; text: string; statements: Pointer[]; policies: Pointer[] }
export interface Stage { id: "service" | "credentials" | "explicitDeny" | "vpce" | "rcp" | "scp" | "resource" | "identity" | "boundary" | "session" | "root"; title: string; lane: "caller" | "owner" | "both"; state: StageState; word: string; reason: string; text: string; page: string; statements: Pointer[]; policies: Pointer[]; levels?: Level[] }
export interface PolicyReport { pointer: Pointer; name: string; type: "identity" | "inline" | "managed" | "resource" | "trust" | "keyPolicy" | "boundary" | "session" | "scp" | "rcp" | "vpce"; layer: Layer; via: string; arn: string; state: "known" | "unknown" | "broken" | "unresolved"; managed?: { version: string; date: string } }
export type Relevance = "decided" | "wouldAllow" | "blocked" | "depends" | "nearMiss" | "noMatch";
export interface Comparison { pointer: Pointer; outcome: Outcome; pattern: string; resolved: string; value: string; patternAt: number; valueAt: number; text: string }
export interface Element { element: "Principal" | "NotPrincipal" | "Action" | "NotAction" | "Resource" | "NotResource" | "Condition"; pointer: Pointer; outcome: Outcome; reason: string; text: string; operator?: string; key?: string; keyOrigin?: Origin; comparisons: Comparison[] }
export interface StatementReport { pointer: Pointer; sid: string; effect: "Allow" | "Deny"; index: number; policy: Pointer; layer: Layer; relevance: Relevance; failing: number; reason: string; text: string; elements: Element[] }
export interface ContextEntry { key: string; values: string[]; multi: boolean; origin: Origin; from: string; pointer: Pointer; used: boolean }
export interface AbsentKey { key: string; matters: boolean; text: string; statements: Pointer[]; typicallyPresent: string }
export interface Note { reason: string; title: string; text: string; page: string }
export interface NearMiss { statement: Pointer; text: string; missing: string[] }
export interface AlsoCheck { action: string; resource: string; decision: Decision; message: string; decidedBy: Layer[] }
export interface Explain extends Summary { id: string; op: "explain"; sentence: { principal: string; action: string; resource: string }; caller: Caller; owner: Owner; crossAccount: boolean; stages: Stage[]; policies: PolicyReport[]; statements: StatementReport[]; context: ContextEntry[]; absent: AbsentKey[]; notes: Note[]; nearest: NearMiss[]; also: AlsoCheck[]; positions: Record<Pointer, Range> }
export interface About { id: string; op: "about"; engine: string; rules: string; libraryDate: string }
export interface Library { id: string; op: "library"; count: number; date: string }
export type CheckKind = "scenario" | "identity" | "resource" | "trust" | "scp" | "rcp" | "vpce" | "json";
export interface Check { id: string; op: "check"; valid: boolean; diagnostics: Diagnostic[] }
export interface Refused { id: string; op: string; error: string }
