import { quotaRequest, quotas, type QuotaCode } from "../../config";
import { stops, type Finding } from "../finding";
import type { Plan } from "../plan";
import type { World } from "../world";

interface Quota {
  readonly Quota: { readonly Value: number };
}

interface Need {
  readonly service: string;
  readonly code: string;
  readonly what: string;
  readonly needed: number;
  /** Current usage. */
  readonly used: () => Promise<number>;
}

/** The account's value of a quota, or AWS' default if it was never changed. */
async function quota(aws: World["aws"], service: string, code: string): Promise<number> {
  const args = ["--service-code", service, "--quota-code", code];
  try {
    return (await aws<Quota>("service-quotas", "get-service-quota", ...args)).Quota.Value;
  } catch (error) {
    if ((error as { code?: string }).code !== "NoSuchResourceException") throw error;
    return (await aws<Quota>("service-quotas", "get-aws-default-service-quota", ...args)).Quota.Value;
  }
}

/** Those of EC2 count vCPUs of the A, C, D, H, I, M, R, T and Z families together. */
function needs({ settings, ofType }: Plan, aws: World["aws"]): Need[] {
  const { capacity, limits } = settings.cluster.nodePool;
  const cores = Number(limits.cpu);
  const of = (code: QuotaCode) => ({ code, ...quotas[code] });
  const length = async (key: string, ...args: string[]) =>
    (await aws<Record<string, unknown[]>>("ec2", ...args))[key]?.length ?? 0;
  return [
    {
      ...of(capacity === "spot" ? "L-34B43A08" : "L-1216C47A"),
      needed: cores,
      used: () => vcpus(aws, capacity),
    },
    {
      ...of("L-0263D0A3"),
      needed: ofType("aws:ec2/eip:Eip").length,
      used: () => length("Addresses", "describe-addresses"),
    },
    {
      service: "vpc",
      code: "L-F678F1CE",
      what: "VPCs",
      needed: ofType("aws:ec2/vpc:Vpc").length,
      used: () => length("Vpcs", "describe-vpcs"),
    },
  ];
}

interface Instances {
  readonly Reservations: readonly {
    readonly Instances: readonly {
      readonly InstanceLifecycle?: string;
      readonly CpuOptions?: { readonly CoreCount: number; readonly ThreadsPerCore: number };
    }[];
  }[];
}

/** Running vCPUs of one capacity type. */
async function vcpus(aws: World["aws"], capacity: "spot" | "on-demand"): Promise<number> {
  const running = ["--filters", "Name=instance-state-name,Values=pending,running"];
  const { Reservations } = await aws<Instances>("ec2", "describe-instances", ...running);
  return Reservations.flatMap(({ Instances: each }) => each)
    .filter(({ InstanceLifecycle }) => (InstanceLifecycle === "spot") === (capacity === "spot"))
    .reduce(
      (sum, { CpuOptions: cpu }) => sum + (cpu === undefined ? 0 : cpu.CoreCount * cpu.ThreadsPerCore),
      0,
    );
}

const short = (name: string, needed: number, used: number, most: number, ask: string): Finding[] =>
  used + needed <= most
    ? []
    : [stops(`quota of ${name}`, `${most}; ${used} are in use and ${needed} more are needed`, ask)];

/** Checks that the quotas cover the environment at its maximum size. */
export async function serviceQuotas(plan: Plan, { aws }: World): Promise<Finding[]> {
  const all = needs(plan, aws).map(async ({ service, code, what, needed, used }) => {
    const [most, now] = await Promise.all([quota(aws, service, code), used()]);
    return short(what, needed, now, most, quotaRequest(service, code, now + needed));
  });
  return (await Promise.all(all)).flat();
}

interface AccountQuotas {
  readonly AccountQuotas: readonly {
    readonly AccountQuotaName: string;
    readonly Used: number;
    readonly Max: number;
  }[];
}

/** RDS itself reports its quotas and their usage. */
export async function databaseQuotas({ ofType }: Plan, { aws }: World): Promise<Finding[]> {
  const { AccountQuotas: found } = await aws<AccountQuotas>("rds", "describe-account-attributes");
  const needed = {
    DBInstances: ofType("aws:rds/instance:Instance").length,
    ManualSnapshots: ofType("aws:rds/snapshot:Snapshot").length,
  };
  return found.flatMap(({ AccountQuotaName: name, Used, Max }) =>
    name in needed
      ? short(
          name,
          needed[name as keyof typeof needed],
          Used,
          Max,
          "request an increase in the Service Quotas console, under RDS",
        )
      : [],
  );
}
