import type { Standard } from "./demands";
import { is, like, noneOf, not, type Test, unlike } from "./tests";

/** Class of volumes that are deleted with their pods in every environment: they only hold copies. */
export const scratchClass = "scratch";

const annotation = (key: string) => String.raw`metadata.annotations.alb\.ingress\.kubernetes\.io/${key}`;
const ports = annotation("listen-ports");

/**
 * The load balancers' security policies with TLS 1.2 or newer and only forward-secret ciphers: the `TLS13-1-2` and
 * `TLS13-1-3` families (FIPS and post-quantum variants included) without the `Ext` ones, which add older ciphers.
 */
export const modernTlsPolicy: readonly Test[] = [
  like(
    /^ELBSecurityPolicy-TLS13-1-[23]-/,
    "an ELBSecurityPolicy-TLS13-1-2-… or ELBSecurityPolicy-TLS13-1-3-… policy",
  ),
  unlike(/-Ext[0-9]/, "a policy without Ext in its name"),
];

/** TLS on every Ingress, by the annotations of the load balancer's controller. */
export const ingresses: Standard = {
  "k8s-ingress-https": [
    {
      path: ports,
      test: like(
        /"HTTPS"\s*:\s*443\b/,
        'a list that contains {"HTTPS": 443}, such as [{"HTTP":80},{"HTTPS":443}]',
      ),
    },
  ],
  "k8s-ingress-redirects-http": [
    {
      path: annotation("ssl-redirect"),
      test: is("443"),
      where: { path: ports, test: like(/"HTTP"\s*:/, "a list that contains HTTP") },
    },
  ],
  "k8s-ingress-tls-policy": modernTlsPolicy.map((test) => ({ path: annotation("ssl-policy"), test })),
};

/** No role grants everything. */
export const roles: Standard = {
  "k8s-rbac-no-wildcard": ["verbs", "resources", "apiGroups", "nonResourceURLs"].map((field) => ({
    path: `rules[].${field}`,
    test: noneOf("*"),
  })),
  // Source: Kubernetes, RBAC good practices, "privilege escalation risks".
  "k8s-rbac-no-escalation": [
    { path: "rules[].verbs", test: noneOf("escalate", "bind", "impersonate") },
    {
      path: "rules[].resources",
      test: noneOf(
        "nodes/proxy",
        "serviceaccounts/token",
        "certificatesigningrequests/approval",
        "validatingwebhookconfigurations",
        "mutatingwebhookconfigurations",
      ),
    },
  ],
};

/** No one is bound to an administrators' role. */
export const bindings: Standard = {
  "k8s-rbac-no-cluster-admin": [{ path: "roleRef.name", test: not("cluster-admin") }],
  "k8s-rbac-no-anonymous": [
    {
      path: "subjects[].name",
      test: not(
        "system:anonymous",
        "system:unauthenticated",
        "system:authenticated",
        "system:serviceaccounts",
        "system:masters",
      ),
    },
  ],
};
