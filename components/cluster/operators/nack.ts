import { operatorBase, outward, toNats, type Policies, type Ranges } from "./policies";
import type { MirrorSettings } from "../../../config";
import { dockerHub, mirrored } from "../../base/images";
import { nackAccount, operatorPeers, type OperatorReach } from "../../base/operators";
import { priorities } from "../../base/priority";
import { resources, type Sizes } from "./sizes";
import { natsPorts } from "../../base/ports";
import type { HardenedValues } from "../../../standards/charts";

/**
 * The controller does nothing between changes, but holds every Secret that it may look for, Helm's records among them,
 * each of up to a mebibyte and several times that when it is decoded.
 */
export const nackSizes = {
  controller: { cpu: { request: 20, limit: 200 }, memory: { request: 128, limit: 256 } },
} as const satisfies Sizes;

/** A numeric user: the image names none and would run as root. */
const user = 1000;

/** The one namespace that it watches; with several it has to watch them all. */
const watched = (namespaces: readonly string[]) =>
  namespaces.length === 1 ? namespaces.map((namespace) => `--namespace=${namespace}`) : [];

const kinds = ["accounts", "consumers", "keyvalues", "objectstores", "streams"];

/**
 * The chart's own rules, but for Secrets: those it may read in the namespace that it watches, where NATS gives it that
 * right (`NatsStreams`). Its cache asks for all of them, so they can't be named one by one.
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
 * Values of the chart `nack` 0.34. No server is named: each stream and consumer names an `Account`, which says where
 * its server is and how to log in there. The control loop puts right what was changed by hand, and answers probes.
 *
 * The chart knows no disruption budget and no spread, and runs one pod: while it is away, streams stay as they are.
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
    // Names and labels after the chart, as the network policies select them.
    useLegacyNames: false,
    resources: resources(nackSizes.controller),
    priorityClassName: priorities.platform.name,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containerSecurityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      // Certificates of the accounts go to the chart's own scratch volume.
      readOnlyRootFilesystem: true,
    },
  }) satisfies HardenedValues<"nack">;

/** NACK: it logs in to the servers as any client does. */
export const nackPolicies = (ranges: Ranges, { natsNamespaces }: OperatorReach): Policies => ({
  ...operatorBase(ranges),
  // A rule without peers would open everything.
  ...(natsNamespaces.length === 0
    ? {}
    : { "allow-nats": outward(operatorPeers.nack.name, ...toNats(natsNamespaces, natsPorts.client)) }),
});
