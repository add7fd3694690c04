/**
 * The provider functions that the program may call: identity look-ups of things that exist by the
 * time `up` reaches them, such as the ARN of a load balancer that an Ingress made. In a preview their
 * result is unknown. Everything else is refused: a look-up that shapes resources makes a preview
 * depend on an account (design, rule 4).
 */
export const ALLOWED_LOOKUPS: ReadonlySet<string> = new Set<string>([
  "aws:lb/getLoadBalancer:getLoadBalancer",
]);
