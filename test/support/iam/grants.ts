import type { Registration } from "../../../preview/monitor";
import type { Recording } from "../../../preview/run-program";
import { carriers } from "../../../policies/lib/carriers";
import { statements, type Statement } from "../../../policies/lib/statements";
import { onceEach } from "../once-each";
import { expand } from "./actions";

/** One statement of a policy document: its place, its holder, its content. */
export interface Granted {
  /** The resource that has the document. */
  readonly type: string;
  readonly name: string;
  /** Number of the statement in the document, from 0. */
  readonly index: number;
  readonly sid: string | undefined;
  /** For a document of a role or user: that one. For others: the statement's principals. */
  readonly holders: readonly string[];
  readonly statement: Statement;
}

const role = "aws:iam/role:Role";

/** Every statement of every policy document that a stack registers, in the order of types and names. */
export const grantsOf = onceEach((recording: Recording): readonly Granted[] =>
  Object.entries(carriers).flatMap(([type, { property }]) =>
    recording.ofType(type).flatMap((resource) => {
      const document = resource.inputs[property];
      if (document === undefined || document === null) return [];
      const found = statements(document);
      if (found === undefined) throw new Error(`${resource.name}: ${property} is no policy document`);
      return found.map((statement, index) => ({
        type,
        name: resource.name,
        index,
        sid: sidOf(document, index),
        holders: holdersOf(recording, resource, statement),
        statement,
      }));
    }),
  ),
);

function sidOf(document: unknown, index: number): string | undefined {
  const read = (typeof document === "string" ? JSON.parse(document) : document) as {
    Statement: { Sid?: string }[] | { Sid?: string };
  };
  return [read.Statement].flat()[index]?.Sid;
}

/** Holders of a statement's permissions: `pods of ams/ams-api`, `function plinth-prod-backups`, `role plinth-deploy`. */
function holdersOf(recording: Recording, resource: Registration, statement: Statement): string[] {
  const { type, inputs } = resource;
  if (type === "aws:iam/policy:Policy") return [`policy ${String(inputs.name)}`];
  if (type === "aws:iam/userPolicy:UserPolicy") return [`user ${String(inputs.user)}`];
  if (type === "aws:iam/rolePolicy:RolePolicy") return [holderOfRole(recording, String(inputs.role))];
  return statement.principals.map(({ kind, value }) => (kind === "*" ? "anyone" : `${kind} ${value}`));
}

/** Who acts with a role: the pods or the functions that have it, or the role itself. */
function holderOfRole(recording: Recording, name: string): string {
  const found = recording.ofType(role).find((one) => (one.inputs.name ?? one.name) === name);
  const [trust] = statements(found?.inputs.assumeRolePolicy) ?? [];
  const services = trust?.principals.map(({ value }) => value) ?? [];
  if (services.includes("pods.eks.amazonaws.com")) {
    const tag = (key: string) =>
      trust?.tests.find((one) => one.key === `aws:requesttag/kubernetes-${key}`)?.values.join() ?? "?";
    return `pods of ${tag("namespace")}/${tag("service-account")}`;
  }
  if (services.includes("lambda.amazonaws.com")) {
    const functions = recording
      .ofType("aws:lambda/function:Function")
      .filter(({ inputs }) => String(inputs.role).endsWith(`:role/${name}`))
      .map(({ inputs }) => String(inputs.name));
    return `function ${functions.join(", ")}`;
  }
  return `role ${found?.name ?? name}`;
}

/** What a condition tests: operator, key, values. */
export type Condition = readonly [operator: string, key: string, ...values: string[]];

/** One permission as a line of text: `pods of ams/ams-api may s3:GetObject on arn:…/* if stringequals …`. */
export function line(
  holder: string,
  action: string,
  resource: string,
  conditions: readonly Condition[] = [],
): string {
  const tested = conditions
    .map(
      ([operator, key, ...values]) =>
        `${operator.toLowerCase()} ${key.toLowerCase()} ${[...values].sort().join("|")}`,
    )
    .sort()
    .join(" and ");
  return `${holder} may ${action} on ${resource}${tested === "" ? "" : ` if ${tested}`}`;
}

/** Wildcards that aren't expanded, since the result is too long to read: everything, and everything read-only. */
const keptShort = /^([\w-]+:)?\*$|:(Describe|Get|List)\*$/;

/**
 * What statements allow, one line for each holder, action and resource, without duplicates. Wildcards of actions are
 * expanded, except for `keptShort`.
 */
export async function linesOf(recording: Recording, granted: readonly Granted[]): Promise<string[]> {
  const lines = await Promise.all(
    granted
      .filter(({ statement }) => statement.allows)
      .map(async ({ type, name, holders, statement }) => {
        const actions = await Promise.all(
          statement.actions.map((action) => (keptShort.test(action) ? [action] : expand(action))),
        );
        const conditions = statement.tests.map(({ operator, key, values }): Condition => [
          operator,
          key,
          ...values,
        ]);
        const resources = namedResources(recording, type, name, statement.resources);
        return holders.map(butFor(statement.principalsInverted)).flatMap((holder) =>
          actions
            .flat()
            .map(butFor(statement.actionsInverted))
            .flatMap((action) =>
              resources
                .map(butFor(statement.resourcesInverted))
                .map((resource) => line(holder, action, resource, conditions)),
            ),
        );
      }),
  );
  return [...new Set([...lines.flat(), ...besideDocuments(recording)])].sort();
}

/** `NotAction`, `NotResource` and `NotPrincipal` mean everything else. */
const butFor = (inverted: boolean) => (text: string) => (inverted ? `everything but ${text}` : text);

/** The resources of a statement, as text if the document itself implies them. */
function namedResources(recording: Recording, type: string, name: string, resources: string[]): string[] {
  if (type === role) return [`the role of ${holderOfRole(recording, name)}`];
  if (type === "aws:kms/key:Key" || type === "aws:kms/replicaKey:ReplicaKey")
    return resources.map((one) => (one === "*" ? `key ${name}` : one));
  if (type === "aws:ec2/vpcEndpoint:VpcEndpoint") return resources.map((one) => `${one} through ${name}`);
  return resources;
}

/** Types that grant something without a document of their own, and what each says. */
const grantedBeside: Readonly<
  Record<string, (recording: Recording, inputs: Registration["inputs"]) => string>
> = {
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (recording, { role: name, policyArn }) =>
    `${holderOfRole(recording, String(name))} has ${String(policyArn)}`,
  "aws:lambda/permission:Permission": (_, inputs) =>
    line(`Service ${String(inputs.principal)}`, String(inputs.action), String(inputs.function), [
      ["ArnLike", "aws:SourceArn", String(inputs.sourceArn)],
      ...(inputs.sourceAccount === undefined
        ? []
        : [["StringEquals", "aws:SourceAccount", String(inputs.sourceAccount)] as const]),
    ]),
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (_, { principalArn, policyArn }) =>
    `AWS ${String(principalArn)} has ${String(policyArn)}`,
  "aws:eks/accessEntry:AccessEntry": (_, { principalArn, kubernetesGroups = [] }) =>
    `AWS ${String(principalArn)} is in the cluster with the groups [${[kubernetesGroups].flat().join()}]`,
};

const besideDocuments = (recording: Recording): string[] =>
  Object.entries(grantedBeside).flatMap(([type, said]) =>
    recording.ofType(type).map(({ inputs }) => said(recording, inputs)),
  );

/** Names of types that may grant something. */
const granting = /(Policy|PolicyAttachment|PolicyAssociation|AccessEntry|Permission|Grant|ResourceShare)$/;

/** Types with such a name that grant nothing: rules of behaviour. */
const behaviour =
  /:(BackupPolicy|CachePolicy|LifecyclePolicy|RedriveAllowPolicy|RedrivePolicy|ResponseHeadersPolicy)$/;

/** Resources that grant something in a way that `linesOf` doesn't read. */
export function unread(recording: Recording): string[] {
  const hasDocument = (value: unknown): boolean =>
    typeof value === "string"
      ? /"Effect"\s*:/.test(value)
      : typeof value === "object" &&
        value !== null &&
        ("Statement" in value || Object.values(value).some(hasDocument));
  return [...recording.resources.values()].flatMap(({ type, name, inputs }) => {
    if (!type.startsWith("aws:") || type in grantedBeside) return [];
    const property = carriers[type]?.property;
    const others = Object.entries(inputs).filter(
      ([key, value]) =>
        key !== property && (hasDocument(value) || ["inlinePolicies", "managedPolicyArns"].includes(key)),
    );
    return [
      ...others.map(([key]) => `${name}.${key}`),
      ...(property === undefined && granting.test(type) && !behaviour.test(type) ? [`${name}: ${type}`] : []),
    ];
  });
}

/** Conditions of a statement: values by operator and key. */
export const testsOf = (statement: Statement | undefined) =>
  Object.fromEntries(
    (statement?.tests ?? []).map(({ operator, key, values }) => [`${operator} ${key}`, values]),
  );
