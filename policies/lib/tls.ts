import { modernTlsPolicy } from "../../standards/objects";

/** True for a load balancer's security policy that only allows modern clients. */
export const isModernTlsPolicy = (name: string | undefined): boolean =>
  modernTlsPolicy.every(({ holds }) => holds(name)) && name !== undefined;

/** For messages. */
export const modernTlsPolicies =
  "ELBSecurityPolicy-TLS13-1-2-… or ELBSecurityPolicy-TLS13-1-3-…, without Ext";
export const tlsPoliciesUrl =
  "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html";
