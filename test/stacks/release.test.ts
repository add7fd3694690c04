import assert from "node:assert/strict";
import { images, mirrored } from "../../components/base/images";
import type { Recording } from "../../preview/run-program";
import { isUnknown } from "../../preview/wire";
import { catalog } from "../../systems";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { firstRegionOf, objects, podOwners } from "../support/recordings";
import { disposable, settingsOf, stacks } from "../support/stacks";
import { comesAfter, named, podOf, podsOf } from "../support/release";
import type { GateSettings } from "../../config";
import { statementsOf } from "../support/inputs";

const specs = Object.values<SystemSpec>(catalog);

const isThere = (recording: Recording, { name, namespace }: WorkloadSpec) =>
  podOwners(recording).has(`${namespace}/${name}`);

for (const stack of stacks)
  describe(`${stack}: a release`, () => {
    for (const spec of specs)
      it(`${spec.name}: checks, backup, migration, verification, core, API, UI, smoke test, in this order`, async () => {
        const recording = await firstRegionOf(stack);
        const deployments = (...components: string[]) =>
          Object.values<WorkloadSpec>(spec.workloads)
            .filter((workload) => components.includes(workload.component) && isThere(recording, workload))
            .map((workload) => podsOf(recording, workload));
        const gate = (name: string) => [named(recording, `${spec.name}-${name}`)];
        const chain = [
          gate("postgres-roles-job"),
          gate("gates-preflight-job"),
          disposable(stack) ? [] : gate("gates-backup"),
          gate("gates-migrate-job"),
          gate("gates-verify-job"),
          deployments("core", "worker"),
          deployments("api"),
          deployments("frontend"),
          gate("smoke-test-job"),
        ].filter((stage) => stage.length > 0);
        chain.slice(1).forEach((stage, index) => {
          for (const later of stage)
            for (const earlier of chain[index] ?? [])
              assert.ok(comesAfter(recording, later, earlier), `${later.name} comes before ${earlier.name}`);
        });
        for (const [name, { resource }] of objects(recording, "ConfigMap"))
          if (
            name === `tapwork/${Object.values(spec.workloads).find(({ configMap }) => configMap)?.configMap}`
          )
            for (const verified of gate("gates-verify-job"))
              assert.ok(comesAfter(recording, resource, verified), "new variables before the new version");
        const own = [...podOwners(recording).values()].filter(
          ({ resource, manifest }) =>
            resource.name.startsWith(`primary-${spec.name}-`) &&
            !/^smtp$|-postgres-exporter$/.test(manifest.metadata.name),
        );
        assert.equal(
          own.length,
          deployments("core", "worker", "api", "frontend").length,
          "one is in no stage",
        );
      });

    it("runs every job under a unique name, with a deadline, and keeps it", async () => {
      const recording = await firstRegionOf(stack);
      for (const [name, { manifest, resource }] of objects(recording, "Job")) {
        assert.match(name, /-([0-9a-f]{8}|[0-9a-f]{12})$/);
        assert.equal(manifest.spec?.ttlSecondsAfterFinished, undefined, "Pulumi would recreate it");
        assert.equal(manifest.metadata.annotations?.["pulumi.com/replaceUnready"], "true");
        const { activeDeadlineSeconds, backoffLimit } = manifest.spec as Record<string, number>;
        assert.ok(activeDeadlineSeconds !== undefined && backoffLimit !== undefined, name);
        assert.deepEqual(resource.options.ignoreChanges, ["spec"], "a change of its pod alone is no new run");
        const patience = Number(/^(\d+)s$/.exec(resource.options.customTimeouts?.create ?? "")?.[1]);
        assert.ok(patience > activeDeadlineSeconds, `Pulumi gives ${name} up before it gives up itself`);
      }
    });

    it("migrates with the image and environment of the new version", async () => {
      const recording = await firstRegionOf(stack);
      const { systems } = await settingsOf(stack);
      for (const spec of specs) {
        const { workload, migrate, verify, seed } = spec.migration ?? assert.fail(spec.name);
        const seeds = [...recording.resources.values()].filter(
          ({ name }) => name === `primary-${spec.name}-gates-seed-job`,
        );
        const { seed: wanted } = systems[spec.name]?.gates ?? assert.fail(spec.name);
        assert.equal(seeds.length, wanted ? 1 : 0, "test data where the stack file asks for it");
        for (const job of seeds)
          assert.ok(
            comesAfter(recording, job, named(recording, `${spec.name}-gates-verify-job`)),
            "after the schema",
          );
        const described = spec.workloads[workload] as WorkloadSpec;
        const main = podOf(podsOf(recording, described)).containers[0];
        const jobs = [
          ["migrate", migrate] as const,
          ["verify", verify] as const,
          ...(seeds.length > 0 ? [["seed", seed] as const] : []),
        ];
        for (const [gate, command] of jobs) {
          const { containers, serviceAccountName } = podOf(
            named(recording, `${spec.name}-gates-${gate}-job`),
          );
          assert.deepEqual(containers[0]?.image, main?.image);
          assert.deepEqual(containers[0]?.command, command);
          // A job sends no spans.
          for (const variable of (main?.env ?? []).filter(({ name }) => !name.startsWith("OTEL_")))
            assert.ok(JSON.stringify(containers[0]?.env).includes(JSON.stringify(variable)), variable.name);
          assert.equal(serviceAccountName, `${spec.name}-${gate}`, "a service account without a role");
        }
      }
    });

    it("backs up unless the stack is disposable, and Pulumi never deletes a backup", async () => {
      const recording = await firstRegionOf(stack);
      const backups = recording.ofType("aws:rds/snapshot:Snapshot");
      assert.equal(backups.length, disposable(stack) ? 0 : specs.length);
      for (const { inputs, options, name } of backups) {
        assert.equal(options.retainOnDelete, true, name);
        const system = specs.find((spec) => name === `primary-${spec.name}-gates-backup`);
        assert.equal(inputs.dbInstanceIdentifier, `plinth-${stack}-${system?.name}`);
      }
    });

    it("prunes only old backups of its own databases", async () => {
      const recording = await firstRegionOf(stack);
      const functions = recording.ofType("aws:lambda/function:Function");
      const pruning = functions.find(({ name }) => name === "primary-backups-function");
      if (disposable(stack)) return assert.equal(pruning, undefined);
      const { account, systems } = await settingsOf(stack);
      const { RULES = "" } = (pruning?.inputs.environment as { variables: Record<string, string> }).variables;
      assert.deepEqual(
        JSON.parse(RULES),
        specs.map(({ name }) => ({
          instance: `plinth-${stack}-${name}`,
          prefix: `plinth-${stack}-${name}-gate-`,
          days: keptDays(systems[name]?.gates),
        })),
      );
      const { inputs } = recording.one("aws:iam/rolePolicy:RolePolicy", "primary-backups-policy");
      const removes = statementsOf(inputs.policy).filter(({ Action }) =>
        /delete|\*/i.test([Action].flat().join()),
      );
      assert.deepEqual(
        removes.map(({ Action, Resource }) => [Action, Resource]),
        [
          [
            "rds:DeleteDBSnapshot",
            specs.map(
              ({ name }) =>
                `arn:aws:rds:${account.region}:${account.id}:snapshot:plinth-${stack}-${name}-gate-*`,
            ),
          ],
        ],
      );
    });

    it("runs images of its own registry, and only the third-party images of the table", async () => {
      const recording = await firstRegionOf(stack);
      const { imageMirrors } = await settingsOf(stack);
      const table = Object.values(images).map(({ image }) => mirrored(image, imageMirrors));
      const found = new Set<string>();
      for (const kind of ["Deployment", "Rollout", "Job", "CronJob"])
        for (const { manifest } of objects(recording, kind).values())
          for (const [, image = ""] of JSON.stringify(manifest).matchAll(/"image":"([^"]+)"/g))
            // The name of an image built here is unknown until it has a digest.
            if (!/^\d{12}\.dkr\.ecr\.[^/]+\/(?!docker-hub\/)/.test(image) && !isUnknown(image))
              found.add(image);
      assert.deepEqual(
        [...found].filter((image) => !table.includes(image)),
        [],
      );
      for (const { image } of [images.curl, images.psql]) assert.ok(found.has(mirrored(image, imageMirrors)));
    });

    it("allows the smoke test to reach every listening workload, and the load test only the API", async () => {
      const recording = await firstRegionOf(stack);
      const policies = objects(recording, "NetworkPolicy");
      for (const spec of specs) {
        const listening = Object.values(spec.workloads).filter(
          (workload) => workload.listen !== undefined && isThere(recording, workload),
        );
        const admits = (tester: string) =>
          listening
            .filter(({ name, namespace }) =>
              JSON.stringify(policies.get(`${namespace}/${name}`)?.manifest.spec?.ingress).includes(
                `"${tester}"`,
              ),
            )
            .map(({ name }) => name)
            .sort();
        const reaches = (tester: string) => {
          const [policy] = [...policies.values()].filter(({ manifest }) => manifest.metadata.name === tester);
          const rules = (policy?.manifest.spec?.egress ?? []) as Rule[];
          return rules
            .flatMap(({ to }) => to.map(({ podSelector }) => Object.values(podSelector.matchLabels)[0]))
            .sort();
        };
        const all = listening.map(({ name }) => name).sort();
        assert.deepEqual(admits(`${spec.name}-smoke-test`), all);
        assert.deepEqual(reaches(`${spec.name}-smoke-test`), all);
        const apis = listening.filter(({ component }) => component === "api").map(({ name }) => name);
        const loaded = (await settingsOf(stack)).systems[spec.name]?.loadTest !== undefined;
        assert.deepEqual(admits(`${spec.name}-load-test`), loaded ? apis : []);
        assert.deepEqual(reaches(`${spec.name}-load-test`), loaded ? apis : []);
      }
    });
  });

const keptDays = (gates: GateSettings | undefined) =>
  gates?.backup === true ? gates.keepBackupsDays : undefined;

interface Rule {
  readonly to: readonly { readonly podSelector: { readonly matchLabels: Record<string, string> } }[];
}
