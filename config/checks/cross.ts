import { auditFaults } from "./audit";
import { readerFaults } from "./logs";
import { objectiveFaults } from "./objectives";
import { releaseFaults } from "./rollout";
import { scalingFaults } from "./scaling";
import { bucketFaults, credentialFaults, natsFaults, streamFaults } from "./stores";
import { pageFaults, pageHosts, receiverFaults } from "./pages";
import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import { givenStores, type Given } from "../reading/given";

/** Conflicts between values of the file. */
export function crossFaults(project: string, file: Given): Fault[] {
  return [
    ...disposableFaults(project, file),
    ...lockFaults(project, file),
    ...seedFaults(project, file),
    ...principalFaults(project, file),
    ...boundaryFaults(project, file),
    ...readerFaults(project, file),
    ...auditFaults(project, file),
    ...hostFaults(project, file),
    ...zoneFaults(project, file),
    ...mailFaults(project, file),
    ...bucketFaults(project, file),
    ...natsFaults(project, file),
    ...streamFaults(project, file),
    ...credentialFaults(project, file),
    ...scalingFaults(project, file),
    ...releaseFaults(project, file),
    ...objectiveFaults(project, file),
    ...pageFaults(project, file),
    ...receiverFaults(project, file),
  ];
}

/** A protected stack can't be disposable. */
const disposableFaults = (project: string, { disposable, protect }: Given): Fault[] =>
  protect === true && disposable === true
    ? [
        {
          path: `${project}:disposable`,
          found: "true",
          expected: "false while protect is true: protected resources leave backups when they are deleted",
          remedy: "set it to false, or protect to false",
        },
      ]
    : [];

/** A locked vault and locked exports outlive their stack, but nothing of a disposable stack may. */
const lockFaults = (project: string, { backups, disposable }: Given): Fault[] => {
  const { vault, configuration } = backups;
  const { mode } = vault.lock;
  if (disposable !== true) return [];
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
 * Test data may only be loaded into databases without other data, which `testData` confirms for the whole environment.
 */
const seedFaults = (project: string, { systems, testData }: Given): Fault[] =>
  testData === true
    ? []
    : Object.entries(systems).flatMap(([system, { gates }]) =>
        gates.seed === true
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

function hostFaults(project: string, file: Given): Fault[] {
  const zones = Object.keys(file.edge.zones);
  const first = new Map<string, string>();
  const systems = Object.entries(file.systems);
  const all = [
    ...systems.flatMap(([system, { hosts }]) =>
      Object.entries(hosts).map(([key, value]) => ({
        path: `${project}:systems.${system}.hosts.${key}`,
        value,
      })),
    ),
    ...systems.map(([system, { syslog }]) => ({
      path: `${project}:systems.${system}.syslog.host`,
      value: syslog.host,
    })),
    ...pageHosts(project, file),
  ];
  return all.flatMap(({ path, value }) => {
    if (value === undefined) return [];
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
function principalFaults(project: string, { account: { id }, cluster }: Given): Fault[] {
  const first = new Map<string, string>();
  return Object.entries(cluster.access).flatMap(([level, arns]) =>
    arns.flatMap((arn, index) => {
      if (arn === undefined) return [];
      const path = `${project}:cluster.access.${level}.${index}`;
      const earlier = first.get(arn);
      first.set(arn, earlier ?? path);
      const [, partition, , , account] = arn.split(":");
      const faults: Fault[] = [];
      if (earlier !== undefined && !earlier.startsWith(`${project}:cluster.access.${level}.`))
        faults.push({ path, found: show(arn), expected: `each principal once: ${earlier} has it` });
      if (partition !== "aws")
        faults.push({ path, found: show(arn), expected: "an ARN of the partition aws, as the region's are" });
      if (id !== undefined && account !== id)
        faults.push({
          path,
          found: show(arn),
          expected: `a principal of the environment's account, ${id} (${project}:account.id)`,
        });
      return faults;
    }),
  );
}

/** IAM accepts only permissions boundaries of the role's own account. */
function boundaryFaults(project: string, { account: { id }, permissionsBoundary }: Given): Fault[] {
  if (id === undefined || permissionsBoundary === undefined) return [];
  return permissionsBoundary.split(":")[4] === id
    ? []
    : [
        {
          path: `${project}:permissionsBoundary`,
          found: show(permissionsBoundary),
          expected: `a policy of the environment's account, ${id} (${project}:account.id)`,
        },
      ];
}

/** Zones of the network must be in the account's region. */
function zoneFaults(project: string, { account: { region }, network: { zones = [] } }: Given): Fault[] {
  if (region === undefined) return [];
  return zones.flatMap((zone, index) =>
    zone !== undefined && zone.slice(0, -1) !== region
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
function mailFaults(project: string, file: Given): Fault[] {
  const zones = Object.keys(file.edge.zones);
  const first = new Map<string, string>();
  return givenStores(project, file).flatMap(({ path: at, store: { domain: value, kind } }) => {
    if (kind !== "ses" || value === undefined) return [];
    const path = `${at}.domain`;
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
