import assert from "node:assert/strict";
import type { Registration } from "../../preview/monitor";
import { catalog } from "../../systems";
import type { SystemSpec } from "../../systems/spec";
import { firstRegionOf, objects, podOwners } from "../support/recordings";
import { disposable, has, stacks } from "../support/stacks";
import { specOf } from "../support/inputs";

/** REL-1 and REL-2: release strategies of workloads in staging and prod. The others use rolling updates. */
const strategies: Readonly<Record<string, "switched" | "weighted">> = {
  "ams/ams-web": "switched",
  "ams/ams-api": "weighted",
  "tapwork/tapwork-api": "switched",
  "asset-management/asset-management-api": "weighted",
  "asset-management/asset-management-frontend": "switched",
};

interface Draining {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly { readonly lifecycle?: { preStop: { sleep: { seconds: number } } } }[];
}

interface Canary {
  readonly stableService?: string;
  readonly pingPong?: object;
  readonly trafficRouting?: { readonly alb?: { readonly rootService?: string } };
  readonly steps: readonly { readonly setWeight?: number }[];
  readonly analysis?: object;
}
const canaryOf = (resource: Registration | undefined) =>
  specOf<{ strategy: { canary: Canary } }>(resource?.inputs).strategy.canary;

for (const stack of stacks)
  describe(`${stack}: releases`, () => {
    it("use the required strategies", async () => {
      const owners = podOwners(await firstRegionOf(stack));
      for (const [name, { manifest }] of owners) {
        const expected = disposable(stack) ? undefined : strategies[name];
        if (expected === undefined) continue;
        const { strategy } = manifest.spec as { strategy: { canary?: Canary } };
        const weights = strategy.canary?.steps.flatMap(({ setWeight }) => setWeight ?? []) ?? [];
        assert.deepEqual([manifest.kind, weights.length === 1], ["Rollout", expected === "switched"], name);
      }
    });

    it("never change the selector of a Service with traffic from the load balancer, as blue-green would", async () => {
      for (const [name, { manifest }] of podOwners(await firstRegionOf(stack))) {
        if (manifest.kind !== "Rollout") continue;
        const { blueGreen, canary } = specOf<{ strategy: { blueGreen?: object; canary?: Canary } }>(
          manifest,
        ).strategy;
        const { namespace, name: owner } = manifest.metadata;
        assert.equal(blueGreen, undefined, name);
        const routed = [...objects(await firstRegionOf(stack), "Ingress").values()].some(
          (each) =>
            each.manifest.metadata.namespace === namespace &&
            JSON.stringify(each.manifest).includes(`"${canary?.stableService ?? owner}"`),
        );
        if (routed)
          assert.ok(
            canary?.pingPong && canary.trafficRouting?.alb?.rootService === canary.stableService,
            name,
          );
      }
    });

    it("leave the weights to the controller once the Ingress exists, and update its other annotations", async () => {
      const recording = await firstRegionOf(stack);
      for (const [name, { resource, manifest }] of objects(recording, "Ingress")) {
        const annotations = Object.entries(manifest.metadata.annotations ?? {});
        const weighs = ([key, value]: [string, string]) =>
          key.startsWith("alb.ingress.kubernetes.io/actions.") && value.includes("Weight");
        const ignored = resource.options.ignoreChanges ?? [];
        assert.deepEqual(ignored, annotations.some(weighs) ? ["metadata.annotations"] : [], name);
        const patch = [...recording.resources.values()].find(
          ({ type, dependencies }) => type.endsWith(":IngressPatch") && dependencies.includes(resource.urn),
        );
        const patched = (patch?.inputs.metadata as { annotations?: object } | undefined)?.annotations;
        const others = Object.fromEntries(annotations.filter((each) => !weighs(each)));
        assert.deepEqual(Object.keys(patched ?? {}), ignored.length > 0 ? Object.keys(others) : [], name);
      }
    });

    it("use readiness gates for the load balancers' targets", async () => {
      const recording = await firstRegionOf(stack);
      const behind = ["Ingress", "TargetGroupBinding"]
        .flatMap((kind) => [...objects(recording, kind).keys()])
        .map((name) => name.split("/")[0]);
      assert.equal(behind.includes("opmas-core"), has(stack, "systems.opmas.syslog"));
      for (const [, { manifest }] of objects(recording, "Namespace"))
        assert.equal(
          manifest.metadata.labels?.["eks.amazonaws.com/pod-readiness-gate-inject"],
          behind.includes(manifest.metadata.name) ? "enabled" : undefined,
          manifest.metadata.name,
        );
    });

    it("deregister a target while its pod still serves", async () => {
      const recording = await firstRegionOf(stack);
      for (const [name, { manifest }] of objects(recording, "Service")) {
        const attributes =
          manifest.metadata.annotations?.["alb.ingress.kubernetes.io/target-group-attributes"] ?? "";
        const delay = /deregistration_delay\.timeout_seconds=(\d+)/.exec(attributes)?.[1];
        if (delay === undefined) continue;
        const meant = (manifest.spec as { selector: Record<string, string> }).selector[
          "app.kubernetes.io/name"
        ];
        const owner = podOwners(recording).get(`${manifest.metadata.namespace}/${meant}`);
        const { template } = specOf<{ template: { spec: Draining } }>(owner?.manifest);
        const { terminationGracePeriodSeconds, containers } = template.spec;
        const drain = containers[0]?.lifecycle?.preStop.sleep.seconds ?? 0;
        assert.ok(drain > 0 && drain + Number(delay) <= terminationGracePeriodSeconds, name);
      }
    });

    it("don't make an Ingress wait for pods: a Rollout starts none before its Ingress exists", async () => {
      const recording = await firstRegionOf(stack);
      const awaited = (found: Registration | undefined) => {
        const { annotations } = (found?.inputs.metadata ?? {}) as { annotations?: Record<string, string> };
        return annotations?.["pulumi.com/skipAwait"] !== "true";
      };
      const namespaces = Object.values<SystemSpec>(catalog).flatMap((spec) => spec.namespaces);
      for (const [name, { manifest, resource }] of objects(recording, "Ingress")) {
        if (!namespaces.includes(manifest.metadata.namespace ?? "")) continue;
        const waits = resource.dependencies.map((urn) => recording.resources.get(urn));
        const services = waits.filter((found) => found?.type === "kubernetes:core/v1:Service");
        for (const found of waits)
          assert.doesNotMatch(found?.type ?? "", /Rollout$|Deployment$/, `${name} waits for ${found?.name}`);
        assert.ok(
          !services.some(awaited),
          `${name} waits for pods behind ${services.map((each) => each?.name)}`,
        );
        const namespace = name.split("/")[0] ?? "";
        const released = [...objects(recording, "Rollout")].filter(
          ([each, { manifest }]) =>
            each.startsWith(`${namespace}/`) && JSON.stringify(manifest).includes('"trafficRouting"'),
        );
        // Each version's, and the new one's.
        assert.equal(services.length, 3 * released.length, name);
      }
    });
  });

for (const stack of stacks.filter((each) => each === "staging" || each === "prod"))
  it(`${stack}: REL-2: A by header and 10 %, M by 5, 25, 50 and 100 %`, async () => {
    const owners = podOwners(await firstRegionOf(stack));
    const weights = (name: string) =>
      canaryOf(owners.get(name)?.resource).steps.flatMap(({ setWeight }) => setWeight ?? []);
    assert.deepEqual(weights("ams/ams-api"), [10, 50, 100]);
    assert.deepEqual(weights("asset-management/asset-management-api"), [5, 25, 50, 100]);
    const { analysis } = canaryOf(owners.get("asset-management/asset-management-api")?.resource);
    assert.ok(analysis);
  });
