import { carriers } from "./carriers";
import { isLater, isRecord, plain } from "./wire";

/** One statement of an IAM policy document, with all fields as lists. */
export interface Statement {
  allows: boolean;
  actions: string[];
  /** Whether the statement has `NotAction`: everything except the listed actions. */
  actionsInverted: boolean;
  resources: string[];
  resourcesInverted: boolean;
  /** Kind (`AWS`, `Service`, `Federated`, `*`) and value of each principal. */
  principals: { kind: string; value: string }[];
  principalsInverted: boolean;
  /** The conditions: operator and key in lower case, and the values. */
  tests: { operator: string; key: string; values: string[] }[];
}

/** Placeholder for a document that is known only after `up`. */
export const laterDocument = Symbol("known after up");

const parsed = new WeakMap<object, Statement[] | typeof laterDocument | undefined>();

/**
 * The statements of a resource of a type in {@link carriers}. Undefined if the document is missing or invalid, which
 * policies report. Cached for all policies.
 */
export function documentOf(type: string, props: object): Statement[] | typeof laterDocument | undefined {
  const own = plain(props) as Record<string, unknown>;
  if (parsed.has(own)) return parsed.get(own);
  const document = own[carriers[type]?.property ?? ""];
  const read = isLater(document) ? laterDocument : statements(document);
  parsed.set(own, read);
  return read;
}

/** The statements of a policy document, given as JSON text or as an object. Undefined if it is missing or invalid. */
export function statements(document: unknown): Statement[] | undefined {
  const value = typeof document === "string" ? parse(document) : plain(document);
  if (!isRecord(value)) return undefined;
  return many(value.Statement).filter(isRecord).map(readStatement);
}

/** Condition keys that identify the caller, or the account or resource it calls for. Other keys don't limit the caller. */
const callerKeys = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:userid",
  "kms:calleraccount",
  // CloudWatch Logs passes the log group's ARN, which contains the account.
  "kms:encryptioncontext:aws:logs:arn",
  "kms:encryptioncontext:aws:sns:topicarn",
  // Only clients in the VPC can use a mount target.
  "elasticfilesystem:accessedviamounttarget",
]);

/** True if a statement's conditions limit a key of `keys` to specific values. */
export function bounds({ tests }: Statement, keys: ReadonlySet<string>): boolean {
  return tests.some(({ operator, key, values }) => {
    // `IfExists` and `ForAllValues` are true if the key is missing, `Not…` for any other value.
    const positive = /^(foranyvalue:)?(string|arn)(equals|like|equalsignorecase)$|^bool$/.test(operator);
    const said =
      values.length > 0 && values.every((value) => !/^[*?]+$/.test(value) && !leavesAccountOpen(value));
    return positive && keys.has(key) && said && !(operator === "bool" && values.includes("false"));
  });
}

/** True for an ARN whose account is a wildcard, or with a wildcard before the account. */
function leavesAccountOpen(value: string): boolean {
  const parts = value.split(":");
  const open = parts.length <= 5 ? parts.slice(1) : [parts[4] ?? ""];
  return parts[0] === "arn" && open.some((part) => /[*?]/.test(part));
}

/** True if conditions limit who may call. */
export const boundsCaller = (statement: Statement): boolean => bounds(statement, callerKeys);

/** Principals that include everyone, or any account. */
const isOpen = ({ kind, value }: Statement["principals"][number]) =>
  (kind === "*" || kind === "AWS" || kind === "Federated") && /^\*$|^arn:[^:]*:iam::[^:]*[*?]/.test(value);

/** True if a statement allows principals that it doesn't name. */
export function allowsAnyone(statement: Statement): boolean {
  const open = statement.principalsInverted || statement.principals.some(isOpen);
  return statement.allows && open && !boundsCaller(statement);
}

const patterns = new Map<string, RegExp>();

/** True if an IAM `pattern` (`*` any text, `?` any character, ignoring case) matches `action`. */
export function covers(pattern: string, action: string): boolean {
  let expression = patterns.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    expression = new RegExp(`^${source}$`, "i");
    patterns.set(pattern, expression);
  }
  return expression.test(action);
}

/** True if a resource pattern isn't specific: all resources, all of a type, or those of any account. */
export function isOpenResource(resource: string): boolean {
  if (isLater(resource)) return false;
  const [arn, , service = "", , account = "", ...rest] = resource.split(":");
  if (arn !== "arn" || rest.length === 0) return /[*?]/.test(resource);
  const name = rest.join(":");
  if (/[*?]/.test(service) || /[*?]/.test(account)) return true;
  return /^[*?]/.test(name) || (service !== "s3" && /^[a-z-]+[:/][*?]/i.test(name));
}

/**
 * True for a statement that denies all principals each of the actions without TLS, on resources that `accepts` accepts,
 * without other conditions: a second condition would allow requests that don't match it.
 */
export function refusesWithoutTls(
  statement: Statement,
  refused: readonly string[],
  accepts: (resources: string[]) => boolean = () => true,
): boolean {
  const { allows, actions, actionsInverted, principals, principalsInverted, tests } = statement;
  const [test] = tests;
  const insecure =
    tests.length === 1 &&
    test?.operator === "bool" &&
    test.key === "aws:securetransport" &&
    test.values.length === 1 &&
    test.values[0] === "false";
  const everyone =
    !principalsInverted &&
    principals.some(({ kind, value }) => value === "*" && (kind === "*" || kind === "AWS"));
  const everything =
    !actionsInverted && refused.every((each) => actions.some((action) => covers(action, each)));
  const everywhere = !statement.resourcesInverted && accepts(statement.resources);
  return !allows && everyone && everything && everywhere && insecure;
}

function readStatement(raw: Record<string, unknown>): Statement {
  return {
    // Anything but a Deny counts as an Allow.
    allows: raw.Effect !== "Deny",
    actions: texts(raw.Action ?? raw.NotAction),
    actionsInverted: raw.NotAction !== undefined,
    resources: texts(raw.Resource ?? raw.NotResource),
    resourcesInverted: raw.NotResource !== undefined,
    principals: principals(raw.Principal ?? raw.NotPrincipal),
    principalsInverted: raw.NotPrincipal !== undefined,
    tests: tests(raw.Condition),
  };
}

function tests(raw: unknown): Statement["tests"] {
  if (!isRecord(raw)) return [];
  return Object.entries(raw).flatMap(([operator, inner]) =>
    Object.entries(isRecord(inner) ? inner : {}).map(([key, value]) => ({
      operator: operator.toLowerCase(),
      key: key.toLowerCase(),
      values: many(value).map(String),
    })),
  );
}

function principals(raw: unknown): Statement["principals"] {
  if (typeof raw === "string") return [{ kind: raw, value: raw }];
  if (!isRecord(raw)) return [];
  return Object.keys(raw).flatMap((kind) => texts(raw[kind]).map((text) => ({ kind, value: text })));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function many(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

const texts = (value: unknown): string[] => many(value).filter((entry) => typeof entry === "string");
