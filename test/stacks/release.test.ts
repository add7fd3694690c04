import assert from "node:assert/strict";
import { images, mirrored } from "../../components/base/images";
import type { Registration } from "../../preview/monitor";
import type { Recording } from "../../preview/run-program";
import { isUnknown } from "../../preview/wire";
import { catalog } from "../../systems";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { set } from "../support/edits";
import { objects, podOwners, recordingOf, type Manifest } from "../support/recordings";
import { disposable, settingsOf, stacks } from "../support/stacks";
import * as frozen from "../support/frozen";
import type { GateSettings } from "../../config";
import { statementsOf } from "../support/inputs";

const specs = Object.values<SystemSpec>(catalog);

/** The one resource whose name is below the primary region. */
function named(recording: Recording, name: string): Registration {
  const found = [...recording.resources.values()].filter((each) => each.name === `primary-${name}`);
  assert.equal(found.length, 1, `${found.length} resources primary-${name}`);
  return found[0] as Registration;
}

/** Whether `later` waits for `earlier`, directly or by way of others. */
function comesAfter(recording: Recording, later: Registration, earlier: Registration): boolean {
  const seen = new Set<string>();
  const queue = [later.urn];
  for (let urn = queue.pop(); urn !== undefined; urn = queue.pop()) {
    if (urn === earlier.urn) return true;
    if (!seen.has(urn)) queue.push(...(recording.resources.get(urn)?.dependencies ?? []));
    seen.add(urn);
  }
  return false;
}

const jobNames = (recording: Recording) => [...objects(recording, "Job").keys()].sort();
const isThere = (recording: Recording, { name, namespace }: WorkloadSpec) =>
  podOwners(recording).has(`${namespace}/${name}`);

/** What runs a workload's pods: a Deployment or a Rollout. */
function podsOf(recording: Recording, { name, namespace }: WorkloadSpec): Registration {
  const found = podOwners(recording).get(`${namespace}/${name}`)?.resource;
  assert.ok(found, `${namespace}/${name} has no pods`);
  return found;
}

for (const stack of stacks)
  describe(`${stack}: a release`, () => {
    for (const spec of specs)
      it(`${spec.name}: checks, backup, migration, verification, core, API, UI, smoke test, in this order`, async () => {
        const recording = await recordingOf(stack);
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
            resource.name.startsWith(`primary-${spec.name}-`) && manifest.metadata.name !== "smtp",
        );
        assert.equal(
          own.length,
          deployments("core", "worker", "api", "frontend").length,
          "one is in no stage",
        );
      });

    it("runs every job under a name of its own, with a deadline, and leaves it there", async () => {
      const recording = await recordingOf(stack);
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

    it("migrates with the image and environment of the version that comes in", async () => {
      const recording = await recordingOf(stack);
      for (const spec of specs) {
        const { workload, migrate, verify, seed } = spec.migration ?? assert.fail(spec.name);
        const seeds = [...recording.resources.values()].filter(
          ({ name }) => name === `primary-${spec.name}-gates-seed-job`,
        );
        assert.equal(seeds.length, stack === "staging" ? 1 : 0, "test data in staging alone");
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
          // A job sends no spans: it is over before a trace would be of use.
          for (const variable of (main?.env ?? []).filter(({ name }) => !name.startsWith("OTEL_")))
            assert.ok(JSON.stringify(containers[0]?.env).includes(JSON.stringify(variable)), variable.name);
          assert.equal(serviceAccountName, `${spec.name}-${gate}`, "a service account without a role");
        }
      }
    });

    it("backs up where it can't be made again, and Pulumi never deletes a backup", async () => {
      const recording = await recordingOf(stack);
      const backups = recording.ofType("aws:rds/snapshot:Snapshot");
      assert.equal(backups.length, disposable(stack) ? 0 : specs.length);
      for (const { inputs, options, name } of backups) {
        assert.equal(options.retainOnDelete, true, name);
        const system = specs.find((spec) => name === `primary-${spec.name}-gates-backup`);
        assert.equal(inputs.dbInstanceIdentifier, `plinth-${stack}-${system?.name}`);
      }
    });

    it("removes old backups of its own databases, and nothing else of RDS", async () => {
      const recording = await recordingOf(stack);
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

    it("runs images of its own registry, and of others only those of the table", async () => {
      const recording = await recordingOf(stack);
      const { imageMirrors } = await settingsOf(stack);
      const table = Object.values(images).map(({ image }) => mirrored(image, imageMirrors));
      const found = new Set<string>();
      for (const kind of ["Deployment", "Rollout", "Job", "CronJob"])
        for (const { manifest } of objects(recording, kind).values())
          for (const [, image = ""] of JSON.stringify(manifest).matchAll(/"image":"([^"]+)"/g))
            // What is built here has no name yet but its registry's: its digest comes with the build.
            if (!/^\d{12}\.dkr\.ecr\.[^/]+\/(?!docker-hub\/)/.test(image) && !isUnknown(image))
              found.add(image);
      assert.deepEqual(
        [...found].filter((image) => !table.includes(image)),
        [],
      );
      for (const { image } of [images.curl, images.psql]) assert.ok(found.has(mirrored(image, imageMirrors)));
    });

    it("lets the smoke test in where something listens, and the load test at the API alone", async () => {
      const recording = await recordingOf(stack);
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

interface Pod {
  readonly serviceAccountName: string;
  readonly containers: readonly {
    readonly image: string;
    readonly command?: readonly string[];
    readonly env?: readonly { readonly name: string }[];
  }[];
}
const podOf = ({ inputs }: Registration): Pod =>
  ((inputs as unknown as Manifest).spec as { template: { spec: Pod } }).template.spec;

describe("a release: what makes gates run again", function () {
  this.timeout(120_000);
  const changed = async (changes: Record<string, unknown>) => {
    const before = jobNames(await frozen.recordingOf("staging"));
    const edited = await frozen.recordingWith("staging", (file) => {
      for (const [path, value] of Object.entries(changes)) set(path, value)(file);
    });
    return jobNames(edited)
      .filter((name) => !before.includes(name))
      .map((name) => name.replace(/^[^/]+\//, "").replace(/-[0-9a-f]{12}/, ""))
      .sort();
  };
  const gates = ["ams-migrate", "ams-preflight", "ams-seed", "ams-smoke-test", "ams-verify"];
  const workloads = "systems.ams.workloads";

  it("another image of the workload that migrates, for its own system", async () => {
    assert.deepEqual(await changed({ [`${workloads}.api.image`]: "ams-api:1.0.1" }), gates);
  });

  it("another image of another workload lets the smoke test alone run", async () => {
    assert.deepEqual(await changed({ [`${workloads}.web.image`]: "ams-web:1.0.1" }), ["ams-smoke-test"]);
  });

  it("another word, where nothing else has changed", async () => {
    const retried = await changed({ "systems.ams.gates.retry": "again" });
    assert.deepEqual(
      retried,
      gates.map((gate) => `${gate}-again`),
    );
  });

  it("and nothing else", async () => {
    const changes = {
      "systems.ams.env.LOG_LEVEL": "warn",
      "systems.ams.gates.deadlineSeconds": 60,
      [`${workloads}.worker.resources.limits.memory`]: "768Mi",
    };
    assert.deepEqual(await changed(changes), []);
  });

  it("on rollback, none of the gates: the schema stays, and the old image comes in at once", async () => {
    const image = "ams-api:0.9.0";
    const recording = await frozen.recordingWith("staging", (file) => {
      for (const each of ["api", "worker"]) set(`${workloads}.${each}.image`, image)(file);
      set("systems.ams.gates.rollbackTo", image)(file);
    });
    const own = jobNames(recording).filter((name) => name.startsWith("ams/"));
    assert.deepEqual(
      own.map((name) => name.replace(/-[0-9a-f]{8,12}$/, "")),
      ["ams/ams-smoke-test"],
    );
    const named = [...recording.resources.values()].map(({ name }) => name);
    assert.ok(
      !named.some((name) => name.startsWith("primary-ams-gates")),
      "no backup, no login of the checks",
    );
    const api = podsOf(recording, frozen.catalog.ams.workloads.api);
    assert.match(podOf(api).containers[0]?.image ?? "", /ams-api:0\.9\.0$/);
    const ready = recording.one("kubernetes:batch/v1:Job", "primary-ams-postgres-roles-job");
    assert.ok(comesAfter(recording, api, ready), "it still waits for its database");
    assert.ok(jobNames(recording).some((name) => name.startsWith("tapwork/tapwork-migrate-")));
  });

  it("shows the start of a digest, where the image has one", async () => {
    const image = `ams-api@sha256:${"0123456789ab".padEnd(64, "c")}`;
    const recording = await frozen.recordingWith("prod", set(`${workloads}.api.image`, image));
    assert.ok(jobNames(recording).includes("ams/ams-migrate-0123456789ab"));
  });
});

describe("a release: optional workloads", () => {
  const on = set("systems.tapwork.workloads.biometric", {
    image: "tapwork/biometric:v1.0.0",
    replicas: 1,
    minAvailable: 0,
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
  });
  const variables = (recording: Recording) =>
    [...objects(recording, "ConfigMapPatch")].find(([name]) =>
      name.startsWith("tapwork/tapwork-config-"),
    )?.[1].manifest.data;

  it("are nowhere where the stack file leaves them out", async () => {
    const recording = await frozen.recordingOf("prod");
    assert.ok(!JSON.stringify([...recording.resources.values()]).includes("biometric"));
    assert.equal(variables(recording)?.BIOMETRIC_URL, undefined);
  });

  it("are like any other where it has them: reached by who refers to them, and tested", async () => {
    const recording = await frozen.recordingWith("prod", on);
    assert.equal(
      variables(recording)?.BIOMETRIC_URL,
      "http://biometric-service.tapwork.svc.cluster.local:8000",
    );
    const policy = (name: string) =>
      JSON.stringify(objects(recording, "NetworkPolicy").get(`tapwork/${name}`)?.manifest.spec);
    assert.match(policy("tapwork-api"), /tapwork-biometric/);
    assert.match(policy("tapwork-biometric"), /"tapwork-api"/);
    assert.doesNotMatch(policy("tapwork-biometric"), /"tapwork-scanner"/);
    assert.match(policy("tapwork-smoke-test"), /tapwork-biometric/);
  });
});

describe("a release: images that are built", () => {
  let once: Promise<Recording> | undefined;
  const context = "test/components/workload/fixtures/app";
  const built = () =>
    (once ??= frozen.recordingWith(
      "staging",
      set("systems.ams.workloads.api.build", { context, target: "app", args: { VERSION: "1" } }),
    ));

  it("come from the builder under their names, for the nodes' processors", async () => {
    const { inputs, parent = "" } = (await built()).one("docker:index/image:Image");
    assert.equal(inputs.imageName, "222222222222.dkr.ecr.ap-northeast-2.amazonaws.com/ams-api:1.0.0");
    assert.deepEqual(inputs.build, {
      args: { BUILDKIT_INLINE_CACHE: "1", VERSION: "1" },
      builderVersion: "BuilderBuildKit",
      cacheFrom: { images: [] },
      context,
      dockerfile: `${context}/Dockerfile`,
      platform: "linux/amd64",
      target: "app",
    });
    assert.equal(inputs.buildOnPreview, false);
    assert.match(
      parent,
      /plinth:release:Images::primary-ams-images$/,
      "outside of what waits for the cluster",
    );
  });

  it("run as the digest that the registry answers, for all who share the image, their gates too", async () => {
    const recording = await built();
    const image = recording.one("docker:index/image:Image");
    for (const name of ["ams-api-release-rollout", "ams-worker-deployment", "ams-gates-migrate-job"]) {
      const resource = named(recording, name);
      assert.ok(resource.dependencies.includes(image.urn), name);
      assert.doesNotMatch(JSON.stringify(podOf(resource)), /ams-api:1\.0\.0/, name);
    }
    assert.ok(!named(recording, "ams-web-release-rollout").dependencies.includes(image.urn));
  });

  it("give gates their names before they are built, by what they are built from", async () => {
    const plain = jobNames(await frozen.recordingOf("staging"));
    const job = jobNames(await built()).find((name) => name.startsWith("ams/ams-migrate-"));
    assert.match(job ?? "", /^ams\/ams-migrate-[0-9a-f]{12}$/);
    assert.ok(!plain.includes(job ?? ""));
  });
});
