import assert from "node:assert/strict";
import { databaseUrls } from "../../config/checks/connections";
import { catalog } from "../../systems";
import type { SystemSpec } from "../../systems/spec";
import { firstRegionOf, objects, podOwners, type Manifest } from "../support/recordings";
import { settingsOf, stacks } from "../support/stacks";
import { specOf } from "../support/inputs";

interface Env {
  readonly name: string;
  readonly value?: string;
}

const envOf = (manifest: Manifest): Env[] => {
  const { template } = specOf<{
    template: { spec: { containers: { env?: Env[] }[] } };
  }>(manifest);
  return template.spec.containers[0]?.env ?? [];
};

for (const stack of stacks)
  describe(`${stack}: pools`, () => {
    it("are set for the driver of every workload with a database's URL", async () => {
      const [recording, settings] = [await firstRegionOf(stack), await settingsOf(stack)];
      const configMaps = [...objects(recording, "ConfigMapPatch")];
      for (const spec of Object.values<SystemSpec>(catalog))
        for (const [key, workload] of Object.entries(spec.workloads)) {
          const amounts = settings.systems[spec.name]?.workloads[key];
          if (amounts === undefined) continue;
          const where = `${spec.name} ${key}`;
          const owner = podOwners(recording).get(`${workload.namespace}/${workload.name}`);
          assert.ok(owner, where);
          const env = envOf(owner.manifest);
          // The name ends in a digest of the content.
          const shared = configMaps.find(([name]) =>
            name.startsWith(`${workload.namespace}/${workload.configMap}-`),
          );
          const told =
            env.find(({ name }) => name === "DB_POOL_SIZE")?.value ?? shared?.[1].manifest.data?.DB_POOL_SIZE;
          const connects = databaseUrls(spec, workload).length > 0;
          assert.equal(told, connects ? String(amounts.pool) : undefined, where);
        }
    });
  });
