import { createContext } from "svelte";
import type { Pointer } from "../contract/report.ts";

/** getBrowse gives what opens the list of all of AWS's policies, for a list of attachments. */
export const [getBrowse, setBrowse] = createContext<(list: Pointer) => void>();

/** Group is one of the groups that AWS puts its policies in, by their path. */
export interface Group {
  path: string;
  label: string;
  /** note says what they are for. */
  note: string;
}

export const groups: readonly Group[] = [
  { path: "/", label: "General", note: "" },
  { path: "/job-function/", label: "Job functions", note: "Made after common jobs in IT." },
  { path: "/service-role/", label: "Service roles", note: "For roles that a service acts with on your behalf." },
  { path: "/aws-service-role/", label: "Service-linked roles", note: "AWS attaches these to its own service-linked roles. They cannot be attached to anything else." },
  { path: "/root-task/", label: "Root tasks", note: "For sessions of sts:AssumeRoot, which do one task as the root user of a member account." },
];

/** attachable says whether AWS lets a user, group or role have the policy. */
export const attachable = (arn: string) => !arn.includes(":policy/aws-service-role/");
