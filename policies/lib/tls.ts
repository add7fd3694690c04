import { modernTlsPolicy } from "../../standards/objects";

/** True for a load balancer's security policy with TLS 1.2 or later and forward secrecy only. */
export const isModernTlsPolicy = (name: string | undefined): boolean =>
  modernTlsPolicy.every(({ holds }) => holds(name)) && name !== undefined;

/** For messages. */
export const modernTlsPolicies =
  "ELBSecurityPolicy-TLS13-1-2-… or ELBSecurityPolicy-TLS13-1-3-…, without Ext";
export const tlsPoliciesUrl =
  "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html";
