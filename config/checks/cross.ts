import { objectiveFaults } from "./objectives";
import { releaseFaults } from "./rollout";
import { scalingFaults } from "./scaling";
import { leaves, type Leaf } from "./leaves";
import { bucketFaults, credentialFaults, natsFaults, streamFaults } from "./stores";
import { pageFaults, pageHosts, receiverFaults } from "./pages";
import type { Fault } from "../errors";
import { show } from "../explain";
import { fields, type Values } from "../raw";

/**
 * Conflicts between values of the file. Works on the raw values and skips those of the wrong type, so one wrong value
 * doesn't hide another fault.
 */
export function crossFaults(project: string, raw: Record<string, unknown>): Fault[] {
  return [
    ...disposableFaults(project, raw),
    ...lockFaults(project, raw),
    ...seedFaults(project, raw),
    ...principalFaults(project, raw),
    ...hostFaults(project, raw),
    ...zoneFaults(project, raw),
    ...mailFaults(project, raw),
    ...bucketFaults(project, raw),
    ...natsFaults(project, raw),
    ...streamFaults(project, raw),
    ...credentialFaults(project, raw),
    ...scalingFaults(project, raw),
    ...releaseFaults(project, raw),
    ...objectiveFaults(project, raw),
    ...pageFaults(project, raw),
    ...receiverFaults(project, raw),
  ];
}

/** A protected stack can't be disposable. */
const disposableFaults = (project: string, raw: Values): Fault[] =>
  raw.protect === true && raw.disposable === true
    ? [
        {
          path: `${project}:disposable`,
          found: "true",
          expected: "false while protect is true: protected resources leave backups when they are deleted",
          remedy: "set it to false, or protect to false",
        },
      ]
    : [];

/** A locked vault and locked exports outlive their stack, which a disposable one promises that nothing does. */
const lockFaults = (project: string, raw: Values): Fault[] => {
  const { vault, configuration } = fields(raw.backups);
  const { mode } = fields(fields(vault).lock);
  if (raw.disposable !== true) return [];
  const exported =
    configuration === undefined
      ? []
      : [
          {
            path: `${project}:backups.configuration`,
            found: show(configuration),
            expected: `none where ${project}:disposable is true: locked exports can't be deleted`,
          },
        ];
  return mode === "governance" || mode === "compliance"
    ? [
        ...exported,
        {
          path: `${project}:backups.vault.lock.mode`,
          found: mode,
          expected: `none where ${project}:disposable is true: a locked vault can't be deleted`,
        },
      ]
    : exported;
};

/**
 * Test data are only loaded into databases without other data, which one key of the file confirms for the whole
 * environment.
 */
const seedFaults = (project: string, raw: Values): Fault[] =>
  raw.testData === true
    ? []
    : Object.entries(fields(raw.systems)).flatMap(([system, value]) =>
        fields(fields(value).gates).seed === true
          ? [
              {
                path: `${project}:systems.${system}.gates.seed`,
                found: "true",
                expected: `true only if ${project}:testData is true`,
                remedy: `remove it, or set ${project}:testData: true if the databases hold only test data`,
              },
            ]
          : [],
      );

const within = (host: string, domain: string) => host.endsWith(`.${domain}`);

function hostFaults(project: string, raw: Values): Fault[] {
  const zones = Object.keys(fields(fields(raw.edge).zones));
  const first = new Map<string, string>();
  const syslog = Object.entries(fields(raw.systems)).flatMap(([system, value]): Leaf[] => {
    const { host } = fields(fields(value).syslog);
    return typeof host === "string"
      ? [{ path: `${project}:systems.${system}.syslog.host`, value: host }]
      : [];
  });
  const all = [...leaves(project, raw, "hosts", (host) => host), ...syslog, ...pageHosts(project, raw)];
  return all.flatMap(({ path, value }) => {
    const faults: Fault[] = [];
    const taken = first.get(value);
    if (taken !== undefined)
      faults.push({ path, found: show(value), expected: `a unique host: ${taken} has it` });
    else first.set(value, path);
    if (!zones.some((domain) => within(value, domain)))
      faults.push({
        path,
        found: show(value),
        expected: `a host below one of ${project}:edge.zones (${zones.join(", ")})`,
        remedy: "change the host, or add its zone there",
      });
    return faults;
  });
}

/** EKS allows roles and users of the cluster's account, each in one access entry. */
function principalFaults(project: string, raw: Values): Fault[] {
  const { id } = fields(raw.account);
  const first = new Map<string, string>();
  return Object.entries(fields(fields(raw.cluster).access)).flatMap(([level, arns]) =>
    (Array.isArray(arns) ? arns : []).flatMap((arn: unknown, index) => {
      if (typeof arn !== "string") return [];
      const path = `${project}:cluster.access.${level}.${index}`;
      const earlier = first.get(arn);
      first.set(arn, earlier ?? path);
      const [, partition, , , account] = arn.split(":");
      const faults: Fault[] = [];
      if (earlier !== undefined && !earlier.startsWith(`${project}:cluster.access.${level}.`))
        faults.push({ path, found: show(arn), expected: `each principal once: ${earlier} has it` });
      if (partition !== "aws")
        faults.push({ path, found: show(arn), expected: "an ARN of the partition aws, as the region's are" });
      if (typeof id === "string" && account !== id)
        faults.push({
          path,
          found: show(arn),
          expected: `a principal of the environment's account, ${id} (${project}:account.id)`,
        });
      return faults;
    }),
  );
}

/** Zones of the network must be in the account's region. */
function zoneFaults(project: string, raw: Values): Fault[] {
  const { region } = fields(raw.account);
  const { zones } = fields(raw.network);
  if (typeof region !== "string" || !Array.isArray(zones)) return [];
  return zones.flatMap((zone: unknown, index) =>
    typeof zone === "string" && zone.slice(0, -1) !== region
      ? [
          {
            path: `${project}:network.zones.${index}`,
            found: show(zone),
            expected: `a zone of ${region} (${project}:account.region)`,
          },
        ]
      : [],
  );
}

/** SES needs the domain's hosted zone for its verification, and allows one identity per domain. */
function mailFaults(project: string, raw: Values): Fault[] {
  const zones = Object.keys(fields(fields(raw.edge).zones));
  const first = new Map<string, string>();
  return leaves(project, raw, "stores", (store) =>
    fields(store).kind === "ses" ? fields(store).domain : undefined,
  ).flatMap(({ path: store, value }) => {
    const path = `${store}.domain`;
    const taken = first.get(value);
    first.set(value, taken ?? path);
    if (taken !== undefined)
      return [{ path, found: show(value), expected: `a unique domain: ${taken} has it` }];
    if (zones.some((domain) => value === domain || within(value, domain))) return [];
    return [
      {
        path,
        found: show(value),
        expected: `a domain in one of ${project}:edge.zones (${zones.join(", ")})`,
      },
    ];
  });
}
