import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { postgresEndOfSupport } from "../../config/stores/postgres";
import { standardSupport } from "../../config/cluster/kubernetes-versions";
import type { Recording } from "../../preview/run-program";
import { recordingOf } from "../support/recordings";
import { settingsOf } from "../support/stacks";
import { assertGenerated, markdownTable } from "./generated";

const workflows = join(__dirname, "../../.github/workflows");

type Row = readonly [when: string, what: string];

/** Values of a type's resources, one line for all that have the same. */
function grouped(recording: Recording, type: string, when: string, name: string, what: string): Row[] {
  const found = new Map<string, string[]>();
  for (const { inputs } of recording.ofType(type)) {
    const window = inputs[when];
    if (typeof window === "string")
      found.set(window, [...(found.get(window) ?? []), `\`${String(inputs[name])}\``]);
  }
  return [...found].sort().map(([window, names]) => [`\`${window}\``, `${what}: ${names.sort().join(", ")}`]);
}

const instance = "aws:rds/instance:Instance";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";

/** Windows in which AWS' work can interrupt or slow a resource. */
function windows(recording: Recording): Row[] {
  const [domain] = recording.ofType("aws:opensearch/domain:Domain");
  const options = domain?.inputs.offPeakWindowOptions as
    | { offPeakWindow: { windowStartTime: { hours: number } } }
    | undefined;
  const [pool] = recording.ofType("kubernetes:karpenter.sh/v1:NodePool");
  const template = pool?.inputs.spec as { template: { spec: { expireAfter: string } } } | undefined;
  return [
    ...grouped(recording, instance, "backupWindow", "identifier", "RDS backs up databases"),
    ...grouped(recording, instance, "maintenanceWindow", "identifier", "RDS maintains databases"),
    ...grouped(recording, cache, "snapshotWindow", "replicationGroupId", "ElastiCache backs up caches"),
    ...grouped(recording, cache, "maintenanceWindow", "replicationGroupId", "ElastiCache maintains caches"),
    ...(options === undefined
      ? []
      : [
          [
            `\`${options.offPeakWindow.windowStartTime.hours}:00\`, ten hours`,
            "OpenSearch tunes and updates the domain of the logs",
          ] as const,
        ]),
    [
      `every \`${template?.template.spec.expireAfter ?? ""}\` a node`,
      "EKS replaces nodes, one after the other",
    ],
  ];
}

/** Jobs, by their schedules as each service writes them. */
function jobs(recording: Recording): Row[] {
  const scheduled = new Map<string, string[]>();
  for (const { inputs } of recording.ofType("kubernetes:batch/v1:CronJob")) {
    const { metadata, spec } = inputs as {
      metadata: { name: string };
      spec: { schedule: string; suspend?: boolean };
    };
    if (spec.suspend !== true)
      scheduled.set(spec.schedule, [...(scheduled.get(spec.schedule) ?? []), `\`${metadata.name}\``]);
  }
  const plans = recording.ofType("aws:backup/plan:Plan");
  const rules = plans.flatMap(({ inputs }) => inputs.rules as { ruleName: string; schedule: string }[]);
  const ofCi = readdirSync(workflows).flatMap((file) => {
    const { name, on } = parse(readFileSync(join(workflows, file), "utf8")) as {
      name: string;
      on?: { schedule?: { cron: string }[] };
    };
    return (on?.schedule ?? []).map(({ cron }): Row => [`\`${cron}\``, `GitHub: the workflow ${name}`]);
  });
  return [
    ...[...scheduled].sort().map(([cron, names]): Row => [`\`${cron}\``, names.sort().join(", ")]),
    ...rules.map(({ ruleName, schedule }): Row => [
      `\`${schedule}\``,
      `AWS Backup: ${ruleName} recovery points`,
    ]),
    ...recording
      .ofType("aws:backup/restoreTestingPlan:RestoreTestingPlan")
      .map(({ inputs }): Row => [`\`${String(inputs.scheduleExpression)}\``, "AWS Backup: restore tests"]),
    ...ofCi,
  ];
}

/** Tasks for people, with their deadlines. */
async function deadlines(recording: Recording): Promise<Row[]> {
  const { cluster, credentials, systems } = await settingsOf("prod");
  const rotations = recording
    .ofType("aws:secretsmanager/secretRotation:SecretRotation")
    .map(({ inputs }) => (inputs.rotationRules as { automaticallyAfterDays: number }).automaticallyAfterDays);
  const databases = Object.entries(systems).flatMap(([system, amounts]) =>
    Object.values(amounts?.stores.postgres ?? {}).map(({ version }) => ({ system, version })),
  );
  const versions = [...new Set(databases.map(({ version }) => version))].sort();
  assert.ok(rotations.length > 0 && versions.length > 0);
  return [
    [
      standardSupport[cluster.version] ?? "not known yet",
      `EKS ends standard support of Kubernetes ${cluster.version}, and upgrades the cluster itself`,
    ],
    ...versions.map((version): Row => [
      postgresEndOfSupport[version],
      `RDS ends standard support of PostgreSQL ${version}: ${databases
        .filter((one) => one.version === version)
        .map(({ system }) => system)
        .join(", ")}`,
    ]),
    [
      `every ${Math.max(...rotations)} days`,
      "the databases' logins are rotated automatically; an alarm is raised if one isn't",
    ],
    [
      `every ${credentials.versionDays} days`,
      "a pull request raises each `credentialsVersion`: review, merge and deploy it",
    ],
    ["Mondays", "pull requests with new charts (Renovate): test them as operators.md describes"],
    ["every quarter", "game day: [runbooks/game-day.md](runbooks/game-day.md)"],
  ];
}

describe("docs/maintenance.md", () => {
  it("matches what prod registers (UPDATE_DOCS=1 npm run test:unit writes it)", async () => {
    const recording = await recordingOf("prod");
    const section = (title: string, when: string, rows: readonly Row[]) =>
      `## ${title}\n\n${markdownTable([when, "what"], rows)}`;
    await assertGenerated(
      "maintenance.md",
      [
        section("Windows", "when (UTC)", windows(recording)),
        section("Jobs", "schedule (UTC)", jobs(recording)),
        section("Deadlines", "when", await deadlines(recording)),
      ].join("\n\n"),
    );
  });
});
