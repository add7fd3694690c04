import type { Fault } from "../reading/errors";
import { givenStores, type Given } from "../reading/given";

/**
 * Optional keys without which the policy pack would refuse the plan. These checks report them before the plan, with the
 * key to add.
 */
export function omissionFaults(project: string, file: Given): Fault[] {
  return [
    ...systemFaults(project, file),
    ...rateFaults(project, file),
    ...mirrorFaults(project, file),
    ...streamBackupFaults(project, file),
  ];
}

/** Without systems there is no use for operators, the web ACL and a second region. */
function systemFaults(project: string, { systems }: Given): Fault[] {
  if (Object.keys(systems).length > 0) return [];
  return [
    {
      path: `${project}:systems`,
      found: "none",
      expected: "at least one system: an environment without any has nothing to run",
      remedy: "copy a system's block from another stack file",
    },
  ];
}

/** Policy `waf-rate-limit`. */
function rateFaults(project: string, { systems }: Given): Fault[] {
  const open = Object.entries(systems).filter(([, { hosts }]) => Object.keys(hosts).length > 0);
  const [[name] = [undefined]] = open;
  if (name === undefined || open.some(([, { rateLimit }]) => rateLimit !== undefined)) return [];
  return [
    {
      path: `${project}:systems.${name}.rateLimit`,
      found: "nothing, and no other system has a limit",
      expected:
        "a limit for one system at least, such as { requests: 1000, seconds: 60 }: policy waf-rate-limit",
      remedy: "add it",
    },
  ];
}

/** Policy `helm-values-restricted`: Docker Hub limits pulls by address, and a release needs images at any time. */
function mirrorFaults(project: string, file: Given): Fault[] {
  if (file.imageMirrors["docker.io"] !== undefined) return [];
  const { nack, grafana } = file.cluster.operators;
  const streams = givenStores(project, file).filter(({ store }) => store.servers !== undefined);
  const needed = [
    ...(nack === undefined ? [] : [`${project}:cluster.operators.nack`]),
    ...(grafana === undefined ? [] : [`${project}:cluster.operators.grafana`]),
    ...streams.map(({ path }) => path),
  ];
  if (needed.length === 0) return [];
  return [
    {
      path: `${project}:imageMirrors.docker.io`,
      found: "nothing",
      expected: `the pull-through cache of Docker Hub in the account's registry: the charts of ${needed.join(", ")} come from there`,
      remedy: "add it; the foundation makes it (images.caches)",
    },
  ];
}

/** Policy `nats-streams-backed-up`. */
function streamBackupFaults(project: string, file: Given): Fault[] {
  if (file.protect !== true || file.backups.streams !== undefined) return [];
  const described = givenStores(project, file).filter(({ store }) => Object.keys(store.streams).length > 0);
  if (described.length === 0) return [];
  return [
    {
      path: `${project}:backups.streams`,
      found: "nothing",
      expected: `a schedule, such as { everyHours: 6 }, where ${project}:protect is true and ${described.map(({ path }) => path).join(", ")} has streams: policy nats-streams-backed-up`,
      remedy: "add it",
    },
  ];
}
