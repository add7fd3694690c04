import { physicalName } from "../../../components/base/naming";
import type { Settings } from "../../../config";
import { line, type Condition } from "../../support/iam/grants";

/** Grants implied by an environment's wiring, in the same form as the grants of its documents. */

/** Terms for the ARNs of an environment. */
export interface Words {
  readonly prefix: string;
  readonly account: string;
  readonly region: string;
  /** A regional ARN of this account: `arn("sqs", "name")`. */
  readonly arn: (service: string, rest: string, region?: string) => string;
  /** A key by the name of its resource. */
  readonly key: (name: string) => string;
  /** A Secrets Manager entry by its name. */
  readonly entry: (name: string) => string;
  /** The condition that a key is used through one of these services. */
  readonly via: (...services: string[]) => Condition;
  /** The condition that a call is made for this account. */
  readonly ofAccount: Condition;
}

export function wordsOf({
  prefix,
  account: { id: account, region },
}: {
  readonly prefix: string;
  readonly account: Pick<Settings["account"], "id" | "region">;
}): Words {
  const arn: Words["arn"] = (service, rest, where = region) =>
    `arn:aws:${service}:${where}:${account}:${rest}`;
  return {
    prefix,
    account,
    region,
    arn,
    key: (name) => arn("kms", `key/${name}`),
    entry: (name) => arn("secretsmanager", `secret:${name}-??????`),
    via: (...services) => [
      "StringEquals",
      "kms:ViaService",
      ...services.map((service) => `${service}.${region}.amazonaws.com`),
    ],
    ofAccount: ["StringEquals", "aws:SourceAccount", account],
  };
}

/** One line for each combination of holder, action and resource, with all conditions. */
export const may = (
  holder: string,
  actions: readonly string[],
  resources: string | readonly string[],
  ...conditions: readonly Condition[]
): string[] =>
  actions.flatMap((action) =>
    [resources].flat().map((resource) => line(holder, action, resource, conditions)),
  );

/** Pods of a service account; no other pod can assume their role. */
export const pods = (namespace: string, account: string): { holder: string; trust: string[] } => {
  const holder = `pods of ${namespace}/${account}`;
  return {
    holder,
    trust: may(
      "Service pods.eks.amazonaws.com",
      ["sts:AssumeRole", "sts:TagSession"],
      `the role of ${holder}`,
      ["StringEquals", "aws:RequestTag/kubernetes-namespace", namespace],
      ["StringEquals", "aws:RequestTag/kubernetes-service-account", account],
    ),
  };
};

/** A function: Lambda assumes its role, and it writes its own log. */
export const lambda = (words: Words, name: string): { holder: string; own: string[] } => {
  const holder = `function ${name}`;
  return {
    holder,
    own: [
      ...may("Service lambda.amazonaws.com", ["sts:AssumeRole"], `the role of ${holder}`),
      ...may(
        holder,
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        words.arn("logs", `log-group:/aws/lambda/${name}:*`),
      ),
    ],
  };
};

/** Callers of a function, by source. */
export const invokes = (
  service: string,
  name: string,
  source: string,
  ...conditions: Condition[]
): string[] =>
  may(
    `Service ${service}.amazonaws.com`,
    ["lambda:InvokeFunction"],
    name,
    ["ArnLike", "aws:SourceArn", source],
    ...conditions,
  );

/** What a function needs for its network interfaces in the VPC. */
export const inVpc = (holder: string): string =>
  `${holder} has arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess`;

/** A role with which the External Secrets Operator, and nothing else, reads these entries. */
export const reader = (words: Words, role: string, entries: readonly string[]): string[] =>
  entries.length === 0
    ? []
    : [
        ...may(
          `AWS arn:aws:iam::${words.account}:role/primary-cluster-secrets-role`,
          ["sts:AssumeRole", "sts:TagSession"],
          `the role of role ${role}`,
        ),
        ...may(`role ${role}`, ["secretsmanager:GetSecretValue"], entries.map(words.entry)),
        ...may(`role ${role}`, ["kms:Decrypt"], words.key("primary-keys-data"), words.via("secretsmanager")),
      ];

/** Name of a system's queue, bucket, database or function. */
export const nameOf = physicalName;
