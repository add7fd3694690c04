import { groupBy } from "../group";
import type { PlannedResource } from "../json";

/** Creation time of a resource in a new stack, and its source. */
interface CreateTime {
  /** Of the type's name, such as `aws:rds/instance:Instance`. */
  type: RegExp;
  minutes: number;
  source: string;
}

const ESTIMATE = "an estimate, not measured in an account yet";

/** Minutes to create a resource: the first matching row. Others take seconds. */
const CREATE_TIMES: readonly CreateTime[] = [
  {
    type: /^aws:eks\/cluster:/,
    minutes: 14,
    source:
      "834 s in ap-northeast-2, measured by easontechtalk.com, “Unofficial EKS cluster creation performance”",
  },
  {
    type: /^aws:rds\/instance:/,
    minutes: 15,
    source: "10 to 20 minutes, oneuptime.com, “How to handle resources that take long to create”",
  },
  { type: /^aws:rds\/proxy:/, minutes: 10, source: ESTIMATE },
  { type: /^aws:rds\/snapshot:/, minutes: 5, source: ESTIMATE },
  { type: /^aws:elasticache\/replicationGroup:/, minutes: 10, source: ESTIMATE },
  { type: /^aws:acm\/certificateValidation:/, minutes: 3, source: ESTIMATE },
  { type: /^aws:lb\/loadBalancer:/, minutes: 3, source: ESTIMATE },
  { type: /^aws:ec2\/(natGateway|instance|vpcEndpoint):/, minutes: 2, source: ESTIMATE },
  { type: /^aws:efs\/mountTarget:/, minutes: 1.5, source: ESTIMATE },
  { type: /^aws:eks\/addon:/, minutes: 1, source: ESTIMATE },
  { type: /^kubernetes:helm\.sh\/v3:Release/, minutes: 2, source: ESTIMATE },
  { type: /^kubernetes:(apps\/v1:Deployment|argoproj\.io\/v1alpha1:Rollout)/, minutes: 2, source: ESTIMATE },
  { type: /^kubernetes:batch\/v1:Job/, minutes: 1, source: ESTIMATE },
];

/** Minutes of resources without a row: a few API calls. */
const SECONDS: Omit<CreateTime, "type"> = { minutes: 5 / 60, source: "a few API calls" };

export interface Step {
  urn: string;
  start: number;
  minutes: number;
  source: string;
}

/** A step, and what it waits for last. */
interface Modelled extends Step {
  after: string | undefined;
}

/** Bar of one component: from its first resource to its last. Minutes from the start. */
export interface Bar {
  name: string;
  start: number;
  end: number;
  critical: boolean;
}

export interface Timeline {
  /** Minutes until all resources exist. */
  total: number;
  bars: Bar[];
  /** The critical path, from the first resource to the last. */
  critical: Step[];
}

/**
 * When each resource of a new stack is created at the earliest: after all that it depends on, and all at once otherwise.
 * Pulumi has no limit on that but the providers' own.
 */
export function timelineOf(resources: readonly PlannedResource[]): Timeline {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const steps = new Map<string, Modelled>();
  const onPath = new Set<string>();
  const step = (resource: PlannedResource): Modelled => {
    const known = steps.get(resource.urn);
    if (known !== undefined) return known;
    const { minutes, source } = resource.custom
      ? (CREATE_TIMES.find(({ type }) => type.test(resource.type)) ?? SECONDS)
      : { minutes: 0, source: "" };
    const made: Modelled = { urn: resource.urn, start: 0, minutes, source, after: undefined };
    // Set before it is whole: a cycle, which no plan has, would not end.
    steps.set(resource.urn, made);
    const provider = resource.provider?.replace(/::[^:]*$/, "");
    for (const urn of [...resource.dependencies, ...(provider === undefined ? [] : [provider])]) {
      const before = byUrn.get(urn);
      if (before === undefined) continue;
      const { start, minutes } = step(before);
      if (start + minutes > made.start) Object.assign(made, { start: start + minutes, after: urn });
    }
    return made;
  };
  for (const resource of resources) step(resource);
  const all = [...steps.values()];
  const last = all.reduce<(typeof all)[number] | undefined>(
    (latest, each) => (latest === undefined || end(each) > end(latest) ? each : latest),
    undefined,
  );
  const critical: Step[] = [];
  for (let at = last; at !== undefined; at = steps.get(at.after ?? "")) {
    onPath.add(at.urn);
    const { urn, start, minutes, source } = at;
    critical.unshift({ urn, start, minutes, source });
  }
  return { total: last === undefined ? 0 : end(last), bars: barsOf(resources, steps, onPath), critical };
}

const end = ({ start, minutes }: Pick<Step, "start" | "minutes">) => start + minutes;

/** Components that are deep enough to say something, and few enough to read: those below the region's. */
function barsOf(
  resources: readonly PlannedResource[],
  steps: ReadonlyMap<string, Step>,
  onPath: ReadonlySet<string>,
): Bar[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const pathOf = (resource: PlannedResource): string[] => {
    const parent = byUrn.get(resource.parent ?? "");
    return [...(parent === undefined ? [] : pathOf(parent)), ...(resource.custom ? [] : [resource.name])];
  };
  const groups = groupBy(
    resources.filter(({ custom }) => custom),
    (resource) => pathOf(resource).slice(2, 4).at(-1) ?? "",
  );
  return [...groups]
    .filter(([name]) => name !== "")
    .map(([name, group]) => {
      const own = group.flatMap(({ urn }) => steps.get(urn) ?? []);
      return {
        name,
        start: Math.min(...own.map(({ start }) => start)),
        end: Math.max(...own.map(end)),
        critical: own.some(({ urn }) => onPath.has(urn)),
      };
    })
    .sort((a, b) => a.start - b.start || a.end - b.end);
}
