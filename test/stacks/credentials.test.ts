import assert from "node:assert/strict";
import { refreshInterval } from "../../components/base/external-secret";
import { storesOf } from "../../components/system/wiring";
import { catalog } from "../../systems";
import type { SystemSpec } from "../../systems/spec";
import { firstRegionOf, objects, podOwners } from "../support/recordings";
import { largest, settingsOf, stacks } from "../support/stacks";
import { specOf } from "../support/inputs";

const specs = Object.values<SystemSpec>(catalog);
const hours = (text: string) => Number(/^(\d+)h/.exec(text)?.[1]);

interface Data {
  readonly data: readonly { readonly remoteRef: { readonly key: string } }[];
}

for (const stack of stacks)
  describe(`${stack}: database credentials`, () => {
    it("give the master user's password only to the bootstrap jobs", async () => {
      const recording = await firstRegionOf(stack);
      const secrets = [...objects(recording, "ExternalSecret")].filter(([, { manifest }]) =>
        specOf<Data>(manifest).data.some(({ remoteRef }) => remoteRef.key.endsWith("/master")),
      );
      assert.deepEqual(
        secrets.map(([name]) => name.split("/")[1]).sort(),
        specs.map(({ name }) => `${name}-postgres-roles`).sort(),
      );
      for (const [name, { manifest }] of podOwners(recording))
        for (const [secret] of secrets)
          assert.ok(!JSON.stringify(manifest).includes(`"${secret.split("/")[1]}"`), name);
    });

    it("exist before any workload that logs in", async () => {
      const recording = await firstRegionOf(stack);
      const jobs = objects(recording, "Job");
      for (const spec of specs)
        for (const workload of Object.values(spec.workloads)) {
          if (!storesOf(workload).includes("postgres")) continue;
          const found = podOwners(recording).get(`${workload.namespace}/${workload.name}`);
          const job = [...jobs.values()].find(
            ({ resource }) => resource.name === `primary-${spec.name}-postgres-roles-job`,
          );
          assert.ok(job && found?.resource.dependencies.includes(job.resource.urn), workload.name);
        }
    });

    it("create a new job for new inputs: its name has a digest, and it isn't deleted automatically", async () => {
      const jobs = [...objects(await firstRegionOf(stack), "Job")];
      const roles = jobs.filter(([name]) => /-postgres-roles-[0-9a-f]{8}$/.test(name));
      assert.equal(roles.length, specs.length);
      for (const [, { manifest }] of roles) {
        assert.equal(manifest.spec?.ttlSecondsAfterFinished, undefined);
        assert.equal(manifest.metadata.annotations?.["pulumi.com/replaceUnready"], "true");
        assert.match(JSON.stringify(manifest), /"PGSSLMODE","value":"verify-full"/);
      }
    });

    it("come with the certificates that the connection strings refer to", async () => {
      const recording = await firstRegionOf(stack);
      for (const spec of specs)
        for (const workload of Object.values(spec.workloads)) {
          const found = podOwners(recording).get(`${workload.namespace}/${workload.name}`);
          if (found === undefined && workload.optional === true) continue;
          const mounted = JSON.stringify(found?.manifest).includes('"mountPath":"/etc/plinth/trust"');
          assert.equal(mounted, storesOf(workload).includes("postgres"), workload.name);
        }
    });

    it("are rotated no more often than nodes are replaced", async () => {
      const { rotationDays } = (await settingsOf(stack)).credentials;
      const recording = await firstRegionOf(stack);
      const schedules = recording.ofType("aws:secretsmanager/secretRotation:SecretRotation");
      assert.equal(schedules.length, rotationDays === 0 ? 0 : specs.length);
      if (rotationDays === 0) return;
      for (const { name, dependencies } of schedules) {
        const job = recording.resources.get(
          dependencies.find((urn) => urn.endsWith("-postgres-roles-job")) ?? "",
        );
        assert.equal(
          name,
          job?.name.replace(/-job$/, "-rotation"),
          `${name}: tried before the logins are there`,
        );
      }
      const pools = [...objects(recording, "NodePool").values()].map(
        ({ manifest }) =>
          manifest.spec?.template as { spec: { expireAfter: string; terminationGracePeriod: string } },
      );
      assert.ok(pools.length > 0);
      for (const { spec } of pools)
        assert.ok(
          hours(spec.expireAfter) + hours(spec.terminationGracePeriod) + hours(refreshInterval) <
            rotationDays * 24,
        );
    });
  });

describe("credentials: bad input", () => {
  const refused = (value: unknown, what: RegExp) =>
    assert.rejects(
      settingsOf(largest, (file) => file.setIn(["config", "plinth:credentials", "rotationDays"], value)),
      what,
    );

  it("refuses a rotation that is too frequent for pods", () => refused(7, /at least 30 days/));
  it("refuses an invalid rotation", () => refused(-1, /0 to 365/));
});
