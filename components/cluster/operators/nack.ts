import { operatorBase, outward, toNats, type Policies, type Ranges } from "./policies";
import type { MirrorSettings } from "../../../config";
import { dockerHub, mirrored } from "../../base/images";
import { containerSecurity, podSecurity } from "../../base/pod-security";
import { nackAccount, operatorPeers, type OperatorReach } from "../../base/operators";
import { priorities } from "../../base/priority";
import { resources, type Sizes } from "./sizes";
import { natsPorts } from "../../base/ports";
import type { HardenedValues } from "../../../standards/charts";

/**
 * The controller is idle between changes but caches every Secret of the namespace, including Helm's releases, each up
 * to a mebibyte and several times that when decoded.
 */
export const nackSizes = {
  controller: { cpu: { request: 20, limit: 200 }, memory: { request: 128, limit: 256 } },
} as const satisfies Sizes;

/** A numeric user: the image names none and would run as root. */
const user = 1000;

/** The namespace that it watches: with several NATS namespaces it must watch all namespaces. */
const watched = (namespaces: readonly string[]) =>
  namespaces.length === 1 ? namespaces.map((namespace) => `--namespace=${namespace}`) : [];

const kinds = ["accounts", "consumers", "keyvalues", "objectstores", "streams"];

/**
 * The chart's rules without Secrets. It may read those in the NATS namespace (`NatsStreams`). Its cache lists all of
 * them, so the rule can't name them.
 */
const rules = (namespaces: readonly string[]) => [
  { apiGroups: [""], resources: ["events"], verbs: ["create", "update", "patch"] },
  {
    apiGroups: ["jetstream.nats.io"],
    resources: kinds.flatMap((kind) => [kind, `${kind}/status`]),
    verbs: ["create", "get", "list", "watch", "patch", "update", "delete"],
  },
  ...(namespaces.length === 1
    ? []
    : [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] }]),
];

/**
 * Values of the chart `nack` 0.34. No server is named: each stream and consumer names an `Account`, which has the
 * server's address and credentials. The control loop reverts manual changes and serves the probes.
 *
 * The chart has no disruption budget and no topology spread, and runs one pod. While it is down, streams don't change.
 */
export const nackValues = (
  { natsNamespaces }: Pick<OperatorReach, "natsNamespaces">,
  mirrors: MirrorSettings = {},
) =>
  ({
    jetstream: {
      enabled: true,
      controlLoop: true,
      additionalArgs: watched(natsNamespaces),
      image: { registry: mirrored(dockerHub, mirrors) },
    },
    serviceAccountName: nackAccount.name,
    rbacRules: `rules: ${JSON.stringify(rules(natsNamespaces))}`,
    // Names and labels follow the chart's name, which the network policies select.
    useLegacyNames: false,
    resources: resources(nackSizes.controller),
    priorityClassName: priorities.platform.name,
    securityContext: podSecurity(user),
    // The controller writes the accounts' certificates to the chart's scratch volume.
    containerSecurityContext: containerSecurity,
  }) satisfies HardenedValues<"nack">;

/** NACK: it connects to the servers like any client. */
export const nackPolicies = (ranges: Ranges, { natsNamespaces }: OperatorReach): Policies => ({
  ...operatorBase(ranges),
  // A rule without peers would allow everything.
  ...(natsNamespaces.length === 0
    ? {}
    : { "allow-nats": outward(operatorPeers.nack.name, ...toNats(natsNamespaces, natsPorts.client)) }),
});
