import assert from "node:assert/strict";
import { agentSize } from "../../components/cluster/telemetry/node-agent";
import { mailCatchers } from "../../components/system/mail-catchers";
import { exporterSettings } from "../../components/data/postgres-exporter";
import { natsFootprint } from "../../components/messaging/nats";
import { footprint, quota } from "../../components/system/quota";
import { amount, mostPods, type ClusterSettings, type NatsSettings, type SystemSettings } from "../../config";
import { capacityFaults } from "../../config/checks/capacity";
import { reserve } from "../../config/checks/demand";
import type { Catalog, SystemSpec } from "../../systems/spec";
import { drop, faultsOf, set } from "../support/edits";
import { catalog, recordingOf, settingsOf, stacks, type Stack } from "../support/frozen";
import { objects } from "../support/objects";

const shop = { shop: { namespaces: ["shop"] } } as unknown as Catalog;

const pod = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { cpu, memory } });

const cluster = (limits: { cpu: string; memory: string }, more: object = {}) =>
  ({
    nodePool: { limits, largestNode: { cpu: "16", memory: "64Gi" } },
    operators: { externalSecrets: { replicas: 2 } },
    ...more,
  }) as unknown as ClusterSettings;

const settings = (workloads: object, stores: object = {}) =>
  ({ shop: { stores: { nats: {}, mail: {}, ...stores }, workloads } }) as unknown as Record<
    string,
    SystemSettings
  >;

const faults = (limits: { cpu: string; memory: string }, workloads: object, stores: object = {}) =>
  capacityFaults("plinth", shop, {
    cluster: cluster(limits),
    systems: settings(workloads, stores),
  }).map(({ path, found, expected }) => `${path}: found ${found}; ${expected}`);

const parsed = (hard: Readonly<Record<string, string>>) => ({
  cpu: amount(hard["requests.cpu"] ?? ""),
  memory: amount(hard["requests.memory"] ?? ""),
});

/** Sum of requests of the pods of each namespace of a stack. */
const requestsOf = async (stack: Stack) =>
  [...objects(await recordingOf(stack), "ResourceQuota").values()].map(({ manifest }) => ({
    namespace: manifest.metadata.namespace ?? "",
    amounts: parsed((manifest.spec as { hard: Record<string, string> }).hard),
  }));

const roomy = { cpu: "100", memory: "400Gi" };
const api = { autoscaling: { max: 8 }, resources: pod("500m", "1Gi") };

describe("config: capacity", () => {
  // 10 × 0.5 + 2 + 2 × 0.5 + 0.5 = 8.5 of 9.45 × 90 %; 10 + 4 + 1.625 + 0.5 = 16.125 GiB of 18 × 90 %.
  it("fits every workload at its maximum, with the surge of a rolling update, into the pods' share", () => {
    assert.deepEqual(faults({ cpu: "9.5", memory: "18Gi" }, { api }), []);
    assert.deepEqual(faults({ cpu: "9.4", memory: "18Gi" }, { api }), [
      'plinth:cluster.nodePool.limits.cpu: found "9.4"; at least 10 cores, or smaller workloads: ' +
        "shop.api 10 × 0.5 = 5 + the cluster's add-ons 1 × 2 = 2 + operators 2 × 0.5 = 1 + " +
        "spare in namespaces 1 × 0.5 = 0.5 = 8.5 cores, and pods get 90 % of a node",
    ]);
    assert.match(
      faults({ cpu: "9.5", memory: "17Gi" }, { api }).join(),
      /^plinth:cluster\.nodePool\.limits\.memory: found "17Gi"; at least 18 GiB.*shop\.api 10 × 1 = 10 .* = 16\.19 GiB/,
    );
  });

  it("counts what runs next to the workloads", () => {
    const stores = {
      nats: { bus: { servers: 3 } },
      mail: { mail: { kind: "mailpit" }, other: { kind: "ses" } },
    };
    const operators = { externalSecrets: { replicas: 2 }, prometheus: { replicas: 2 } };
    const [fault] = capacityFaults("plinth", shop, {
      cluster: cluster({ cpu: "1", memory: "400Gi" }, { operators }),
      systems: settings({ api }),
    });
    assert.match(fault?.expected ?? "", /\+ operators 2 × 0\.5 = 1 \+ Prometheus 2 × 0\.8 = 1\.6 \+ /);
    assert.match(
      faults({ cpu: "1", memory: "400Gi" }, { api }, stores).join(),
      /\+ NATS 3 × 0\.6 = 1\.8 \+ Mailpit 1 × 0\.04 = 0\.04 = /,
    );
  });

  it("names the largest workloads, and sums up the others", () => {
    const many = Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7].map((size) => [`w${size}`, { replicas: 4, resources: pod(`${size}00m`, "1Gi") }]),
    );
    assert.match(
      faults({ cpu: "1", memory: "400Gi" }, many).join(),
      /: shop\.w7 5 × 0\.7 = 3\.5 \+ shop\.w6 .* \+ shop\.w3 5 × 0\.3 = 1\.5 \+ 2 smaller workloads 1\.5 \+ the/,
    );
  });

  it("refuses a container larger than the largest node's share for pods", () => {
    assert.deepEqual(faults(roomy, { api: { replicas: 1, resources: pod("14.4", "57Gi") } }), []);
    assert.deepEqual(faults(roomy, { api: { replicas: 1, resources: pod("14.5", "58Gi") } }), [
      'plinth:systems.shop.workloads.api.resources.limits.cpu: found "14.5"; at most 14.4 cores: the largest node (plinth:cluster.nodePool.largestNode) has 16, and pods get 90 % of it',
      'plinth:systems.shop.workloads.api.resources.limits.memory: found "58Gi"; at most 57.6 GiB: the largest node (plinth:cluster.nodePool.largestNode) has 64Gi, and pods get 90 % of it',
    ]);
  });

  it("is refused in a stack file, next to other faults", async () => {
    const { faults: found } = await faultsOf("prod", set("cluster.nodePool.limits.cpu", "16"));
    assert.deepEqual(
      found.map(({ path }) => path),
      ["plinth:cluster.nodePool.limits.cpu"],
    );
    assert.match(found[0]?.expected ?? "", /asset-management\.api 30 × 0\.25 = 7\.5/);
    const limit = "systems.ams.workloads.worker.resources.limits.cpu";
    const { message } = await faultsOf("prod", set(limit, "20"));
    assert.match(message, new RegExp(`plinth:${limit}: found "20"; allowed is at most 14\\.4 cores`));
    const broken = await faultsOf("prod", drop("cluster.nodePool.limits"));
    assert.deepEqual(
      broken.faults.map(({ path }) => path),
      ["plinth:cluster.nodePool.limits.cpu", "plinth:cluster.nodePool.limits.memory"],
    );
  });

  for (const stack of stacks)
    it(`covers what all namespaces of ${stack} can request`, async () => {
      const { cluster: own } = await settingsOf(stack);
      // One collector runs per node, and their quota allows more nodes than the pool.
      const quotas = (await requestsOf(stack)).filter(({ namespace }) => namespace !== "telemetry-nodes");
      for (const what of ["cpu", "memory"] as const) {
        const all = quotas.reduce((sum, { amounts }) => sum + amounts[what], reserve.cluster[what]);
        assert.ok(all <= 0.9 * amount(own.nodePool.limits[what]), `${what}: ${all}`);
      }
    });
});

describe("config: the reserve next to the workloads", () => {
  it("is enough for NATS, mail catchers and the namespaces' spare quota", async () => {
    const enough = (what: keyof typeof reserve, needs: { cpu: number; memory: number }, of = 1) => {
      assert.ok(reserve[what].cpu * of >= needs.cpu, `${what}: ${needs.cpu} cores`);
      assert.ok(reserve[what].memory * of >= needs.memory, `${what}: ${needs.memory} bytes`);
    };
    enough("nats", natsFootprint({ servers: 1 } as NatsSettings));
    enough("namespace", parsed(quota([])));
    const dev = await settingsOf("dev");
    const tapwork = dev.systems.tapwork;
    assert.ok(tapwork);
    const [catcher] = mailCatchers(catalog.tapwork, tapwork);
    assert.ok(catcher);
    const { cpu, memory } = catcher.settings.resources.requests;
    const pods = mostPods(catcher.settings);
    enough("mailpit", { cpu: pods * amount(cpu), memory: pods * amount(memory) });
    const exporter = footprint(exporterSettings);
    enough("exporter", { cpu: exporter.cpu.requests, memory: exporter.memory.requests });
  });

  it("is enough for the collector of a node", () => {
    assert.ok(agentSize.cpu.request / 1000 <= reserve.collector.cpu);
    assert.ok(agentSize.memory.request * 2 ** 20 <= reserve.collector.memory);
  });

  for (const stack of stacks)
    it(`is enough for the traces of ${stack}`, async () => {
      const { traces } = await settingsOf(stack);
      const its = (await requestsOf(stack)).find(({ namespace }) => namespace === "telemetry");
      assert.equal(its === undefined, traces === undefined);
      for (const what of ["cpu", "memory"] as const)
        assert.ok((its?.amounts[what] ?? 0) <= (traces?.replicas ?? 0) * reserve.traces[what], what);
    });

  it("is enough for the backup of the configuration", async () => {
    const its = (await requestsOf("prod")).find(({ namespace }) => namespace === "configuration-backup");
    for (const what of ["cpu", "memory"] as const)
      assert.equal(its?.amounts[what], reserve.configuration[what], what);
  });

  for (const stack of stacks)
    it(`is enough for the operators of ${stack}`, async () => {
      const { cluster: own } = await settingsOf(stack);
      const systems = Object.values<SystemSpec>(catalog).flatMap(({ name, namespaces }) => [
        ...namespaces,
        `${name}-bootstrap`,
      ]);
      const quotas = (await requestsOf(stack)).filter(
        ({ namespace }) =>
          ![...systems, "telemetry", "telemetry-nodes", "configuration-backup"].includes(namespace),
      );
      const { prometheus, ...others } = own.operators;
      const replicas = Object.values(others).reduce((sum, each) => sum + (each?.replicas ?? 0), 0);
      const servers = prometheus?.replicas ?? 0;
      assert.ok(quotas.length > 0);
      for (const what of ["cpu", "memory"] as const) {
        const all = quotas.reduce((sum, { amounts }) => sum + amounts[what], 0);
        const kept = replicas * reserve.operator[what] + servers * reserve.prometheus[what];
        assert.ok(all <= kept, `${what}: ${all}`);
        const its = quotas.find(({ namespace }) => namespace === "monitoring")?.amounts[what] ?? 0;
        assert.ok(its <= servers * reserve.prometheus[what], `Prometheus, ${what}: ${its}`);
      }
    });
});
