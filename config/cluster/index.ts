import { z } from "zod";
import { addonFaults, addons } from "./addons";
import { supportFault } from "./kubernetes-versions";
import { operators } from "./operators";
import { sourceNetworks } from "../ranges";
import { arn, bytes, choice, cpu, kubernetesVersion, list, logDays } from "../values";

const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;
const principals = (what: string) => list(arn, `a list of IAM ARNs: ${what}`);

const clusterParts = z.strictObject({
  version: kubernetesVersion,
  logs: list(choice(logTypes), `a list of ${logTypes.join(", ")}`),
  logDays,
  publicAccessCidrs: sourceNetworks(40)
    .default([])
    .describe(
      "Networks that may reach the public endpoint. An empty list: no public endpoint, and only the VPC reaches the API.",
    ),
  access: z.strictObject({
    admin: list(arn, "a list of IAM ARNs: the identity that runs Pulumi, and other administrators", {
      min: 1,
    }).describe("Administrators of the cluster. They must include the identity that runs Pulumi."),
    operator: principals("operators"),
    viewer: principals("viewers"),
  }),
  nodePool: z.strictObject({
    architecture: choice(["amd64", "arm64"]),
    capacity: choice(["on-demand", "spot"]),
    limits: z.strictObject({ cpu, memory: bytes }).describe("Limits of all nodes together."),
    largestNode: z
      .strictObject({ cpu, memory: bytes })
      .default({ cpu: "16", memory: "64Gi" })
      .describe("The largest node: no container may use more. Default: m.4xlarge."),
  }),
  addons,
  operators,
});

/**
 * The cluster, with a version in support, and add-ons that EKS offers for it.
 *
 * @param now The day against which support is checked.
 */
export const cluster = (now: Date) =>
  clusterParts.superRefine(({ version, addons: chosen }, context) => {
    const ended = supportFault(version, now);
    const faults =
      ended === undefined ? addonFaults(version, chosen) : [{ path: ["version"], message: ended }];
    for (const { path, message } of faults) context.addIssue({ code: "custom", path, message });
  });

export type ClusterSettings = z.infer<typeof clusterParts>;
