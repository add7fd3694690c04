import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "../../../components/base/context";
import type { Outbound } from "../../../components/network/nat-egress";
import { Network } from "../../../components/network/network";
import { Keys } from "../../../components/security/keys";
import type { NetworkSettings } from "../../../config";
import type { Recording } from "../../../preview/run-program";
import type { Registration } from "../../../preview/monitor";
import { providerUrn } from "../../../preview/wire";

/** Context of a component under test. */
export const context = (protect = true, disposable = !protect): Context => ({
  prefix: "plinth-test",
  accountId: "123456789012",
  region: "ap-northeast-2",
  protect,
  tags: { Project: "plinth", Environment: "test", Owner: "platform team", CostCenter: "1000" },
  disposable,
  serviceLogDays: 90,
});

export const networkSettings: NetworkSettings = {
  cidr: "10.30.0.0/16",
  serviceCidr: "172.20.0.0/16",
  reservedCidrs: [],
  zones: ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"],
  nat: "gateway-per-zone",
  dataSlots: { opmas: 0, ams: 1 },
  flowLogDays: 365,
  interfaceEndpoints: ["ecr.api", "secretsmanager"],
  shellAccess: true,
};

export const clusterName = "plinth-test";

/** Options of a component of AWS resources. */
export const awsOnly = (): pulumi.ComponentResourceOptions => ({
  provider: new aws.Provider("aws", { region: "ap-northeast-2" }),
});

/** Keys and network, as a region creates them. */
export function regionBase(
  opts: pulumi.ComponentResourceOptions,
  change: Partial<NetworkSettings> = {},
  protect = true,
  rotated: readonly string[] = [],
  dataSystems: readonly string[] = ["ams"],
  outbound: readonly Outbound[] = [],
): { keys: Keys; network: Network } {
  const keys = new Keys("keys", { context: context(protect) }, opts);
  const network = new Network(
    "net",
    {
      context: context(protect),
      settings: { ...networkSettings, ...change },
      clusterName,
      keys,
      dataPorts: { "ams-postgres": 5432, "ams-cache": 6379 },
      rotated,
      ...((change.shellAccess ?? true) && { shell: ["ams-postgres"] }),
      dataSystems,
      outbound,
    },
    opts,
  );
  return { keys, network };
}

/** Everything that a resource waits for, transitively: its dependencies, and those of its parents and provider. */
export function waitsFor(recording: Recording, start: Registration): Set<string> {
  const seen = new Set<string>();
  const visit = (urn: string): void => {
    if (seen.has(urn)) return;
    seen.add(urn);
    const found = recording.resources.get(urn);
    if (found === undefined) return;
    found.dependencies.forEach(visit);
    if (found.parent !== undefined) visit(found.parent);
    if (found.provider !== undefined) visit(providerUrn(found.provider));
  };
  visit(start.urn);
  seen.delete(start.urn);
  return seen;
}

/** The resources that `urns` name, as `<type's class> <name>`. */
export const named = (recording: Recording, urns: Iterable<string>): string[] =>
  [...urns].flatMap((urn) => {
    const found = recording.resources.get(urn);
    return found === undefined ? [] : [`${found.type.split(":").at(-1)} ${found.name}`];
  });
