import type { Policies } from "@pulumi/policy";
import { type KnownTypes, onType, onTypes } from "../lib/control";
import { each, ifUnknown, shown } from "../lib/wire";
import { onContainers } from "./pods";

/** `scheme://user:password@host`, unless the password is a reference such as `$(DB_PASSWORD)`. */
const credentialsInUrl = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:(?!\$[({])[^@\s/]+@/i;
/** A value that is known only after `up` is checked then. In a preview, it is mostly a host name. */
const holdsCredentials = (value: () => string | undefined) =>
  ifUnknown(false, () => credentialsInUrl.test(value() ?? ""));
const secretName = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;
/** Workloads use a ConfigMapPatch, which creates a missing ConfigMap. */
const isConfigMap = (type: string) => /^kubernetes:core\/v1:ConfigMap(Patch)?$/.test(type);
const url = "https://kubernetes.io/docs/concepts/security/secrets-good-practices/";

/** Variables that control certificate verification, and the values that keep it enabled. */
const checks: Readonly<Record<string, RegExp>> = {
  DATABASE_SSL: /^(true|1|require|verify-full)$/i,
  GIT_SSL_NO_VERIFY: /^(|0|false)$/i,
  NODE_TLS_REJECT_UNAUTHORIZED: /^1$/,
  PGSSLMODE: /^verify-full$/,
  PYTHONHTTPSVERIFY: /^1$/,
};

/** Policies against literal secrets. No message shows a value. */
export const secrets: Policies = [
  onType(
    "kubernetes:core/v1:Secret",
    {
      name: "k8s-no-literal-secret",
      description: "Kubernetes Secrets must not be created with values in the program.",
      severity: "critical",
      remediation: "Store the values in Secrets Manager, and sync them with an ExternalSecret.",
      url,
    },
    (secret, { report }) => {
      const keys = [secret.data, secret.stringData].flatMap((part) => Object.keys(part ?? {}));
      if (keys.length > 0) report(`data and stringData must be unset; found ${keys.join(", ")}.`);
    },
  ),
  onContainers(
    {
      name: "k8s-no-credentials-in-env",
      description: "Environment variables must not contain URLs with passwords.",
      severity: "critical",
      remediation: "Use valueFrom.secretKeyRef.",
      url,
    },
    (container, { report }) =>
      each(container.env, (variable) => {
        if (holdsCredentials(() => variable.value)) {
          report(`the variable ${variable.name} contains a URL with a password.`);
        }
      }),
  ),
  onTypes<KnownTypes["kubernetes:core/v1:ConfigMap"]>(
    isConfigMap,
    {
      name: "k8s-no-credentials-in-config",
      description: "ConfigMaps must not contain URLs with passwords.",
      severity: "critical",
      remediation: "Store the value in Secrets Manager, and sync it with an ExternalSecret.",
      url,
    },
    (config, { report }) => {
      const data = config.data ?? {};
      each(Object.keys(data), (key) => {
        if (holdsCredentials(() => data[key])) report(`data.${key} contains a URL with a password.`);
      });
    },
  ),
  onContainers(
    {
      name: "k8s-env-verifies-tls",
      description: "Environment variables must not disable certificate verification.",
      severity: "high",
      remediation:
        "Set PGSSLMODE to verify-full if PGHOST is set, and remove variables that disable verification.",
      url: "https://www.postgresql.org/docs/current/libpq-ssl.html",
    },
    (container, { report }) => {
      const env = new Map(
        (container.env ?? []).map((one) => [one.name ?? "", ifUnknown(undefined, () => one.value)]),
      );
      if (env.has("PGHOST") && !env.has("PGSSLMODE"))
        report('PGHOST is set, but PGSSLMODE is not; it must be "verify-full".');
      for (const [name, safe] of Object.entries(checks)) {
        const found = env.get(name);
        if (found !== undefined && !safe.test(found))
          report(`the variable ${name} is ${shown(found)}, which disables certificate verification.`);
      }
    },
  ),
  onContainers(
    {
      name: "k8s-no-secret-by-name-in-env",
      description: "Environment variables that are named like secrets must not have literal values.",
      severity: "high",
      remediation:
        "Use valueFrom.secretKeyRef. If the value isn't a secret, rename the variable: JWT_SECRET_NAME, for example, contains a name.",
      url,
    },
    (container, { report }) =>
      each(container.env, (variable) => {
        const writtenOut = ifUnknown(
          true,
          () => Boolean(variable.value) && !/^([/$]|true$|false$)/.test(variable.value ?? ""),
        );
        if (secretName.test(variable.name ?? "") && writtenOut)
          report(`the variable ${variable.name} has a literal value.`);
      }),
  ),
];
