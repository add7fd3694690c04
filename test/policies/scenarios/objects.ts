import { listedTags, sample, scenario, unknown, volumeTags } from "../scenario";

const chartResources = () => ({
  requests: { cpu: "20m", memory: "64Mi", "ephemeral-storage": "64Mi" },
  limits: { cpu: "200m", memory: "128Mi", "ephemeral-storage": "256Mi" },
});
const alb = "alb.ingress.kubernetes.io";
const enforce = "pod-security.kubernetes.io/enforce";

const ingress = (
  certificate?: string,
  labels: Record<string, string> = { "app.kubernetes.io/part-of": "ams" },
  more: Record<string, string> = {},
) =>
  sample("kubernetes:networking.k8s.io/v1:Ingress", {
    metadata: {
      name: "api",
      namespace: "ams",
      labels,
      annotations: {
        ...more,
        [`${alb}/listen-ports`]: '[{"HTTP": 80}, {"HTTPS": 443}]',
        [`${alb}/ssl-redirect`]: "443",
        [`${alb}/ssl-policy`]: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        [`${alb}/wafv2-acl-arn`]: unknown,
        ...(certificate && { [`${alb}/certificate-arn`]: certificate }),
      },
    },
    spec: { rules: [{ host: "ams.suresoft.com" }] },
  });

const page = () =>
  ingress(
    unknown,
    {},
    {
      [`${alb}/auth-type`]: "oidc",
      [`${alb}/auth-idp-oidc`]: '{"issuer":"https://login.example.com","secretName":"sign-on"}',
      [`${alb}/auth-on-unauthenticated-request`]: "authenticate",
    },
  );

interface Annotated {
  props: { metadata?: { annotations?: Record<string, string | undefined> } };
}
const annotate = ({ props }: Annotated, key: string, value: string | undefined) =>
  Object.assign(props.metadata?.annotations ?? {}, { [key]: value });

const role = () => ({ rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }] });
const binding = () => ({
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
  subjects: [{ kind: "ServiceAccount", name: "api", namespace: "ams" }],
});

export const objects = [
  scenario("an Ingress with its own certificate", { ingress: ingress(unknown) }, [
    ["k8s-ingress-waf", ({ ingress }) => annotate(ingress, `${alb}/wafv2-acl-arn`, undefined)],
    ["k8s-ingress-waf", ({ ingress }) => annotate(ingress, `${alb}/wafv2-acl-arn`, "none")],
    ["k8s-ingress-https", ({ ingress }) => annotate(ingress, `${alb}/listen-ports`, '[{"HTTP": 80}]')],
    ["k8s-ingress-https", ({ ingress }) => annotate(ingress, `${alb}/listen-ports`, undefined)],
    ["k8s-ingress-redirects-http", ({ ingress }) => annotate(ingress, `${alb}/ssl-redirect`, undefined)],
    [
      "k8s-ingress-tls-policy",
      ({ ingress }) => annotate(ingress, `${alb}/ssl-policy`, "ELBSecurityPolicy-2016-08"),
    ],
    ["k8s-ingress-tls-policy", ({ ingress }) => annotate(ingress, `${alb}/ssl-policy`, undefined)],
    ["k8s-ingress-certificate", ({ ingress }) => annotate(ingress, `${alb}/certificate-arn`, undefined)],
    ["k8s-ingress-hosts", ({ ingress }) => (ingress.props.spec = { rules: [{}] })],
    ["k8s-ingress-hosts", ({ ingress }) => Object.assign(ingress.props.spec ?? {}, { defaultBackend: {} })],
  ]),
  scenario(
    "an admission policy for namespaces with workloads",
    {
      policy: sample("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy", {
        metadata: { name: "pods" },
      }),
      binding: sample("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding", {
        metadata: { name: "pods" },
        spec: {
          policyName: "pods",
          matchResources: { namespaceSelector: { matchLabels: { asked: "yes" } } },
        } as object,
      }),
      namespace: sample("kubernetes:core/v1:Namespace", {
        metadata: { name: "ams", labels: { asked: "yes" } },
      }),
      pod: sample("kubernetes:core/v1:Pod", { metadata: { name: "api", namespace: "ams" } }),
    },
    [
      ["k8s-admission-bound", (stack) => delete (stack as Partial<typeof stack>).binding],
      ["k8s-admission-bound", ({ policy }) => (policy.props.metadata = { name: "others" })],
      ["k8s-admission-bound", ({ namespace }) => (namespace.props.metadata = { name: "ams" })],
    ],
  ),
  scenario("an Ingress that belongs to no system", { ingress: page() }, [
    ["k8s-ingress-sign-on", ({ ingress }) => annotate(ingress, `${alb}/auth-type`, undefined)],
    ["k8s-ingress-sign-on", ({ ingress }) => annotate(ingress, `${alb}/auth-type`, "none")],
    [
      "k8s-ingress-sign-on",
      ({ ingress }) => annotate(ingress, `${alb}/auth-on-unauthenticated-request`, "allow"),
    ],
    [
      "k8s-ingress-sign-on",
      ({ ingress }) => annotate(ingress, `${alb}/auth-idp-oidc`, '{"issuer":"http://login.example.com"}'),
    ],
  ]),
  scenario("two Ingresses of a load balancer", { ingress: ingress(unknown), other: ingress(unknown) }, [
    ["k8s-ingress-networks-alike", ({ other }) => annotate(other, `${alb}/inbound-cidrs`, "203.0.113.0/24")],
  ]),
  scenario(
    "an Ingress whose IngressClassParams has the certificates",
    {
      ingress: ingress(),
      parameters: sample("kubernetes:eks.amazonaws.com/v1:IngressClassParams", {
        spec: { certificateARNs: [unknown], tags: listedTags } as object,
      }),
    },
    [
      [
        "k8s-ingress-certificate",
        ({ parameters }) => (parameters.props.spec = { tags: listedTags } as object),
      ],
    ],
  ),
  scenario(
    "Services",
    {
      inner: sample("kubernetes:core/v1:Service", {
        metadata: { name: "api" },
        spec: { ports: [{ port: 80 }] },
      }),
      internal: sample("kubernetes:core/v1:Service", {
        metadata: { annotations: { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal" } },
        spec: { type: "LoadBalancer" },
      }),
      syslog: sample("kubernetes:core/v1:Service", {
        metadata: { annotations: { "plinth/public-exposure": "syslog from devices" } },
        spec: { type: "LoadBalancer" },
      }),
    },
    [
      ["k8s-service-exposure", ({ inner }) => Object.assign(inner.props.spec ?? {}, { type: "NodePort" })],
      [
        "k8s-service-exposure",
        ({ internal }) => Object.assign(internal.props.spec ?? {}, { type: "NodePort" }),
      ],
      ["k8s-service-exposure", ({ internal }) => delete internal.props.metadata],
      ["k8s-service-exposure", ({ syslog }) => delete syslog.props.metadata?.annotations],
      [
        "k8s-no-external-ips",
        ({ inner }) => Object.assign(inner.props.spec ?? {}, { externalIPs: ["198.51.100.1"] }),
      ],
    ],
  ),
  scenario(
    "namespaces, Secrets and ConfigMaps",
    {
      namespace: sample("kubernetes:core/v1:Namespace", {
        metadata: { name: "ams", labels: { [enforce]: "restricted" } },
      }),
      system: sample("kubernetes:core/v1:Namespace", { metadata: { name: "kube-system" } }),
      secret: sample("kubernetes:core/v1:Secret", {
        metadata: { name: "token" },
        type: "kubernetes.io/service-account-token",
      }),
      config: sample("kubernetes:core/v1:ConfigMap", {
        data: { DB_HOST: "db", API_URL: "https://api.tapwork.com" },
      }),
      variables: sample("kubernetes:core/v1:ConfigMapPatch", { data: { DB_HOST: "db" } }),
    },
    [
      [
        "k8s-namespace-restricted",
        ({ namespace }) => (namespace.props.metadata = { name: "ams", labels: { [enforce]: "baseline" } }),
      ],
      ["k8s-namespace-restricted", ({ namespace }) => delete namespace.props.metadata],
      ["k8s-no-literal-secret", ({ secret }) => (secret.props.stringData = { password: "hunter2" })],
      ["k8s-no-literal-secret", ({ secret }) => (secret.props.data = { password: unknown })],
      [
        "k8s-no-credentials-in-config",
        ({ config }) => (config.props.data = { URL: "postgres://ams:hunter2@db/ams" }),
      ],
      [
        "k8s-no-credentials-in-config",
        ({ variables }) => (variables.props.data = { URL: "postgres://ams:hunter2@db/ams" }),
      ],
    ],
  ),
  scenario(
    "RBAC roles and bindings",
    {
      role: sample("kubernetes:rbac.authorization.k8s.io/v1:Role", role()),
      clusterRole: sample("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", role()),
      binding: sample("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", binding()),
      clusterBinding: sample("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", binding()),
    },
    [
      ["k8s-rbac-no-wildcard", ({ role }) => (role.props.rules = [{ resources: ["*"], verbs: ["get"] }])],
      [
        "k8s-rbac-no-wildcard",
        ({ clusterRole }) => (clusterRole.props.rules = [{ resources: ["pods"], verbs: ["*"] }]),
      ],
      [
        "k8s-rbac-no-wildcard",
        ({ role }) => (role.props.rules = [{ apiGroups: ["*"], resources: ["pods"] }]),
      ],
      [
        "k8s-rbac-no-escalation",
        ({ role }) => (role.props.rules = [{ resources: ["roles"], verbs: ["bind"] }]),
      ],
      [
        "k8s-rbac-no-escalation",
        ({ role }) => (role.props.rules = [{ resources: ["nodes/proxy"], verbs: ["get"] }]),
      ],
      [
        "k8s-rbac-secrets-by-namespace",
        ({ clusterRole }) => (clusterRole.props.rules = [{ resources: ["secrets"], verbs: ["get"] }]),
      ],
      [
        "k8s-rbac-no-cluster-admin",
        ({ clusterBinding }) => Object.assign(clusterBinding.props.roleRef ?? {}, { name: "cluster-admin" }),
      ],
      [
        "k8s-rbac-no-cluster-admin",
        ({ binding }) => Object.assign(binding.props.roleRef ?? {}, { name: "cluster-admin" }),
      ],
      [
        "k8s-rbac-no-anonymous",
        ({ binding }) => (binding.props.subjects = [{ kind: "User", name: "system:anonymous" }]),
      ],
      [
        "k8s-rbac-no-anonymous",
        ({ binding }) => (binding.props.subjects = [{ kind: "Group", name: "system:authenticated" }]),
      ],
    ],
  ),
  scenario(
    "Helm charts and StorageClasses",
    {
      release: sample("kubernetes:helm.sh/v3:Release", {
        chart: "external-secrets",
        version: "2.9.0",
        atomic: true,
        repositoryOpts: { repo: "https://charts.external-secrets.io" },
        values: {
          priorityClassName: "plinth-platform",
          resources: chartResources(),
          webhook: { resources: chartResources() },
          volumeClaimTemplate: { spec: { resources: { requests: { storage: "50Gi" } } } },
        },
      }),
      chart: sample("kubernetes:helm.sh/v4:Chart", { chart: "./charts/nats-2.14.2.tgz" }),
      storage: sample("kubernetes:storage.k8s.io/v1:StorageClass", {
        provisioner: "ebs.csi.eks.amazonaws.com",
        parameters: { type: "gp3", encrypted: "true", ...volumeTags },
      }),
    },
    [
      ["helm-version-pinned", ({ release }) => delete release.props.version],
      ["helm-version-pinned", ({ release }) => (release.props.version = "^2.9.0")],
      [["helm-repository-encrypted", "helm-version-pinned"], ({ chart }) => (chart.props.chart = "nats")],
      ["helm-atomic", ({ release }) => delete release.props.atomic],
      [
        "helm-repository-encrypted",
        ({ release }) => (release.props.repositoryOpts = { repo: "http://charts.example.com" }),
      ],
      ["helm-repository-encrypted", ({ release }) => delete release.props.repositoryOpts],
      [
        "helm-repository-encrypted",
        ({ release }) => Object.assign(release.props, { chart: undefined, repositoryOpts: undefined }),
      ],
      ["helm-repository-encrypted", ({ release }) => (release.props.repositoryOpts = { repo: "stable" })],
      ["helm-resources", ({ release }) => (release.props.values = { priorityClassName: "plinth-platform" })],
      [
        "helm-resources",
        ({ release }) => {
          const { resources } = release.props.values?.webhook as {
            resources: ReturnType<typeof chartResources>;
          };
          resources.limits = { cpu: "200m", memory: "", "ephemeral-storage": "256Mi" };
        },
      ],
      [
        "helm-resources",
        ({ release }) => {
          const { requests } = release.props.values?.resources as ReturnType<typeof chartResources>;
          Object.assign(requests, { "ephemeral-storage": undefined });
        },
      ],
      [
        "helm-resources",
        ({ release }) => Object.assign(release.props.values?.resources as object, { requests: undefined }),
      ],
      ["helm-priority-class", ({ release }) => delete release.props.values?.priorityClassName],
      ["k8s-storage-class-encrypted", ({ storage }) => (storage.props.parameters = { type: "gp3" })],
    ],
  ),
];
