import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings, MirrorSettings } from "../../config";
import { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { exactName, physicalName } from "../base/naming";
import { logGroup } from "../base/log-group";
import { gated } from "../base/gated";
import type { Network } from "../network/network";
import { ServiceAccountRole } from "../security/service-account-role";
import { ClusterAccess } from "./access";
import { untilAdmitted } from "./admission";
import { externalSecretsAccount, mayBecomeReader } from "./operators/external-secrets";
import { clusterAddons } from "./addons";
import { kubeconfig } from "./kubeconfig";
import { grafanaAccount, mayReadMetrics } from "./operators/grafana";
import { alertmanagerAccount, alertTopics, mayPublishAlerts } from "./operators/alertmanager";
import { keda, mayMeasureQueues } from "./operators/keda";
import { Roles } from "./roles";

export interface ClusterArgs {
  readonly context: Context;
  readonly settings: ClusterSettings;
  /** Physical name, which the network's tags carry too. */
  readonly name: string;
  readonly network: Network;
  readonly keys: KeyArns;
  /** Range of the cluster's Services. */
  readonly serviceCidr: string;
  /** Stand for public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
}

/**
 * The Kubernetes cluster: EKS in Auto Mode, where AWS keeps nodes, volumes, load balancers, DNS and Pod Identity.
 * Everything here is AWS's side of it; what stands inside the cluster is `Platform`.
 */
export class Cluster extends Component {
  /** The physical name, known once the cluster is there. */
  readonly clusterName: pulumi.Output<string>;
  /** Provider foreverything inside the cluster, usable once the administrators' rights are in force. */
  readonly provider: k8s.Provider;
  /** The group that EKS makes: control plane and nodes reach each other in it. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Role of the nodes, by name, with all its policies, once the cluster admits it. */
  readonly nodeRoleName: pulumi.Output<string>;
  readonly serviceCidr: string;
  /** The External Secrets Operator's role, and its Pod Identity association. */
  readonly externalSecrets: Pick<ServiceAccountRole, "association" | "roleArn">;
  /** KEDA's Pod Identity association; undefined: it isn't configured. */
  readonly keda: pulumi.Resource | undefined;
  /** Alertmanager's Pod Identity association; undefined: it isn't configured. */
  readonly alertmanager: pulumi.Resource | undefined;
  /** Grafana's Pod Identity association; undefined: it isn't configured. */
  readonly grafana: pulumi.Resource | undefined;
  /** The add-on that mounts shared files. */
  readonly filesDriver: pulumi.Resource;
  /** The add-on that issues certificates. */
  readonly certManager: pulumi.Resource;

  constructor(name: string, args: ClusterArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:Cluster", name, opts);
    const { context, settings, keys } = args;
    const roles = new Roles(
      this.child("roles"),
      { keys, ...(args.mirrors && { mirrors: args.mirrors }) },
      this.inside,
    );
    const cluster = this.controlPlane(args, roles, this.logGroup(args));
    const access = new ClusterAccess(
      this.child("access"),
      { clusterName: cluster.name, access: settings.access },
      this.inside,
    );
    // Made beside the cluster and not inside, so that they are there before the operators start.
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
    this.keda = settings.operators.keda && role("keda", keda, mayMeasureQueues(context)).association;
    this.alertmanager =
      settings.operators.prometheus &&
      role("alertmanager", alertmanagerAccount, mayPublishAlerts(alertTopics(context), keys.alarms))
        .association;
    this.grafana = settings.operators.grafana && role("grafana", grafanaAccount, mayReadMetrics).association;
    const addons = clusterAddons(this, settings, cluster.name);
    this.filesDriver = addons.filesDriver;
    this.certManager = addons.certManager;
    this.clusterName = cluster.name;
    this.provider = this.kubernetes(args, cluster, access);
    // EKS makes the group together with the endpoint, inside an argument whose other fields are given: only the
    // endpoint says whether it is there.
    this.securityGroupId = gated(cluster.vpcConfig.clusterSecurityGroupId, [cluster.endpoint]);
    this.nodeRoleName = gated(roles.nodeName, [this.admitNodes(cluster, roles)]);
    this.serviceCidr = args.serviceCidr;
    this.registerOutputs();
  }

  /** Made before the cluster: else EKS makes one, unencrypted and kept forever. */
  private logGroup({ context, settings, keys, name }: ClusterArgs): aws.cloudwatch.LogGroup {
    return logGroup(this, "logs", {
      context,
      name: physicalName("logGroup", `/aws/eks/${name}/cluster`),
      keyArn: keys.logs,
      days: settings.logDays,
      protect: context.protect,
    });
  }

  private controlPlane(
    { context, settings, name, network, keys, serviceCidr }: ClusterArgs,
    roles: Roles,
    logGroup: aws.cloudwatch.LogGroup,
  ): aws.eks.Cluster {
    return new aws.eks.Cluster(
      this.child("control-plane"),
      {
        name: exactName("cluster", name),
        version: settings.version,
        roleArn: roles.controlPlaneArn,
        // Rights come from the access entries alone: the identity that made the cluster is no exception.
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
        ...autoMode(serviceCidr),
        vpcConfig: {
          // The control plane needs addresses and no egress, so it doesn't wait for the NAT gateways.
          subnetIds: [...network.privateSubnetIds],
          endpointPrivateAccess: true,
          ...publicEndpoint(settings.publicAccessCidrs),
        },
        encryptionConfig: { resources: ["secrets"], provider: { keyArn: keys.cluster } },
        enabledClusterLogTypes: settings.logs,
        // At the end of standard support the version goes up by itself; EXTENDED would cost six times as much.
        upgradePolicy: { supportType: "STANDARD" },
        // Lets a failing zone be taken out of service, by hand or by AWS.
        zonalShiftConfig: { enabled: true },
        deletionProtection: context.protect,
      },
      { ...this.inside, protect: context.protect, dependsOn: [logGroup] },
    );
  }

  /**
   * Without a built-in pool EKS admits no node role by itself. Source: EKS user guide, create a node class.
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

  /**
   * The kubeconfig is handed out when the cluster lets Pulumi in. The identifier is a constant, or each change of the
   * cluster would show every object in it as replaced. `deleteUnreachable` stays off: a cluster that can't be reached
   * for an hour has not lost its objects.
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

/**
 * The switches of Auto Mode, which AWS takes all or none. Both built-in node pools are off, from the beginning: their
 * nodes have disks without our key, no tags and no limits, and add-ons that tolerate `CriticalAddonsOnly`
 * (metrics-server, the EFS driver) start nodes of the `system` pool. Pods run on the pool of `Nodes`.
 *
 * AWS refuses `nodeRoleArn` without a built-in pool, and to take it away later replaces the cluster.
 */
const autoMode = (serviceCidr: string) => ({
  bootstrapSelfManagedAddons: false,
  computeConfig: { enabled: true },
  kubernetesNetworkConfig: {
    ipFamily: "ipv4",
    serviceIpv4Cidr: serviceCidr,
    elasticLoadBalancing: { enabled: true },
  },
  storageConfig: { blockStorage: { enabled: true } },
});

/** A public endpoint only for named networks; without any, the API is reachable from the VPC alone. */
const publicEndpoint = (cidrs: readonly string[]) =>
  cidrs.length === 0
    ? { endpointPublicAccess: false }
    : { endpointPublicAccess: true, publicAccessCidrs: [...cidrs] };
