import type { Policies, PolicyResource } from "@pulumi/policy";
import { onStack, onTypes } from "./control";
import { knownToken, loginInUrl, plainUrl, secretName } from "./texts";
import { eachText, isLater, isRecord, plain } from "./wire";

const url =
  "https://docs.aws.amazon.com/prescriptive-guidance/latest/encryption-best-practices/secrets-manager.html";
/** Types whose content is intentionally secret and comes from other resources, which another rule checks. */
const vaults = new Set(["aws:secretsmanager/secretVersion:SecretVersion"]);
const vaultFields = /^secret(String|Binary)/;
const isComponent = (type: string) => !/^(aws|kubernetes|pulumi|random|docker|tls):/.test(type);

/** Secret fields, by type. */
const secretFields: Readonly<Record<string, readonly string[]>> = {
  "aws:docdb/cluster:Cluster": ["masterPassword"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["authToken"],
  "aws:elasticache/user:User": ["passwords"],
  "aws:mq/broker:Broker": ["users"],
  "aws:rds/cluster:Cluster": ["masterPassword"],
  "aws:rds/instance:Instance": ["password"],
  "aws:redshift/cluster:Cluster": ["masterPassword"],
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretString", "secretBinary"],
  "aws:ssm/parameter:Parameter": ["value"],
};
/** A parameter that isn't a SecureString may have a literal value. */
const isOpenParameter = ({ type, props }: PolicyResource) =>
  type === "aws:ssm/parameter:Parameter" && (plain(props) as { type?: string }).type !== "SecureString";

/** Minimum length of generated secrets: a shorter one was probably typed manually. */
const leastGenerated = 16;

/** Known only after `up`, or encrypted in an exported state: `pulumi policy analyze` writes `[secret]`. */
const isHidden = (text: string) => isLater(text) || text === "[secret]";

/** All secret texts in a field: the values of a JSON object by their keys. */
function secretTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(secretTexts);
  if (isRecord(value)) return Object.values(value).flatMap(secretTexts);
  if (typeof value !== "string") return [];
  try {
    const object: unknown = JSON.parse(value);
    if (isRecord(object))
      return Object.entries(object).flatMap(([key, inner]) =>
        secretName.test(key) && typeof inner === "string" ? [inner] : [],
      );
  } catch {
    // Not JSON: the text itself.
  }
  return [value];
}

/** Rules on literal secrets in any resource. No message shows a value. */
export const literals: Policies = [
  onTypes<object>(
    (type) => !isComponent(type),
    {
      name: "no-known-token",
      description: "No resource contains a literal key, token or login.",
      severity: "critical",
      remediation: "Keep it in Secrets Manager, and withdraw the one that was written here.",
      url,
    },
    (props, { args, report }) =>
      eachText(plain(props), (text, path) => {
        if (text.length < 12 || (vaults.has(args.type) && vaultFields.test(path))) return;
        if (knownToken.test(text)) report(`${path} holds a key or token.`);
        else if (text.includes("://") && loginInUrl.test(text))
          report(`${path} holds a URL with a password.`);
      }),
  ),
  onTypes<object>(
    (type) => type.startsWith("kubernetes:") || type.startsWith("aws:lambda/") || type.startsWith("aws:ssm/"),
    {
      name: "no-plain-connection",
      description: "Every address uses TLS.",
      severity: "high",
      remediation:
        "Use https, rediss and tls; PostgreSQL with sslmode=verify-full. Plain HTTP is for Services of the cluster, by their names.",
      url: "https://www.postgresql.org/docs/current/libpq-ssl.html",
    },
    (props, { report }) =>
      eachText(plain(props), (text, path) => {
        if (!text.includes("://")) return;
        const scheme = plainUrl(text);
        if (scheme !== undefined) report(`${path} holds an address of ${scheme} without verified TLS.`);
      }),
  ),
  onTypes<object>(
    (type) =>
      type.startsWith("aws:lambda/function") ||
      type.startsWith("kubernetes:helm.sh/") ||
      type === "kubernetes:core/v1:ConfigMap",
    {
      name: "no-secret-by-name",
      description: "A setting named like a password, token or key has no literal value.",
      severity: "high",
      remediation:
        "Refer to a Secret or an entry of Secrets Manager; call a reference what it is (…_NAME, …_ARN).",
      url,
    },
    (props, { args, report }) =>
      eachText(plain(props), (text, path) => {
        const key = /([^.[\]]+)(\[\d+\])*$/.exec(path)?.[1] ?? "";
        // In charts' values, a key that ends in Secret mostly has a Secret's name.
        const named = args.type.startsWith("kubernetes:helm.sh/")
          ? /(password|passwd|token|apikey|privatekey|secretkey)$/i
          : secretName;
        if (text === "" || isLater(text) || !named.test(key)) return;
        if (/^(\/|\$[({]|\{\{|arn:|true$|false$)/.test(text)) return;
        report(`${path} is written out.`);
      }),
  ),
  onStack(
    {
      name: "secrets-generated",
      description: "A secret field takes its value from another resource.",
      severity: "critical",
      remediation: "Pass on the result of a random.RandomPassword, or leave the entry for people to fill.",
      url,
    },
    (resources, report) => {
      for (const resource of resources) {
        const { type, name, urn, props, propertyDependencies } = resource;
        for (const field of secretFields[type] ?? []) {
          const value = (plain(props) as Record<string, unknown>)[field];
          if (value === undefined || value === null || isLater(value) || isOpenParameter(resource)) continue;
          const made = (propertyDependencies[field] ?? []).length > 0;
          const texts = secretTexts(value);
          const short = texts.some((text) => !isHidden(text) && text.length < leastGenerated);
          if (!made && !texts.every(isHidden)) report(`${name}: ${field} is written out.`, urn);
          else if (short) report(`${name}: ${field} is too short to have been generated.`, urn);
        }
      }
    },
  ),
];
