import { isObject } from "../wire";
import type { PlannedResource } from "../report/json";

/**
 * Arguments whose change replaces a resource for some values only: the conditions of the Terraform provider
 * (`CustomizeDiff` in hashicorp/terraform-provider-aws), for those that stacks change in place. Every other argument
 * under `sometimes` in replacements.json counts as replacing.
 */
type Condition = (before: unknown, after: unknown, inputs: PlannedResource["inputs"]) => boolean;

/** A version that is lower than before: `8.2` after `9.0`, `OpenSearch_2.19` after `OpenSearch_3.1`. */
const lower: Condition = (before, after) =>
  typeof before === "string" &&
  typeof after === "string" &&
  before.localeCompare(after, "en", { numeric: true }) > 0;

const switchedOff: Condition = (before, after) => before === true && after !== true;

const network: Condition = (_before, _after, { loadBalancerType }) => loadBalancerType === "network";

export const conditions: Readonly<Record<string, Readonly<Record<string, Condition>>>> = {
  "aws:eks/cluster:Cluster": {
    encryptionConfig: (before, after) => isObject(before as never) && after === undefined,
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    engine: (before, after) => before === "valkey" && after !== "valkey",
    engineVersion: lower,
    // Redis OSS before 7.0.5.
    transitEncryptionEnabled: (_before, _after, { engine, engineVersion }) =>
      engine !== "valkey" && lower("7.0.5", engineVersion, {}),
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    secondaryIpsAutoAssignedPerSubnet: network,
    securityGroups: network,
    subnetMappings: network,
    subnets: network,
  },
  "aws:opensearch/domain:Domain": {
    "advancedSecurityOptions.enabled": switchedOff,
    "encryptAtRest.enabled": switchedOff,
    // OpenSearch reports the possible upgrades; there is none to a lower version.
    engineVersion: lower,
    "nodeToNodeEncryption.enabled": switchedOff,
  },
};

/** Whether a change of an argument under `sometimes` replaces the resource. */
export function replacesIf(
  type: string,
  path: string,
  [before, after]: readonly [unknown, unknown],
  inputs: PlannedResource["inputs"],
): boolean {
  return conditions[type]?.[path]?.(before, after, inputs) ?? true;
}
