import { Netmask } from "netmask";
import type { Catalog } from "../../systems/spec";
import type { ClusterSettings } from "../cluster";
import type { AccountSettings, NetworkSettings } from "../environment";
import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import { mostPods } from "../systems/pods";
import { amount } from "../quantity";
import { quotaRequest, quotas, type QuotaCode } from "../quotas";
import type { SystemSettings } from "../systems";
import { mostNodes, podsAtMost } from "./demand";

interface Sized {
  readonly account: AccountSettings;
  readonly cluster: ClusterSettings;
  readonly network: NetworkSettings;
  readonly systems: Readonly<Partial<Record<string, SystemSettings>>>;
}

/** The maximum number of a kind of resource in the environment, and the key that determines it. */
interface Need {
  readonly code: QuotaCode;
  readonly needed: number;
  readonly path: string;
}

/** vCPUs of the NAT instance (`components/network/nat-instance.ts`), which always runs on demand. */
const natInstanceCpus = 2;

/** Bytes of a node's volume (`components/cluster/nodes.ts`). */
const nodeVolume = 80 * 2 ** 30;

/** Bytes of the volumes of nodes, NATS and Prometheus: other data is in RDS, ElastiCache, EFS, OpenSearch and S3. */
function volumes({ cluster, systems }: Pick<Sized, "cluster" | "systems">): number {
  const { prometheus } = cluster.operators;
  const nats = Object.values(systems).flatMap((system) => Object.values(system?.stores.nats ?? {}));
  return (
    mostNodes(cluster) * nodeVolume +
    nats.reduce((sum, { servers, storage }) => sum + servers * amount(storage), 0) +
    (prometheus === undefined ? 0 : prometheus.replicas * amount(prometheus.storage))
  );
}

/** Pods that the load balancer sends requests to, all during an update at once. */
const targets = (catalog: Catalog, systems: Sized["systems"]): number =>
  Object.entries(systems).reduce(
    (sum, [name, system]) =>
      sum +
      Object.entries(system?.workloads ?? {}).reduce(
        (own, [key, workload]) =>
          own + (catalog[name]?.workloads[key]?.exposure === undefined ? 0 : mostPods(workload)),
        0,
      ),
    0,
  );

/** What counts against quotas, at the environment's largest size. */
export function quotaNeeds(catalog: Catalog, { cluster, network, systems }: Omit<Sized, "account">): Need[] {
  const all = Object.values(systems).flatMap((system) => system ?? []);
  const sum = (of: (system: SystemSettings) => number) => all.reduce((total, each) => total + of(each), 0);
  const { capacity, limits } = cluster.nodePool;
  const natCpus = network.nat === "instance" ? natInstanceCpus : 0;
  return [
    {
      code: capacity === "spot" ? "L-34B43A08" : "L-1216C47A",
      needed: Math.ceil(amount(limits.cpu)) + (capacity === "spot" ? 0 : natCpus),
      path: "cluster.nodePool.limits.cpu",
    },
    ...(capacity === "spot" && natCpus > 0
      ? [{ code: "L-1216C47A", needed: natCpus, path: "network.nat" } as const]
      : []),
    {
      code: "L-0263D0A3",
      needed: network.nat === "gateway-per-zone" ? network.zones.length : 1,
      path: "network.nat",
    },
    {
      code: "L-7A658B76",
      needed: Math.ceil(volumes({ cluster, systems }) / 2 ** 40),
      path: "cluster.nodePool.limits.cpu",
    },
    { code: "L-7E6692B2", needed: targets(catalog, systems), path: "systems" },
    {
      code: "L-69A177A2",
      needed: sum(({ syslog }) => (syslog === undefined ? 0 : 1)),
      path: "systems",
    },
    {
      code: "L-7ADDB58A",
      needed: sum(({ stores }) =>
        Object.values(stores.postgres).reduce(
          (total, { maxStorage, readReplicas }) => total + maxStorage * instances(readReplicas),
          0,
        ),
      ),
      path: "systems",
    },
    {
      code: "L-7B6409FD",
      needed: sum(({ stores }) =>
        Object.values(stores.postgres).reduce(
          (total, { readReplicas }) => total + instances(readReplicas),
          0,
        ),
      ),
      path: "systems",
    },
    {
      code: "L-DFE45DF3",
      needed: sum(({ stores }) =>
        Object.values(stores.cache).reduce((total, cache) => total + cacheNodes(cache), 0),
      ),
      path: "systems",
    },
  ];
}

/** A database and its replicas. The Multi-AZ standby doesn't count. Source: Amazon RDS user guide, quotas. */
const instances = (replicas: SystemSettings["stores"]["postgres"][string]["readReplicas"]): number =>
  Object.values(replicas).reduce((more, role) => more + (role?.count ?? 0), 1);

const cacheNodes = (cache: SystemSettings["stores"]["cache"][string]): number =>
  (cache.shards ?? 1) * (1 + cache.replicas);

/** Needs beyond what the account has been granted. */
export function quotaFaults(project: string, catalog: Catalog, settings: Partial<Sized>): Fault[] {
  const { account, cluster, network, systems } = settings;
  if (account === undefined || cluster === undefined || network === undefined || systems === undefined)
    return [];
  return quotaNeeds(catalog, { cluster, network, systems }).flatMap(({ code, needed, path }) => {
    const granted = account.quotas[code];
    if (granted === undefined || needed <= granted) return [];
    const { service, what } = quotas[code];
    return [
      {
        path: `${project}:account.quotas.${code}`,
        found: show(granted),
        expected: `at least ${needed} ${what}: ${project}:${path} may need so many`,
        remedy: `make the environment smaller, or run \`${quotaRequest(service, code, needed, account.region)}\` and enter what AWS grants`,
      },
    ];
  });
}

/** Needs beyond a new account's quotas, if the stack file doesn't set the account's quotas. */
export function quotaAdvice(project: string, catalog: Catalog, { account, ...sized }: Sized): Fault[] {
  return quotaNeeds(catalog, sized).flatMap(({ code, needed, path }) => {
    const { service, what, standard } = quotas[code];
    if (account.quotas[code] !== undefined || needed <= standard) return [];
    return [
      {
        path: `${project}:${path}`,
        found: `may need ${needed} ${what}, and a new account has ${standard} (quota ${code})`,
        expected: "",
        remedy: `run \`${quotaRequest(service, code, needed, account.region)}\`, and enter what AWS grants in ${project}:account.quotas`,
      },
    ];
  });
}

/** Addresses that AWS keeps in each subnet. Source: Amazon VPC user guide, subnet CIDR blocks. */
const reserved = 5;

/** A private subnet's share of the VPC (`components/network/plan.ts`). */
const privateShare = 8;

/**
 * Addresses that a node takes in addition to its pods': its own, and what its last prefix of 16 leaves unused. Source: EKS user
 * guide, Auto Mode, VPC networking: nodes get prefixes (/28).
 */
const perNode = 16;

/** More pods and nodes than the private subnets have addresses for, with one zone gone. */
export function addressFaults(project: string, catalog: Catalog, settings: Partial<Sized>): Fault[] {
  const { cluster, network, systems } = settings;
  if (cluster === undefined || network === undefined || systems === undefined) return [];
  const zones = network.zones.length - 1;
  const room = zones * (new Netmask(network.cidr).size / privateShare - reserved);
  const pods = podsAtMost(catalog, { cluster, systems });
  const nodes = mostNodes(cluster);
  const needed = pods + nodes * perNode;
  if (needed <= room) return [];
  return [
    {
      path: `${project}:network.cidr`,
      found: show(network.cidr),
      expected: `a range with ${needed} addresses in the private subnets of ${zones === 1 ? "one zone" : `${zones} zones`}, one fewer than there are: ${pods} pods, and ${nodes} nodes with ${perNode} each. It has ${room}`,
      remedy: "take a larger range before the first deployment, or make the environment smaller",
    },
  ];
}
