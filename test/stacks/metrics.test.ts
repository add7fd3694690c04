import assert from "node:assert/strict";
import { prometheusAddress } from "../../components/base/operators";
import { objects, recordingOf, type Manifest } from "../support/recordings";
import { stacks } from "../support/stacks";

/** OBS-1: who tells metrics, on which port of its pods. A's, T's and M's documents name or imply their API; the front ends are files. */
const told: Readonly<Record<string, number>> = {
  "ams/ams-api": 4000,
  "asset-management/asset-management-api": 3000,
  "opmas-api/opmas-management-api": 8001,
  "opmas-core/nats": 7777,
  "opmas-core/opmas-core": 8000,
  "tapwork/tapwork-api": 8000,
};

interface Rule {
  readonly from?: readonly { podSelector?: { matchLabels?: Record<string, string> } }[];
  readonly ports: readonly { port: number }[];
}

/** Ports of a pod's policy that Prometheus is let in on. */
const opened = (policy: Manifest | undefined): number[] =>
  ((policy?.spec?.ingress ?? []) as Rule[])
    .filter(({ from = [] }) =>
      from.some((peer) => peer.podSelector?.matchLabels?.["app.kubernetes.io/name"] === "prometheus"),
    )
    .flatMap(({ ports }) => ports.map(({ port }) => port));

for (const stack of stacks)
  describe(`${stack}: metrics`, () => {
    const there = stack !== "dev";

    it("OBS-1: Prometheus asks every workload that tells some, and NATS; none in dev", async () => {
      const monitors = objects(await recordingOf(stack), "PodMonitor");
      assert.deepEqual([...monitors.keys()].sort(), there ? Object.keys(told) : []);
    });

    it("asks on a port that the pods have by that name", async () => {
      const recording = await recordingOf(stack);
      for (const [key, { manifest }] of objects(recording, "PodMonitor")) {
        const [{ port } = { port: "" }] = manifest.spec?.podMetricsEndpoints as { port: string }[];
        if (key.endsWith("/nats")) {
          assert.equal(port, "prom-metrics", "as the chart names it");
          continue;
        }
        const kinds = [...objects(recording, "Deployment"), ...objects(recording, "Rollout")];
        const [, owner] = kinds.find(([name]) => name === key) ?? assert.fail(`${key} has no pods`);
        const { template } = owner.manifest.spec as {
          template: { spec: { containers: { ports: { name: string; containerPort: number }[] }[] } };
        };
        const ports = template.spec.containers.flatMap((container) => container.ports);
        assert.deepEqual(
          ports.filter(({ name }) => name === port).map(({ containerPort }) => containerPort),
          [told[key]],
        );
      }
    });

    it("finds the way open on both sides, on that port alone", async () => {
      const recording = await recordingOf(stack);
      const policies = objects(recording, "NetworkPolicy");
      for (const [key, { manifest }] of policies)
        assert.deepEqual(opened(manifest), there && key in told ? [told[key]] : [], key);
      const { spec } = policies.get("monitoring/allow-metrics")?.manifest ?? {};
      const [way] = (spec?.egress ?? []) as Rule[];
      const ports = [...new Set(Object.values(told))].sort((one, other) => one - other);
      assert.deepEqual(
        way?.ports.map(({ port }) => port),
        there ? ports : undefined,
      );
    });

    it("has labelled the name spaces that it may look into, and no others", async () => {
      const labelled = [...objects(await recordingOf(stack), "Namespace").values()]
        .filter(({ manifest }) => manifest.metadata.labels?.["plinth/metrics"] === "allowed")
        .map(({ manifest }) => manifest.metadata.name);
      const wanted = Object.keys(told).map((key) => key.replace(/\/.*/, ""));
      assert.deepEqual(labelled.sort(), [...new Set(wanted)].sort());
    });

    it("is what scales and releases ask, and what lets them in", async () => {
      const recording = await recordingOf(stack);
      const addresses = [...recording.resources.values()].flatMap(({ inputs }) =>
        [...JSON.stringify(inputs).matchAll(/"(?:serverAddress|address)":"([^"]+)"/g)].map(([, at]) => at),
      );
      assert.deepEqual([...new Set(addresses)], there ? [prometheusAddress] : []);
      const entrance = objects(recording, "NetworkPolicy").get("monitoring/allow-queries");
      if (!there) return assert.equal(entrance, undefined);
      assert.match(JSON.stringify(entrance?.manifest.spec), /"keda-operator".*"argo-rollouts"/);
    });
  });
