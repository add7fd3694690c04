import { internet, named, podIdentityAgent, tcp } from "../network/pod-traffic";
import { parts, webhookPort } from "./external-secrets-values";
import { fromApiServer, operatorBase, outward, type Policies, type Ranges } from "./operators/policies";

/** Network policies of the operator's name space, by name: all else stays shut. */
export const externalSecretsPolicies = (ranges: Ranges): Policies => ({
  ...operatorBase(ranges),
  // Secrets Manager over NAT; over an interface endpoint it lies in the private subnets, which are open already.
  "allow-secrets-manager": outward(
    parts.operator,
    { to: [internet(ranges)], ports: tcp(443) },
    podIdentityAgent,
  ),
  "allow-webhook": fromApiServer(named(parts.webhook), webhookPort, ranges),
});
