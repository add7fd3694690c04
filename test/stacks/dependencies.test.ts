import assert from "node:assert/strict";
import type { Registration } from "../../preview/monitor";
import { storesOf } from "../../components/system/wiring";
import { catalog } from "../../systems";
import type { SystemSpec } from "../../systems/spec";
import { firstRegionOf, podOwners } from "../support/recordings";
import { stacks } from "../support/stacks";

/** Types of resources that a Deployment or a Rollout may wait for, besides its stores. */
const own = [
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:ServiceAccount",
  "kubernetes:core/v1:ConfigMap",
  "kubernetes:core/v1:ConfigMapPatch",
  "kubernetes:core/v1:Service",
  "kubernetes:argoproj.io/v1alpha1:AnalysisTemplate",
  "kubernetes:external-secrets.io/v1:ExternalSecret",
  "aws:eks/podIdentityAssociation:PodIdentityAssociation",
];

/** Parts of a release that it may wait for: the last gate, and workloads of an earlier stage. */
const released = /-gates-verify-job$|-deployment$|-release-rollout$/;

for (const stack of stacks)
  describe(`${stack}: what a workload waits for`, () => {
    for (const spec of Object.values<SystemSpec>(catalog))
      for (const [key, workload] of Object.entries(spec.workloads))
        it(`${workload.name}: its namespace, association, Secret and stores, and nothing else`, async () => {
          const recording = await firstRegionOf(stack);
          const found = podOwners(recording).get(`${workload.namespace}/${workload.name}`);
          if (found === undefined && workload.optional === true) return;
          assert.ok(found);
          const waits = found.resource.dependencies.map(
            (urn) => recording.resources.get(urn) as Registration,
          );
          const names = waits.map(({ name }) => name);
          const system = `primary-${spec.name}`;

          assert.ok(names.includes(`${system}-namespace-${workload.namespace}-namespace`), "its namespace");
          const readsSecret = Object.values(workload.env).some((source) => "key" in source);
          assert.equal(names.includes(`${system}-secret-${workload.namespace}`), readsSecret, "its Secret");
          const guarded = ["bucket", "queue"];
          const reads = storesOf(workload).filter((store) =>
            guarded.includes(spec.stores[store]?.kind ?? ""),
          );
          assert.equal(
            names.includes(`${system}-access-${key}-association`),
            reads.length > 0,
            "its association",
          );

          const storeOf = (name: string) =>
            storesOf(workload).find(
              (store) =>
                name.startsWith(`${system}-stores-${store}-`) || name.startsWith(`${system}-${store}-`),
            );
          for (const { type, name } of waits)
            // The order of a release has tests of its own.
            if (
              // The Secret's version covers all its entries.
              !(readsSecret && name.endsWith("-version")) &&
              !own.includes(type) &&
              !released.test(name) &&
              name !== `${system}-images-${key}` &&
              name !== "primary-platform-operators-rollouts-release"
            )
              assert.ok(storeOf(name), `${workload.name} waits for ${name}, which it doesn't read`);
          for (const store of storesOf(workload)) {
            const kind = spec.stores[store]?.kind;
            if (
              kind === "postgres" ||
              kind === "cache" ||
              kind === "nats" ||
              kind === "bucket" ||
              kind === "queue" ||
              kind === "files"
            )
              assert.ok(
                names.some((name) => storeOf(name) === store),
                `${workload.name} doesn't wait for ${store}`,
              );
          }
        });
  });
