/**
 * The load balancers' security policies with TLS 1.2 at least and only forward-secret ciphers: the `TLS13-1-2` and
 * `TLS13-1-3` families (FIPS and post-quantum variants included) without the `Ext` ones, which add older ciphers.
 */
export function isModernTlsPolicy(name: string | undefined): boolean {
  return /^ELBSecurityPolicy-TLS13-1-[23]-/.test(name ?? "") && !/-Ext\d/.test(name ?? "");
}

/** For messages. */
export const modernTlsPolicies =
  "ELBSecurityPolicy-TLS13-1-2-… or ELBSecurityPolicy-TLS13-1-3-…, without Ext";
export const tlsPoliciesUrl =
  "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html";
