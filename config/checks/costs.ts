import type { BackupSettings } from "../recovery/backups";
import type { CostSettings } from "../costs";
import type { EdgeSettings } from "../edge";
import type { AlarmSettings, CredentialsSettings } from "../environment";
import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import { runsDuring, type ScheduleSettings } from "../schedule";
import type { SystemSettings } from "../systems";

interface Costly {
  readonly costs: CostSettings;
  readonly alarms: AlarmSettings;
  readonly protect: boolean;
  readonly edge: EdgeSettings;
  readonly backups: BackupSettings;
  readonly credentials: CredentialsSettings;
  readonly systems: Readonly<Partial<Record<string, SystemSettings>>>;
}

/** AWS Budgets sends mail to at most ten addresses. Source: AWS Budgets API reference, Notification. */
const mostEmails = 10;

/** Conflicts of the budget and of the schedule with other settings. None where one of them has faults of its own. */
export function costFaults(project: string, settings: Partial<Costly>): Fault[] {
  const { costs, alarms } = settings;
  if (costs === undefined) return [];
  const tooMany =
    costs.budget !== undefined &&
    costs.budget.emails === undefined &&
    alarms !== undefined &&
    alarms.emails.length > mostEmails;
  return [
    ...(tooMany
      ? [
          {
            path: `${project}:costs.budget.emails`,
            found: "nothing",
            expected: `at most ${mostEmails} addresses: ${project}:alarms.emails has ${alarms.emails.length}, and AWS Budgets takes no more`,
            remedy: "list the recipients of the budget's mails",
          },
        ]
      : []),
    ...(costs.schedule === undefined ? [] : scheduleFaults(project, costs.schedule, settings)),
  ];
}

/** Conflicts of the schedule: resources that can't be stopped, or that must run at night. */
function scheduleFaults(
  project: string,
  schedule: ScheduleSettings,
  { protect, edge, backups, credentials, systems }: Partial<Costly>,
): Fault[] {
  const faults: Fault[] = [];
  const fault = (path: string, found: unknown, expected: string, remedy: string) =>
    faults.push({ path: `${project}:${path}`, found: show(found), expected, remedy });
  const impossible: readonly (readonly [found: boolean, expected: string])[] = [
    [protect === true, `while ${project}:protect is true: a protected environment is never stopped`],
    [
      edge?.cdn !== undefined,
      `with ${project}:edge.cdn: the CDN's alarms are in us-east-1 and wouldn't be muted`,
    ],
    [backups?.dumps !== undefined, `with ${project}:backups.dumps: dumps are taken at night`],
    [
      backups?.vault !== undefined,
      `with ${project}:backups.vault: AWS Backup makes no recovery point of a stopped database`,
    ],
    [
      (credentials?.rotationDays ?? 0) > 0,
      `with ${project}:credentials.rotationDays: Secrets Manager may rotate while the database is stopped`,
    ],
  ];
  for (const [found, expected] of impossible)
    if (found) fault("costs.schedule", schedule, `nothing ${expected}`, "remove one of them");
  for (const [system, settings] of Object.entries(systems ?? {}))
    for (const [store, { readReplicas, windows }] of Object.entries(settings?.stores.postgres ?? {})) {
      const path = `systems.${system}.stores.${store}`;
      if (Object.values(readReplicas).some((role) => role !== undefined))
        fault(
          `${path}.readReplicas`,
          readReplicas,
          `none with ${project}:costs.schedule: RDS doesn't stop an instance that has replicas`,
          "remove the replicas, or the schedule",
        );
      for (const key of ["backup", "maintenance"] as const)
        if (!runsDuring(schedule, windows[key]))
          fault(
            `${path}.windows.${key}`,
            windows[key],
            `a window in UTC while the environment runs (${schedule.days.join(", ")}, ${schedule.from} to ${schedule.to} ${schedule.timeZone}): RDS neither backs up nor upgrades a stopped instance`,
            "move it",
          );
    }
  return faults;
}
