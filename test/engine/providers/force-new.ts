import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { PackageSchema, Properties, Shape } from "./schema";

/**
 * Arguments that replace a resource, read from a checkout of hashicorp/terraform-provider-aws by `tools/force-new` and
 * named as `@pulumi/aws` names them.
 */

/**
 * By type and path (`accessConfig.authenticationMode`): whether a change always replaces, or depends on values.
 * `vpcOptions.#` is whether the property exists, or the number of its items.
 */
export type ForceNew = Record<string, Record<string, "always" | "sometimes">>;

/** Types whose Terraform name isn't `aws_<module>_<name>`. */
const names: Readonly<Record<string, string>> = {
  "aws:cfg/deliveryChannel:DeliveryChannel": "aws_config_delivery_channel",
  "aws:cfg/recorder:Recorder": "aws_config_configuration_recorder",
  "aws:cfg/recorderStatus:RecorderStatus": "aws_config_configuration_recorder_status",
  "aws:cfg/rule:Rule": "aws_config_config_rule",
  "aws:cloudtrail/trail:Trail": "aws_cloudtrail",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "aws_iam_openid_connect_provider",
  "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": "aws_s3_bucket_replication_configuration",
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "aws_sqs_queue_redrive_allow_policy",
  "aws:sqs/redrivePolicy:RedrivePolicy": "aws_sqs_queue_redrive_policy",
};

const snake = (name: string) => name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();

/** `aws:rds/instance:Instance` is `aws_db_instance`. */
function terraformType(type: string): string {
  const [, module = "", name = ""] = type.split(":");
  const service = module.split("/")[0] ?? "";
  const prefix =
    { amp: "aws_prometheus_", costexplorer: "aws_ce_", ec2: "aws_", rds: "aws_db_" }[service] ??
    `aws_${service}_`;
  return names[type] ?? `${prefix}${snake(name)}`;
}

/** Names that Pulumi doesn't derive by camel case and plural. */
const renamed: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter log_group_name": "logGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm alarm_name": "name",
  "aws:lambda/function:Function function_name": "name",
  "aws:lambda/permission:Permission function_name": "function",
  "aws:sns/topicSubscription:TopicSubscription topic_arn": "topic",
};

/** Possible names of an argument in Pulumi: camel case, plural for a list, singular for a list of one item. */
function candidates(name: string): string[] {
  const camel = name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const plural = camel.endsWith("y") ? `${camel.slice(0, -1)}ies` : `${camel}s`;
  return [camel, plural, `${camel}es`, camel.replace(/s$/, "")];
}

const insideOf = (schema: PackageSchema, shape: Shape): Properties | undefined => {
  if (shape.kind === "list") return insideOf(schema, shape.of);
  return shape.kind === "object" ? schema.objects[shape.name] : undefined;
};

/** Pulumi's path of an argument; undefined if the SDK has none. */
function pulumiPath(schema: PackageSchema, type: string, path: string): string | undefined {
  const known = renamed[`${type} ${path}`];
  if (known !== undefined) return known;
  let properties = schema.resources[type]?.inputs;
  const found: string[] = [];
  for (const name of path.split(".")) {
    if (name === "#") return [...found, name].join(".");
    const match = candidates(name).find((each) => properties?.[each] !== undefined);
    const property = match === undefined ? undefined : properties?.[match];
    if (match === undefined || property === undefined) return undefined;
    found.push(match);
    properties = insideOf(schema, property.shape);
  }
  return found.join(".");
}

/**
 * @param checkout folder of hashicorp/terraform-provider-aws
 * @returns the arguments, and the Terraform paths for which the SDK has no name
 * @throws if the checkout has no such type or `tools/force-new` can't read it
 */
export function readForceNew(
  checkout: string,
  schema: PackageSchema,
  types: readonly string[],
): { found: ForceNew; unnamed: string[] } {
  const { status, stdout, stderr, error } = spawnSync(
    "go",
    ["run", ".", checkout, ...types.map(terraformType)],
    {
      cwd: join(__dirname, "../../../tools/force-new"),
      encoding: "utf8",
      maxBuffer: 2 ** 26,
      timeout: 120_000,
    },
  );
  if (error !== undefined) throw new Error(`go can't be run: ${error.message}`);
  if (status !== 0) throw new Error(stderr);
  const read = JSON.parse(stdout) as ForceNew;
  const unnamed: string[] = [];
  const found = types.map((type): [string, ForceNew[string]] => {
    const paths = Object.entries(read[terraformType(type)] ?? {}).flatMap(([path, how]) => {
      const named = pulumiPath(schema, type, path);
      if (named === undefined) unnamed.push(`${type}: ${path}`);
      return named === undefined ? [] : [[named, how] as const];
    });
    return [type, Object.fromEntries(paths)];
  });
  return { found: Object.fromEntries(found), unnamed };
}
