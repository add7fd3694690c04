import type { Policies, PolicyResource } from "@pulumi/policy";
import { onStack, onTypes } from "./control";
import { knownToken, loginInUrl, plainUrl, secretName } from "./texts";
import { eachText, isLater, isRecord, plain } from "./wire";

const url =
  "https://docs.aws.amazon.com/prescriptive-guidance/latest/encryption-best-practices/secrets-manager.html";
/** Types that store secrets. `secrets-generated` checks that the values come from other resources. */
const vaults = new Set(["aws:secretsmanager/secretVersion:SecretVersion"]);
const vaultFields = /^secret(String|Binary)/;
const isComponent = (type: string) => !/^(aws|kubernetes|pulumi|random|docker|tls):/.test(type);

/** Secret properties, by type. */
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

/** Minimum length of generated secrets. A shorter one was probably typed by a person. */
const leastGenerated = 16;

/** Known only after `up`, or encrypted in an exported state: `pulumi policy analyze` writes `[secret]`. */
const isHidden = (text: string) => isLater(text) || text === "[secret]";

/** All secret strings in a property. In a JSON object, those whose keys are named like secrets. */
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

/** Policies against literal secrets in any resource. No message shows a value. */
export const literals: Policies = [
  onTypes<object>(
    (type) => !isComponent(type),
    {
      name: "no-known-token",
      description: "Resources must not contain literal keys, tokens or passwords.",
      severity: "critical",
      remediation: "Revoke the credential, and store a new one in Secrets Manager.",
      url,
    },
    (props, { args, report }) =>
      eachText(plain(props), (text, path) => {
        if (text.length < 12 || (vaults.has(args.type) && vaultFields.test(path))) return;
        if (knownToken.test(text)) report(`${path} contains a key or token.`);
        else if (text.includes("://") && loginInUrl.test(text))
          report(`${path} contains a URL with a password.`);
      }),
  ),
  onTypes<object>(
    (type) => type.startsWith("kubernetes:") || type.startsWith("aws:lambda/") || type.startsWith("aws:ssm/"),
    {
      name: "no-plain-connection",
      description: "URLs must use TLS.",
      severity: "high",
      remediation:
        "Use https, rediss or tls. For PostgreSQL, add sslmode=verify-full. Plain HTTP is only allowed to Services of the cluster by name.",
      url: "https://www.postgresql.org/docs/current/libpq-ssl.html",
    },
    (props, { report }) =>
      eachText(plain(props), (text, path) => {
        if (!text.includes("://")) return;
        const scheme = plainUrl(text);
        if (scheme !== undefined)
          report(`${path} contains a URL with the scheme ${scheme}, without verified TLS.`);
      }),
  ),
  onTypes<object>(
    (type) =>
      type.startsWith("aws:lambda/function") ||
      type.startsWith("kubernetes:helm.sh/") ||
      type === "kubernetes:core/v1:ConfigMap",
    {
      name: "no-secret-by-name",
      description: "Settings that are named like passwords, tokens or keys must not have literal values.",
      severity: "high",
      remediation:
        "Refer to a Kubernetes Secret or a Secrets Manager secret. If the value is a reference, rename the setting (…_NAME, …_ARN).",
      url,
    },
    (props, { args, report }) =>
      eachText(plain(props), (text, path) => {
        const key = /([^.[\]]+)(\[\d+\])*$/.exec(path)?.[1] ?? "";
        // In chart values, a key that ends in Secret mostly contains the name of a Secret.
        const named = args.type.startsWith("kubernetes:helm.sh/")
          ? /(password|passwd|token|apikey|privatekey|secretkey)$/i
          : secretName;
        if (text === "" || isLater(text) || !named.test(key)) return;
        if (/^(\/|\$[({]|\{\{|arn:|true$|false$)/.test(text)) return;
        report(`${path} has a literal value.`);
      }),
  ),
  onStack(
    {
      name: "secrets-generated",
      description: "Secret properties must take their value from another resource.",
      severity: "critical",
      remediation: "Use the result of a random.RandomPassword, or leave the value for a person to set.",
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
          if (!made && !texts.every(isHidden)) report(`${name}: ${field} has a literal value.`, urn);
          else if (short)
            report(
              `${name}: ${field} is shorter than ${leastGenerated} characters; it must be generated.`,
              urn,
            );
        }
      }
    },
  ),
];
