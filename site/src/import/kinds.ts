/** Kind is what a text was recognised as. */
export type Kind = "policy" | "scenario" | "message" | "event" | "decoded" | "account" | "answer" | "terraform" | "cloudformation" | "simulation" | "nothing";

/** kindNames say what each kind is, for people. */
export const kindNames: Readonly<Record<Kind, string>> = {
  policy: "a policy",
  scenario: "a scenario of this playground",
  message: "an access denied message",
  event: "CloudTrail events",
  decoded: "a decoded authorization message",
  account: "an account's authorization details",
  answer: "an answer of the aws iam command",
  terraform: "a Terraform plan or state",
  cloudformation: "a CloudFormation template",
  simulation: "the input of AWS's policy simulator",
  nothing: "nothing that can be imported",
};
