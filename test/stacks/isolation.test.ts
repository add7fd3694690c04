import assert from "node:assert/strict";
import { storesOf } from "../../components/system/wiring";
import type { Registration } from "../../preview/monitor";
import type { Recording } from "../../preview/run-program";
import { bootstrapNamespace } from "../../components/system/cluster-stores";
import { catalog } from "../../systems";
import type { SystemSpec } from "../../systems/spec";
import { blockedWays, reaches, type Policy, type World } from "../support/policy-resolver";
import { firstRegionIn, firstRegionOf, recordingWith } from "../support/recordings";
import { set } from "../support/edits";
import { largest, settingsOf, stacks } from "../support/stacks";
import { podsOf, worldOf } from "../support/world";
import { enginePorts } from "../../components/base/ports";

/** Address of a system's data store: the ranges of its subnets, and its port. */
interface Place {
  readonly system: string;
  readonly store: string;
  readonly kind: "postgres" | "cache" | "files" | "search";
  readonly cidrs: readonly string[];
}

/** Resources in subnets, and the input with the subnets. */
const inSubnets = {
  "aws:rds/subnetGroup:SubnetGroup": "subnetIds",
  "aws:rds/proxy:Proxy": "vpcSubnetIds",
  "aws:elasticache/subnetGroup:SubnetGroup": "subnetIds",
  "aws:efs/mountTarget:MountTarget": "subnetId",
} as const;

const subnetsOf = (recording: Recording, resource: Registration, property: string): string[] =>
  (resource.propertyDependencies[property] ?? []).flatMap((urn) => {
    const found = recording.resources.get(urn);
    return found?.type === "aws:ec2/subnet:Subnet" ? [String(found.inputs.cidrBlock)] : [];
  });

function placesOf(recording: Recording): Place[] {
  const domains = recording.ofType("aws:opensearch/domain:Domain").map((domain): Place => ({
    system: "platform",
    store: "search",
    kind: "search",
    cidrs: subnetsOf(recording, domain, "vpcOptions"),
  }));
  const ofSystems = Object.values<SystemSpec>(catalog).flatMap((spec) =>
    Object.entries(spec.stores).flatMap(([store, { kind }]): Place[] => {
      if (kind !== "postgres" && kind !== "cache" && kind !== "files") return [];
      const prefix = `primary-${spec.name}-stores-${store}-`;
      const cidrs = Object.entries(inSubnets).flatMap(([type, property]) =>
        recording
          .ofType(type)
          .filter(({ name }) => name.startsWith(prefix))
          .flatMap((resource) => subnetsOf(recording, resource, property)),
      );
      assert.ok(cidrs.length > 0, `${spec.name}.${store} lies in no subnet`);
      return [{ system: spec.name, store, kind, cidrs: [...new Set(cidrs)] }];
    }),
  );
  return [...ofSystems, ...domains];
}

/** Only writers of logs and spans reach the domain. */
const searching = ["telemetry-nodes/otel-agent", "telemetry/jaeger"];
const ports = { ...enginePorts, search: 443 };

/** Jobs and the metrics exporter reach their database; tests reach none. */
const jobStore = (name: string, system: string): string[] => {
  if (name.startsWith(`${system}-postgres-roles`)) return ["postgres"];
  // A restore of a dump reaches no database; a backup of streams reaches servers in the cluster.
  if ([`${system}-postgres-dump`, `${system}-postgres-exporter`].includes(name)) return ["postgres"];
  return /-(preflight|migrate|verify|seed)-/.test(name) ? ["postgres"] : [];
};

/** The system of a namespace, including the namespace of its bootstrap jobs. */
const systemOf = (namespace: string): SystemSpec | undefined =>
  Object.values<SystemSpec>(catalog).find(({ name, namespaces }) =>
    [...namespaces, bootstrapNamespace(name)].includes(namespace),
  );

/** Data stores that a pod should reach, as `<system>.<store>`: shared files are mounted by the node, not by pods. */
function wired(pod: World["pods"][number]): string[] {
  if (searching.includes(`${pod.namespace}/${pod.name}`)) return ["platform.search"];
  const spec = systemOf(pod.namespace);
  if (spec === undefined) return [];
  const workload = Object.values(spec.workloads).find(
    ({ name, namespace }) => name === pod.labels["app.kubernetes.io/name"] && namespace === pod.namespace,
  );
  const stores = workload === undefined ? jobStore(pod.name, spec.name) : storesOf(workload);
  return stores
    .filter((store) => ["postgres", "cache"].includes(spec.stores[store]?.kind ?? ""))
    .map((store) => `${spec.name}.${store}`)
    .sort();
}

/** Differences from the wiring: a pod, a store, and whether it is wrongly reachable or unreachable. */
function unlike(world: World, places: readonly Place[]): string[] {
  return world.pods.flatMap((pod) =>
    places.flatMap(({ system, store, kind, cidrs }) => {
      const found = cidrs.some((cidr) => reaches(world, pod, cidr, ports[kind]));
      const expected = wired(pod).includes(`${system}.${store}`);
      if (found === expected) return [];
      return [`${pod.namespace}/${pod.name} ${found ? "reaches" : "doesn't reach"} ${system}.${store}`];
    }),
  );
}

const change = (world: World, name: string, egress: (policy: Policy) => Policy["egress"]): World => ({
  ...world,
  policies: world.policies.map((policy) =>
    policy.name === name ? { ...policy, egress: egress(policy) } : policy,
  ),
});

for (const stack of stacks)
  describe(`${stack}: isolation`, () => {
    it("allows egress to pods also through their Services, as AWS resolves policies", async () => {
      const world = worldOf(await firstRegionOf(stack));
      assert.ok(world.services.length > 10);
      assert.deepEqual(blockedWays(world), []);
    });

    it("lets each pod reach only the data stores that it is wired to", async () => {
      const recording = await firstRegionOf(stack);
      const world = worldOf(recording);
      const places = placesOf(recording);
      assert.ok(places.length > 0);
      assert.ok(podsOf(recording).filter((pod) => wired(pod).length > 0).length > 0);
      assert.deepEqual(unlike(world, places), []);
    });

    it("puts the data of each system into isolated subnets that no other system has", async () => {
      const recording = await firstRegionOf(stack);
      const places = placesOf(recording);
      const all = new Set(places.flatMap(({ cidrs }) => cidrs));
      const isolated = recording
        .ofType("aws:ec2/subnet:Subnet")
        .filter(({ name }) => name.startsWith("primary-network-isolated-"));
      // A domain of two zones leaves the platform's third subnet empty.
      const used = isolated.filter(
        ({ name, inputs }) => !name.includes("-platform") || all.has(String(inputs.cidrBlock)),
      );
      assert.deepEqual([...all].sort(), used.map(({ inputs }) => String(inputs.cidrBlock)).sort());
      for (const { system, cidrs } of places)
        for (const other of places)
          if (other.system !== system) assert.ok(!other.cidrs.some((cidr) => cidrs.includes(cidr)));
    });

    it("lets only OPMAS' core reach the devices, on the configured ports", async () => {
      const recording = await firstRegionOf(stack);
      const world = worldOf(recording);
      const { devices } = (await settingsOf(stack)).systems.opmas?.networks ?? {};
      assert.ok(devices);
      const reaching = (port: number) =>
        world.pods
          .filter((pod) => devices.cidrs.some((cidr) => reaches(world, pod, cidr, port)))
          .map(({ name }) => name);
      for (const port of devices.ports) assert.deepEqual(reaching(port), ["opmas-core"]);
      assert.deepEqual(reaching(22), []);
    });
  });

describe("isolation: what the checks find", () => {
  it("finds a policy that names a Service by a label that the Service doesn't select by", async () => {
    const world = worldOf(await firstRegionOf(largest));
    const byName = change(world, "allow-to-operator", ({ egress }) =>
      egress.map((rule) => ({
        ...rule,
        to: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "keda-operator" } } }],
      })),
    );
    assert.deepEqual(blockedWays(byName), ["keda/allow-to-operator: keda/keda-operator:9666 stays closed"]);
  });

  it("finds a selector of no pod", async () => {
    const world = worldOf(await firstRegionOf(largest));
    const lost = change(world, "allow-to-operator", ({ egress }) =>
      egress.map((rule) => ({ ...rule, to: [{ podSelector: { matchLabels: { app: "keda" } } }] })),
    );
    assert.match(blockedWays(lost)[0] ?? "", /allow-to-operator: selects no pod/);
  });

  it("finds a rule that is wider than the wiring, and one that is missing", async () => {
    const recording = await firstRegionOf(largest);
    const [world, places] = [worldOf(recording), placesOf(recording)];
    const wide = change(world, "tapwork-scanner", () => [
      { to: [{ ipBlock: { cidr: "10.30.128.0/18" } }], ports: [{ protocol: "TCP", port: 6379 }] },
    ]);
    assert.deepEqual(
      unlike(wide, places),
      places
        .filter(({ kind }) => kind === "cache")
        .map(({ system, store }) => `tapwork/tapwork-scanner reaches ${system}.${store}`),
    );
    const everything = change(world, "tapwork-scanner", () => [{}]);
    assert.equal(unlike(everything, places).length, places.length);
    const closed = change(world, "tapwork-api", () => []);
    assert.deepEqual(unlike(closed, places), ["tapwork/tapwork-api doesn't reach tapwork.postgres"]);
  });

  it("denies the VPC to workloads that can call the whole internet", async () => {
    const changed = await recordingWith(
      largest,
      set("systems.opmas.networks.devices", {
        cidrs: ["0.0.0.0/0"],
        ports: [5432, 6379],
        internet: true,
      }),
    );
    const recording = firstRegionIn(changed);
    assert.deepEqual(unlike(worldOf(recording), placesOf(recording)), []);
  });
});
