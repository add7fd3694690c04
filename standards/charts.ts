import { between, containing, given, is, like, type Test } from "./tests";

/** Hardening values of a chart: objects as in the chart, with a test for each value. */
export interface Schema {
  readonly [key: string]: Schema | Test;
}

/**
 * Type of values that have all keys of a chart's schema: `satisfies HardenedValues<"keda">`. The policy pack checks the
 * values.
 */
export type HardenedValues<C extends keyof typeof charts> = Values<(typeof charts)[C]["values"]>;
type Values<S> =
  S extends Test<infer T>
    ? T extends boolean
      ? boolean
      : T extends string
        ? string
        : T
    : { readonly [K in keyof S]: Values<S[K]> } & Readonly<Record<string, unknown>>;

const limited = { resources: { limits: { memory: given } } };
const containerSecurity = {
  allowPrivilegeEscalation: is(false),
  readOnlyRootFilesystem: is(true),
  capabilities: { drop: containing("ALL") },
};
const podSecurity = { runAsNonRoot: is(true), seccompProfile: { type: is("RuntimeDefault") } };
const off = { enabled: is(false) };
const natsContainer = { merge: { securityContext: containerSecurity, ...limited } };
/** A secret that Grafana reads from a file. */
const fromFile = like(/^\$__file\{\/[\w/.-]+\}$/, "a mounted file: $__file{/path}");
const labelled = { matchLabels: given };
const bounded = between(1, 1_000_000);

/**
 * By chart: its repository, and its hardening values, which are those that differ from its defaults and those that turn
 * off unused features. Without one of them, the policy pack refuses a release and the program's values don't compile.
 */
export const charts = {
  "argo-rollouts": {
    repo: "https://argoproj.github.io/argo-helm",
    values: {
      dashboard: off,
      controller: limited,
      providerRBAC: {
        providers: {
          ambassador: is(false),
          apisix: is(false),
          awsAppMesh: is(false),
          contour: is(false),
          gatewayAPI: is(false),
          glooPlatform: is(false),
          istio: is(false),
          smi: is(false),
          traefik: is(false),
        },
      },
    },
  },
  "external-secrets": {
    repo: "https://charts.external-secrets.io",
    values: {
      processClusterExternalSecret: is(false),
      processClusterGenerator: is(false),
      processClusterPushSecret: is(false),
      processPushSecret: is(false),
      processSecretStore: is(false),
      ...limited,
      webhook: limited,
      certController: limited,
    },
  },
  keda: {
    repo: "https://kedacore.github.io/charts",
    values: {
      permissions: {
        operator: { restrict: { secret: is(true) } },
        metricServer: { restrict: { secret: is(true) } },
      },
      enableServiceLinks: is(false),
      // Without it KEDA may scale any kind.
      rbac: { scaledRefKinds: given },
      resources: {
        operator: limited.resources,
        metricServer: limited.resources,
        webhooks: limited.resources,
      },
    },
  },
  "kube-prometheus-stack": {
    repo: "https://prometheus-community.github.io/helm-charts",
    values: {
      grafana: off,
      nodeExporter: off,
      kubelet: off,
      kubeApiServer: off,
      prometheus: {
        prometheusSpec: {
          securityContext: podSecurity,
          ...limited,
          enforcedBodySizeLimit: like(/^[1-9]\d*[KMG]?B$/, "a size above 0"),
          enforcedLabelLimit: bounded,
          enforcedLabelNameLengthLimit: bounded,
          enforcedLabelValueLengthLimit: bounded,
          enforcedSampleLimit: bounded,
          enforcedTargetLimit: bounded,
          podMonitorNamespaceSelector: labelled,
          probeNamespaceSelector: labelled,
          ruleNamespaceSelector: labelled,
          scrapeConfigNamespaceSelector: labelled,
          serviceMonitorNamespaceSelector: labelled,
        },
      },
      alertmanager: {
        serviceAccount: { automountServiceAccountToken: is(false) },
        alertmanagerSpec: {
          securityContext: podSecurity,
          automountServiceAccountToken: is(false),
          // AlertmanagerConfig objects elsewhere could route alerts to anyone.
          alertmanagerConfigNamespaceSelector: labelled,
          ...limited,
        },
      },
      "kube-state-metrics": {
        // Lists every metric and kind: including Secrets would require permission to list them.
        metricAllowlist: given,
        collectors: given,
        ...limited,
      },
      prometheusOperator: {
        prometheusInstanceNamespaces: given,
        ...limited,
        kubeletService: off,
        prometheusConfigReloader: limited,
      },
    },
  },
  grafana: {
    repo: "https://grafana-community.github.io/helm-charts",
    values: {
      serviceAccount: { automountServiceAccountToken: is(false) },
      // No administrator, no password: users sign in only by single sign-on.
      env: { GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: is("true") },
      "grafana.ini": {
        auth: { disable_login_form: is(true) },
        "auth.anonymous": off,
        "auth.basic": off,
        "auth.generic_oauth": {
          enabled: is(true),
          client_secret: fromFile,
          use_pkce: is(true),
          role_attribute_strict: is(true),
        },
        plugins: { plugin_admin_enabled: is(false), preinstall_disabled: is(true) },
        public_dashboards: off,
        security: {
          cookie_secure: is(true),
          disable_initial_admin_creation: is(true),
          secret_key: fromFile,
        },
      },
      rbac: { create: is(false) },
      testFramework: off,
      automountServiceAccountToken: is(false),
      enableServiceLinks: is(false),
      containerSecurityContext: containerSecurity,
      securityContext: podSecurity,
      ...limited,
    },
  },
  nack: {
    repo: "https://nats-io.github.io/k8s/helm/charts",
    values: { containerSecurityContext: containerSecurity, securityContext: podSecurity, ...limited },
  },
  nats: {
    repo: "https://nats-io.github.io/k8s/helm/charts",
    values: {
      config: {
        nats: { tls: { enabled: is(true), secretName: given } },
        cluster: { tls: { enabled: is(true), secretName: given, merge: { verify: is(true) } } },
        // Without the accounts, all clients that reach the port are accepted.
        merge: { $include: like(/accounts/, "the file of the accounts") },
      },
      tlsCA: { enabled: is(true) },
      natsBox: off,
      container: natsContainer,
      promExporter: natsContainer,
      reloader: natsContainer,
      podTemplate: {
        merge: { spec: { securityContext: podSecurity, automountServiceAccountToken: is(false) } },
      },
      serviceAccount: { merge: { automountServiceAccountToken: is(false) } },
    },
  },
  reloader: {
    repo: "https://stakater.github.io/stakater-charts",
    values: {
      reloader: {
        watchGlobally: is(false),
        namespaces: given,
        rbac: off,
        readOnlyRootFileSystem: is(true),
        deployment: {
          securityContext: podSecurity,
          containerSecurityContext: {
            allowPrivilegeEscalation: is(false),
            capabilities: { drop: containing("ALL") },
          },
          ...limited,
        },
      },
    },
  },
  "vertical-pod-autoscaler": {
    repo: "https://kubernetes.github.io/autoscaler",
    values: {
      admissionController: off,
      updater: off,
      containerSecurityContext: containerSecurity,
      podSecurityContext: podSecurity,
      recommender: limited,
    },
  },
} as const satisfies Readonly<Record<string, { repo: string; values: Schema }>>;

/** The demands of a schema, by path. */
export function demandsOf(schema: Schema | Test, path = ""): [path: string, test: Test][] {
  if (isTest(schema)) return [[path, schema]];
  return Object.entries(schema).flatMap(([key, inner]) => {
    const escaped = key.replaceAll(".", "\\.");
    return demandsOf(inner, path === "" ? escaped : `${path}.${escaped}`);
  });
}

const isTest = (schema: Schema | Test): schema is Test =>
  typeof (schema as Partial<Test>).holds === "function";
