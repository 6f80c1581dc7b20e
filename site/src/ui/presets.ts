import type { Setting } from "./requestContext.ts";

/** Preset sets several context keys at once, and says why. */
export interface Preset { name: string; why: string; settings: [key: string, setting: Setting][] }

const is = (...values: string[]): Setting => ({ state: "typed", values, multi: false });
const are = (...values: string[]): Setting => ({ state: "typed", values, multi: true });
const absent: Setting = { state: "absent" };

export const presets: Preset[] = [
  { name: "Console user, no MFA", why: "A console session has temporary credentials, so the MFA key is sent, and says false.", settings: [["aws:MultiFactorAuthPresent", is("false")], ["aws:MultiFactorAuthAge", absent]] },
  { name: "Console user with MFA", why: "The key says true, and the age counts the seconds since the code was typed.", settings: [["aws:MultiFactorAuthPresent", is("true")], ["aws:MultiFactorAuthAge", is("300")]] },
  { name: "Access key, no MFA", why: "Long-term access keys send no MFA key at all: absent is not the same as false.", settings: [["aws:MultiFactorAuthPresent", absent], ["aws:MultiFactorAuthAge", absent]] },
  { name: "Role session with MFA", why: "The role was assumed with a code, and its temporary credentials carry that.", settings: [["aws:MultiFactorAuthPresent", is("true")], ["aws:MultiFactorAuthAge", is("1200")]] },
  { name: "From the office network", why: "A public address, as policies that limit the network expect.", settings: [["aws:SourceIp", is("203.0.113.7")]] },
  { name: "From another Region", why: "The Region that the request is sent to, not the one where the caller sits.", settings: [["aws:RequestedRegion", is("us-west-2")]] },
  { name: "Without TLS", why: "Plain HTTP, which many bucket policies deny.", settings: [["aws:SecureTransport", is("false")]] },
  {
    name: "Made by CloudFormation",
    why: "A service repeats the call with the caller’s credentials, and says so.",
    settings: [["aws:ViaAWSService", is("true")], ["aws:CalledVia", are("cloudformation.amazonaws.com")], ["aws:CalledViaFirst", is("cloudformation.amazonaws.com")], ["aws:CalledViaLast", is("cloudformation.amazonaws.com")]],
  },
  {
    name: "Through a VPC endpoint",
    why: "The request comes from inside a VPC: it has endpoint keys and a private address, but no public one.",
    settings: [["aws:SourceVpce", is("vpce-1a2b3c4d")], ["aws:SourceVpc", is("vpc-11111111")], ["aws:VpcSourceIp", is("10.0.0.12")], ["aws:SourceIp", absent]],
  },
];
