import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { MirrorSettings } from "../../config";
import { Component } from "../base/component";
import { physicalName } from "../base/naming";
import { logGroup } from "../base/log-group";
import { gated } from "../base/gated";
import { httpsPort } from "../base/ports";
import { ServiceAccountRole } from "../security/service-account-role";
import { ClusterAccess } from "./access";
import { untilAdmitted } from "./admission";
import { externalSecretsAccount, mayBecomeReader } from "./operators/external-secrets";
import { clusterAddons } from "./addons";
import { controlPlane, type ControlPlaneArgs } from "./control-plane";
import { kubeconfig } from "./kubeconfig";
import { grafanaAccount, mayReadMetrics } from "./operators/grafana";
import { alertmanagerAccount, alertTopics, mayPublishAlerts } from "./operators/alertmanager";
import { historyAccount, prometheusAccount } from "./operators/history";
import { keda, mayMeasureQueues } from "./operators/keda";
import { mayQueryMetrics, mayWriteMetrics } from "../observability/metrics-store";
import { Roles } from "./roles";

export interface ClusterArgs extends Omit<ControlPlaneArgs, "roles" | "logGroup"> {
  /** ARNs of the queues by whose length workloads scale. */
  readonly scaledQueues: readonly string[];
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  /** ARN of the workspace for long-term metrics. Default: none. */
  readonly historyArn?: pulumi.Output<string> | undefined;
}

/**
 * The Kubernetes cluster: EKS in Auto Mode, where AWS manages nodes, volumes, load balancers, DNS and Pod Identity.
 * This component has only AWS resources; `Platform` has the objects in the cluster.
 */
export class Cluster extends Component {
  /** The physical name, known once the cluster exists. */
  readonly clusterName: pulumi.Output<string>;
  /** Provider for everything in the cluster, usable once the administrators' access has taken effect. */
  readonly provider: k8s.Provider;
  /** The security group that EKS creates, through which control plane and nodes reach each other. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Name of the nodes' role, known once it has its policies and the cluster admits it. */
  readonly nodeRoleName: pulumi.Output<string>;
  readonly serviceCidr: string;
  /** The External Secrets Operator's role, and its Pod Identity association. */
  readonly externalSecrets: Pick<ServiceAccountRole, "association" | "roleArn">;
  /** KEDA's Pod Identity association; undefined: KEDA isn't configured, or measures no queue. */
  readonly keda: pulumi.Resource | undefined;
  /** Alertmanager's Pod Identity association; undefined: Alertmanager isn't configured. */
  readonly alertmanager: pulumi.Resource | undefined;
  /** Prometheus' Pod Identity association; undefined: it writes to no workspace. */
  readonly prometheus: pulumi.Resource | undefined;
  /** The association of the pod that reads from the workspace for Grafana; undefined: there is none. */
  readonly history: pulumi.Resource | undefined;
  /** Grafana's Pod Identity association; undefined: it isn't configured. */
  readonly grafana: pulumi.Resource | undefined;
  /** The add-on that mounts shared files. */
  readonly filesDriver: pulumi.Resource;
  /** The add-on that issues certificates. */
  readonly certManager: pulumi.Resource;

  constructor(name: string, args: ClusterArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:Cluster", name, opts);
    const { context, settings, keys } = args;
    const roles = new Roles(this.child("roles"), { keys, mirrors: args.mirrors }, this.inside);
    const cluster = controlPlane(this, "control-plane", { ...args, roles, logGroup: this.logGroup(args) });
    const access = new ClusterAccess(
      this.child("access"),
      { clusterName: cluster.name, access: settings.access },
      this.inside,
    );
    // AWS resources, created here so that they exist before the operators start.
    const role = (
      key: string,
      account: { readonly namespace: string; readonly serviceAccount: string },
      statements: aws.iam.PolicyStatement[],
    ) =>
      new ServiceAccountRole(
        this.child(key),
        { clusterName: cluster.name, ...account, statements },
        this.inside,
      );
    this.externalSecrets = role("secrets", externalSecretsAccount, mayBecomeReader(context));
    const measures = settings.operators.keda !== undefined && args.scaledQueues.length > 0;
    this.keda = measures ? role("keda", keda, mayMeasureQueues(args.scaledQueues)).association : undefined;
    this.alertmanager =
      settings.operators.prometheus &&
      role("alertmanager", alertmanagerAccount, mayPublishAlerts(alertTopics(context), keys.alarms))
        .association;
    this.grafana = settings.operators.grafana && role("grafana", grafanaAccount, mayReadMetrics).association;
    const { historyArn } = args;
    this.prometheus =
      historyArn && role("prometheus", prometheusAccount, mayWriteMetrics(historyArn)).association;
    this.history =
      historyArn &&
      settings.operators.grafana &&
      role("history", historyAccount, mayQueryMetrics(historyArn)).association;
    const addons = clusterAddons(this, settings, cluster.name);
    this.filesDriver = addons.filesDriver;
    this.certManager = addons.certManager;
    this.clusterName = cluster.name;
    this.provider = this.kubernetes(args, cluster, access);
    // EKS creates the group together with the endpoint, and it is part of an argument whose other fields are known
    // before: only the endpoint shows that it exists.
    this.securityGroupId = gated(cluster.vpcConfig.clusterSecurityGroupId, [cluster.endpoint]);
    this.admitShell(args.network);
    this.nodeRoleName = gated(roles.nodeName, [this.admitNodes(cluster, roles)]);
    this.serviceCidr = args.serviceCidr;
    this.registerOutputs();
  }

  /** Created before the cluster, or EKS creates it unencrypted and without retention. */
  private logGroup({ context, settings, keys, name }: ClusterArgs): aws.cloudwatch.LogGroup {
    return logGroup(this, "logs", {
      context,
      name: physicalName("logGroup", `/aws/eks/${name}/cluster`),
      keyArn: keys.logs,
      days: settings.logDays,
      protect: context.protect,
    });
  }

  /**
   * Without a built-in node pool EKS creates no access entry for the node role. Source: EKS user guide, create a node
   * class.
   */
  private admitNodes(cluster: aws.eks.Cluster, roles: Roles): pulumi.Output<string> {
    const entry = new aws.eks.AccessEntry(
      this.child("nodes"),
      { clusterName: cluster.name, principalArn: roles.nodeArn, type: "EC2" },
      this.inside,
    );
    return new aws.eks.AccessPolicyAssociation(
      this.child("nodes", "policy"),
      {
        clusterName: cluster.name,
        principalArn: entry.principalArn,
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy",
        accessScope: { type: "cluster" },
      },
      this.inside,
    ).id;
  }

  /** EKS' own group admits only the nodes. Its controller doesn't change rules that it didn't create. */
  private admitShell({ shellSecurityGroupId }: ClusterArgs["network"]): void {
    if (shellSecurityGroupId === undefined) return;
    new aws.vpc.SecurityGroupIngressRule(
      this.child("from-shell"),
      {
        securityGroupId: this.securityGroupId,
        referencedSecurityGroupId: shellSecurityGroupId,
        ipProtocol: "tcp",
        fromPort: httpsPort,
        toPort: httpsPort,
        description: "API server, from CloudShell VPC environments",
      },
      this.inside,
    );
  }

  /**
   * The kubeconfig is known once the cluster accepts Pulumi's credentials. The identifier is constant, or each change
   * of the cluster would show all its objects as replaced. `deleteUnreachable` stays off: a cluster that is briefly
   * unreachable still has its objects.
   */
  private kubernetes(args: ClusterArgs, cluster: aws.eks.Cluster, access: ClusterAccess): k8s.Provider {
    const config = pulumi
      .all([cluster.endpoint, cluster.certificateAuthority, pulumi.all([...access.admins])])
      .apply(async ([endpoint, { data: certificateAuthority }]) => {
        const { name, context } = args;
        const reached = { name, region: context.region, endpoint, certificateAuthority };
        if (!pulumi.runtime.isDryRun()) await untilAdmitted(reached);
        return kubeconfig(reached);
      });
    return new k8s.Provider(
      this.child("kubernetes"),
      { kubeconfig: config, clusterIdentifier: args.name },
      this.inside,
    );
  }
}
