import type { Json } from "./types.ts";

/** Preset sets several context keys at once. null means: the key is not in the request. */
export interface Preset { name: string; why: string; context: Record<string, Json> }

export const presets: Preset[] = [
  { name: "Console user, no MFA", why: "A console session has temporary credentials, so the MFA key is sent, and says false.", context: { "aws:MultiFactorAuthPresent": "false", "aws:MultiFactorAuthAge": null } },
  { name: "Console user with MFA", why: "The key says true, and the age counts the seconds since the code was typed.", context: { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "300" } },
  { name: "Access key, no MFA", why: "Long-term access keys send no MFA key at all: absent is not the same as false.", context: { "aws:MultiFactorAuthPresent": null, "aws:MultiFactorAuthAge": null } },
  { name: "From the office network", why: "A public address, as policies that limit the network expect.", context: { "aws:SourceIp": "203.0.113.7" } },
  { name: "From another Region", why: "The Region that the request is sent to, not the one where the caller sits.", context: { "aws:RequestedRegion": "us-west-2" } },
  { name: "Without TLS", why: "Plain HTTP, which many bucket policies deny.", context: { "aws:SecureTransport": "false" } },
  { name: "Made by CloudFormation", why: "A service repeats the call with the caller’s credentials, and says so.", context: { "aws:ViaAWSService": "true", "aws:CalledVia": ["cloudformation.amazonaws.com"], "aws:CalledViaFirst": "cloudformation.amazonaws.com", "aws:CalledViaLast": "cloudformation.amazonaws.com" } },
  { name: "Through a VPC endpoint", why: "The request comes from inside a VPC: it has endpoint keys and a private address, but no public one.", context: { "aws:SourceVpce": "vpce-1a2b3c4d", "aws:SourceVpc": "vpc-11111111", "aws:VpcSourceIp": "10.0.0.12", "aws:SourceIp": null } },
];
