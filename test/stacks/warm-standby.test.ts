import assert from "node:assert/strict";
import type { Registration } from "../../preview/monitor";
import type { Recording } from "../../preview/run-program";
import { drop, itRefuses, set } from "../support/edits";
import { recordingOf, recordingWith } from "../support/recordings";
import { active, change, withoutPods, type Edit } from "../support/second-region";
import { inputsOf } from "../support/inputs";

const block = "standby.systems.asset-management";

const own = (recording: Recording): Registration[] =>
  [...recording.resources.values()].filter(({ name }) => name.startsWith("standby-region-"));
const kinds = (all: readonly Registration[]) => new Set(all.map(({ inputs }) => String(inputs.kind)));
const rollout = "kubernetes:argoproj.io/v1alpha1:Rollout";
const record = "aws:route53/record:Record";
const host = "assets.example.com";
const regional = { primary: `ap-northeast-2-${host}`, secondary: `ap-northeast-1-${host}` };

interface Scaled {
  readonly minReplicaCount: number;
  readonly maxReplicaCount: number;
}
const scaled = (recording: Recording, region: string) =>
  inputsOf<{ spec: Scaled }>(
    recording.one("kubernetes:keda.sh/v1alpha1:ScaledObject", `${region}-asset-management-api-scaler-keda`),
  ).spec;
const fronts = (recording: Recording, region: string) =>
  (
    recording.one(rollout, `${region}-asset-management-frontend-release-rollout`).inputs.spec as {
      replicas: number;
    }
  ).replicas;

/** Names of the resources that a property's value comes from. */
const sources = ({ propertyDependencies }: Registration) =>
  new Set(
    Object.values(propertyDependencies)
      .flat()
      .map((urn) => urn.split("::").at(-1) ?? ""),
  );

describe("a warm standby", () => {
  it("runs only its systems, at their minimum, with the autoscalers' full maximum", async () => {
    const recording = await recordingOf("prod");
    const { minReplicaCount, maxReplicaCount } = scaled(recording, "standby-region");
    assert.deepEqual([minReplicaCount, maxReplicaCount], [1, 15]);
    assert.equal(scaled(recording, "primary").minReplicaCount, 2);
    assert.equal(fronts(recording, "standby-region"), 1);
    const systems = recording.ofType("plinth:system:System").map(({ name }) => name);
    assert.deepEqual(
      systems.filter((name) => name.startsWith("standby-")),
      ["standby-region-asset-management"],
    );
  });

  it("runs no migrations, roles jobs or dumps", async () => {
    const jobs = own(await recordingOf("prod")).filter(({ inputs }) =>
      ["Job", "CronJob"].includes(String(inputs.kind)),
    );
    assert.deepEqual(
      jobs.map(({ name }) => name),
      ["standby-region-asset-management-smoke-test-job"],
    );
    const names = own(await recordingOf("prod")).map(({ name }) => name);
    assert.deepEqual(
      names.filter((name) => name.includes("bootstrap")),
      [],
    );
  });

  it("reads the replica, with the logins of the first region", async () => {
    const recording = await recordingOf("prod");
    const secret = recording.one(
      "kubernetes:external-secrets.io/v1:ExternalSecret",
      "standby-region-asset-management-secret-asset-management",
    );
    const from = sources(secret);
    assert.ok(from.has("standby-asset-management-postgres-copy-1"), [...from].join(", "));
    assert.ok(![...from].some((name) => /^primary-.*(postgres-primary|replica|proxy)$/.test(name)));
    const { data } = secret.inputs.spec as { data: { remoteRef: { key: string } }[] };
    const entries = new Set(data.map(({ remoteRef }) => remoteRef.key));
    assert.deepEqual([...entries].sort(), [
      "plinth-prod-standby/asset-management/cache",
      "plinth-prod-standby/asset-management/mail",
      "plinth-prod/asset-management/jwt",
      "plinth-prod/asset-management/postgres",
    ]);
  });

  it("takes from the first region only values that are replicated or exist once", async () => {
    const recording = await recordingOf("prod");
    const from = own(recording).flatMap((each) =>
      [...sources(each)].filter((name) => name.startsWith("primary-")),
    );
    // The digest that restarts pods when a secret changes.
    const replicated = /^primary-asset-management-stores-(jwt|postgres-credentials)-/;
    assert.deepEqual(
      [...new Set(from)].filter((name) => !replicated.test(name)),
      [],
    );
    for (const { name, type, inputs } of own(recording)) {
      const text = JSON.stringify(inputs);
      // The copies' role replicates in both directions; these belong to the cluster alone.
      assert.ok(!text.includes("ap-northeast-2"), `${type} ${name}: ${text.slice(0, 400)}`);
    }
  });

  it("gets a release after the first region, or at once while that is stopped", async () => {
    const dependencies = async (edit?: Edit) => {
      const recording = edit === undefined ? await recordingOf("prod") : await recordingWith("prod", edit);
      return recording
        .one(rollout, "standby-region-asset-management-api-release-rollout")
        .dependencies.map((urn) => urn.split("::").at(-1));
    };
    const last = "primary-asset-management-frontend-release-rollout";
    assert.ok((await dependencies()).includes(last));
    const then = await dependencies(active);
    assert.ok(!then.includes(last));
    assert.ok(then.includes("standby-region-asset-management-gates-verify-job"), then.join(", "));
  });

  it("is what DNS resolves to if the first region doesn't answer", async () => {
    const recording = await recordingOf("prod");
    const records = recording.ofType(record).filter(({ inputs }) => String(inputs.name).includes(host));
    const found = records.flatMap(({ inputs }) => {
      const {
        name,
        records: to,
        failoverRoutingPolicies: policies,
      } = inputsOf<{
        name: string;
        records: unknown[];
        failoverRoutingPolicies?: { type: string }[];
      }>({ inputs });
      return [
        [name, policies?.[0]?.type ?? "", String(to[0]).includes(".") ? String(to[0]) : "later"].join(" "),
      ];
    });
    assert.deepEqual(
      found.sort(),
      [
        `${host}  later`,
        `${regional.primary}  later`,
        `${regional.secondary}  later`,
        `active-${host} PRIMARY ${regional.primary}`,
        `active-${host} SECONDARY ${regional.secondary}`,
        `origin-${host}  active-${host}`,
      ].sort(),
    );
    const checks = recording.ofType("aws:route53/healthCheck:HealthCheck");
    assert.deepEqual(
      checks.map(({ inputs }) => [inputs.fqdn, inputs.resourcePath, inputs.invertHealthcheck]).sort(),
      Object.values(regional)
        .sort()
        .map((name) => [name, "/", false]),
    );
  });

  it("answers a regional name on the health check's path only, and has its certificate", async () => {
    const recording = await recordingOf("prod");
    for (const [region, name] of [
      ["primary", regional.primary],
      ["standby-region", regional.secondary],
    ] as const) {
      const { spec } = inputsOf<{
        spec: { rules: { host: string; http: { paths: { path: string; pathType: string }[] } }[] };
      }>(
        recording.one(
          "kubernetes:networking.k8s.io/v1:Ingress",
          `${region}-asset-management-edge-asset-management-ingress`,
        ),
      );
      const rules = spec.rules.filter((rule) => rule.host === name);
      assert.deepEqual(
        rules.map(({ http }) => http.paths.map(({ path, pathType }) => `${pathType} ${path}`)),
        [["Exact /"]],
      );
      const prefix = region === "primary" ? "primary" : region;
      recording.one("aws:acm/certificate:Certificate", `${prefix}-certificates-${name}`);
      recording.one("aws:acm/certificate:Certificate", `${prefix}-certificates-${host}`);
    }
  });

  it("is the second member of the CDN's origin group, for what the CDN only reads", async () => {
    const groupIn = async (edit?: Edit) => {
      const recording = edit === undefined ? await recordingOf("prod") : await recordingWith("prod", edit);
      const { originGroups, defaultCacheBehavior, orderedCacheBehaviors } = inputsOf<{
        originGroups: { originId: string; members: { originId: string }[] }[];
        defaultCacheBehavior: { targetOriginId: string; allowedMethods: string[] };
        orderedCacheBehaviors: { targetOriginId: string; allowedMethods: string[] }[];
      }>(recording.one("aws:cloudfront/distribution:Distribution", `cdn-${host}`));
      const [group] = originGroups;
      for (const { targetOriginId, allowedMethods } of [defaultCacheBehavior, ...orderedCacheBehaviors])
        assert.equal(targetOriginId === group?.originId, !allowedMethods.includes("POST"));
      return group?.members.map(({ originId }) => originId);
    };
    assert.deepEqual(await groupIn(), [regional.primary, regional.secondary]);
    assert.deepEqual(await groupIn(active), [regional.secondary, regional.primary]);
  });

  it("serves at its full size after a promotion, and the first region stops", async () => {
    const promoted = await recordingWith("prod", active);
    assert.equal(scaled(promoted, "standby-region").minReplicaCount, 2);
    assert.equal(fronts(promoted, "standby-region"), 3);
    assert.equal(fronts(promoted, "primary"), 0);
    assert.ok(kinds(own(promoted)).has("CronJob"));
    const rows = await change(recordingOf("prod"), recordingWith("prod", active));
    assert.deepEqual(
      rows.filter(({ loses, action }) => loses || action === "replaced").map(({ name }) => name),
      [],
    );
    const targets = Object.fromEntries(
      promoted
        .ofType(record)
        .filter(({ inputs }) => inputs.failoverRoutingPolicies !== undefined)
        .map(({ inputs }) => [String(inputs.setIdentifier), (inputs.records as string[])[0]]),
    );
    assert.deepEqual(targets, { primary: regional.secondary, secondary: regional.primary });
    // It has old data, whatever it answers.
    const retired = promoted.one("aws:route53/healthCheck:HealthCheck", `failover-${host}-primary-health`);
    assert.deepEqual([retired.inputs.disabled, retired.inputs.invertHealthcheck], [true, true]);
  });

  it("can be removed alone, and hosts always resolve", async () => {
    const rows = await change(recordingOf("prod"), recordingWith("prod", withoutPods));
    // Pulumi retains the copy of the files, which EFS then makes itself.
    const lost = rows.filter(({ loses }) => loses).map(({ name }) => name);
    assert.deepEqual(
      lost.filter((name) => !/^standby-(region-|cluster$|asset-management-files-files$)/.test(name)),
      [],
    );
    const records = rows.filter(
      ({ type, name }) => type === record && /^primary-.*(origin-|management-)assets/.test(name),
    );
    assert.deepEqual(
      records.map(({ action, changes }) => [action, ...changes.map(({ path }) => path.split("[")[0])]),
      [["changed", "records"]],
    );
  });

  const within =
    (dotted: string, value: unknown): Edit =>
    (file) => {
      set("standby", {
        region: "ap-northeast-1",
        network: { cidr: "10.40.0.0/16", zones: ["ap-northeast-1a", "ap-northeast-1c"] },
        systems: {
          "asset-management": {
            replicas: { postgres: { class: "db.m7g.xlarge", maxConnections: 500 } },
            workloads: { api: 1 },
          },
        },
      })(file);
      set(dotted, value)(file);
    };

  itRefuses([
    {
      what: "workloads of a system whose database has no replica",
      edit: within(`${block}.replicas`, {}),
      path: `${block}.replicas.postgres`,
      says: /workloads there have nothing else to read/,
    },
    {
      what: "workloads of a system whose streams aren't replicated",
      edit: within("standby.systems.opmas", {
        replicas: { postgres: { class: "db.m7g.large" } },
        workloads: {},
      }),
      path: "standby.systems.opmas.workloads",
      says: /messages of nats aren't replicated/,
    },
    {
      what: "more connections than the replica allows, since there is no proxy",
      edit: within(`${block}.replicas.postgres`, { class: "db.m7g.xlarge" }),
      path: `${block}.replicas.postgres.maxConnections`,
      says: /room for api 30 pods × 5 .* = 450 connections: .*There is no proxy/,
    },
    {
      what: "fewer connections than the primary's",
      edit: within(`${block}.replicas.postgres.maxConnections`, 100),
      path: `${block}.replicas.postgres.maxConnections`,
      says: /at least 200, as the primary's/,
    },
    {
      what: "Services in the second network",
      edit: within("standby.network.serviceCidr", "10.40.128.0/20"),
      path: "standby.network.serviceCidr",
      says: /doesn't overlap plinth:standby\.network\.cidr/,
    },
    {
      what: "nodes for less than the full size",
      edit: within("standby.nodePool", { limits: { cpu: "4", memory: "8Gi" } }),
      path: "standby.nodePool.limits.cpu",
      says: /at least \d+ cores/,
    },
    {
      what: "more nodes than the region's quota",
      edit: within("standby.quotas", { "L-1216C47A": 5 }),
      path: "standby.quotas.L-1216C47A",
      says: /at least \d+ /,
    },
    {
      what: "a network that is too small for the pods",
      edit: (file) => {
        within("standby.network.cidr", "10.40.0.0/20")(file);
      },
      path: "standby.network.cidr",
      says: /addresses in the private subnets/,
    },
    {
      what: "clients' networks that keep Route 53 out",
      edit: (file) => {
        within("standby.active", "primary")(file);
        set("edge.inboundCidrs", ["203.0.113.0/24"])(file);
      },
      path: "edge.inboundCidrs",
      says: /Route 53's health checks must reach both/,
    },
    {
      what: "a host without a path that answers",
      edit: (file) => {
        within("standby.active", "primary")(file);
        set("systems.asset-management.smoke", { app: [{ path: "/", status: 404 }] })(file);
      },
      path: "systems.asset-management.smoke.app",
      says: /2xx or 3xx/,
    },
    {
      what: "a host without pods",
      edit: (file) => {
        within("standby.active", "primary")(file);
        for (const workload of ["api", "frontend"]) {
          const path = `systems.asset-management.workloads.${workload}`;
          drop(`${path}.autoscaling`)(file);
          set(`${path}.replicas`, 0)(file);
          set(`${path}.minAvailable`, 0)(file);
        }
      },
      path: "systems.asset-management.hosts.app",
      says: /a host whose pods run: Route 53.*; to do: raise `replicas` from 0/,
    },
    {
      what: "a workload that the system doesn't have",
      edit: within(`${block}.workloads`, { worker: 1 }),
      path: `${block}.workloads.worker`,
      says: /api, frontend/,
    },
  ]);
});
