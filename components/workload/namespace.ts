import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import { withDisk } from "../base/disk";

export interface NamespaceArgs {
  readonly namespaceName: string;
  /** The system, or part of the platform, that it belongs to. */
  readonly partOf: string;
  /** Minor version of the cluster: version of the Pod Security level. */
  readonly kubernetesVersion: string;
  /** Whether Prometheus may scrape pods here. Default: no. */
  readonly servesMetrics?: boolean;
  /** Whether a load balancer sends requests or messages to pods here. Default: no. */
  readonly behindLoadBalancer?: boolean;
  /** Whether admission policies apply here: not to third-party pods from charts. Default: no. */
  readonly admission?: boolean;
  /** Pod Security level. `privileged` allows host paths, and is for the log collector only. Default: `restricted`. */
  readonly level?: "restricted" | "privileged";
  /** Its ResourceQuota. */
  readonly quota: Readonly<Record<string, string>>;
  /** Network policies by name. `default-deny` must be among them. */
  readonly policies: Readonly<Record<string, k8s.types.input.networking.v1.NetworkPolicySpec>>;
  /** Resources that its pods need, so everything in it waits for them: priority classes. Default: none. */
  readonly waitsFor?: readonly pulumi.Resource[];
  /** The resource that created it, if not Plinth, which then only patches its labels. Default: Plinth creates it. */
  readonly madeBy?: pulumi.Resource;
}

/** Label of the namespaces whose pods Prometheus scrapes. */
export const scrapedNamespaces = { "plinth/metrics": "allowed" } as const;

/**
 * Label of the namespaces whose pods are ready only once a load balancer's health checks pass: EKS Auto Mode adds a
 * readiness gate for each of their target groups. Without it a rolling update could end before a network load balancer,
 * which takes minutes to register a target, sends anything to the new pods. Source: AWS Load Balancer Controller, pod
 * readiness gate.
 */
const readinessGates = { "eks.amazonaws.com/pod-readiness-gate-inject": "enabled" } as const;

/** Label of the systems' namespaces, where admission policies validate every pod, Ingress and role. */
export const admitted = { "plinth/admission": "enforced" } as const;

/** A namespace at the `restricted` Pod Security level unless it says otherwise, with a quota, default limits and its own network policies. */
export class Namespace extends Component {
  /** A plain value, since an output of the cluster's provider is unknown until the cluster exists. */
  readonly namespaceName: string;
  /** The namespace, which everything in it waits for. */
  readonly resource: pulumi.Resource;
  /** Its network policies by name. */
  readonly policies: Readonly<Record<string, pulumi.Resource>>;

  constructor(name: string, args: NamespaceArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:workload:Namespace", name, opts);
    this.namespaceName = args.namespaceName;
    this.resource = this.namespace(args);
    this.limits(args);
    this.policies = this.networkPolicies(args);
    this.registerOutputs();
  }

  private namespace({
    namespaceName,
    partOf,
    kubernetesVersion,
    servesMetrics = false,
    behindLoadBalancer = false,
    admission = false,
    level = "restricted",
    waitsFor = [],
    madeBy,
  }: NamespaceArgs): pulumi.Resource {
    const security = ["enforce", "audit", "warn"].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, `v${kubernetesVersion}`],
    ]);
    const labels = {
      "app.kubernetes.io/part-of": partOf,
      "app.kubernetes.io/managed-by": "pulumi",
      name: namespaceName,
      ...(servesMetrics ? scrapedNamespaces : {}),
      ...(behindLoadBalancer ? readinessGates : {}),
      ...(admission ? admitted : {}),
      ...(Object.fromEntries(security) as Record<string, string>),
    };
    const name = this.child("namespace");
    const metadata = { name: namespaceName, labels };
    if (madeBy === undefined)
      return new k8s.core.v1.Namespace(name, { metadata }, { ...this.inside, dependsOn: [...waitsFor] });
    // Forced, since its creator may own some of these labels, and Plinth decides the Pod Security level.
    const annotations = { "pulumi.com/patchForce": "true" };
    return new k8s.core.v1.NamespacePatch(
      name,
      { metadata: { ...metadata, annotations } },
      { ...this.inside, dependsOn: [madeBy, ...waitsFor] },
    );
  }

  private limits({ namespaceName: namespace, quota }: NamespaceArgs): void {
    new k8s.core.v1.ResourceQuota(
      this.child("quota"),
      { metadata: { name: "quota", namespace }, spec: { hard: { ...quota } } },
      this.within,
    );
    new k8s.core.v1.LimitRange(
      this.child("limits"),
      {
        metadata: { name: "limits", namespace },
        spec: {
          limits: [
            {
              type: "Container",
              defaultRequest: containerDefaults.requests,
              default: containerDefaults.limits,
            },
          ],
        },
      },
      this.within,
    );
  }

  private networkPolicies({
    namespaceName: namespace,
    policies,
  }: NamespaceArgs): Record<string, pulumi.Resource> {
    return Object.fromEntries(
      Object.entries(policies).map(([name, spec]) => [
        name,
        new k8s.networking.v1.NetworkPolicy(
          this.child(name),
          { metadata: { name, namespace }, spec },
          this.within,
        ),
      ]),
    );
  }

  private get within(): pulumi.CustomResourceOptions {
    return { ...this.inside, dependsOn: [this.resource] };
  }
}

/** Default resources of containers that set none. */
export const containerDefaults = withDisk({
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "200m", memory: "256Mi" },
});
