import type * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings, MirrorSettings, ScheduleSettings, SignOnSettings } from "../../config";
import { Component } from "../base/component";
import type { SecretStore } from "../base/external-secret";
import type { Context, KeyArns } from "../base/context";
import { prometheusPeer, type OperatorReach, type Operators } from "../base/operators";
import { secretStore } from "../base/secret-store";
import type { Network } from "../network/network";
import type { Dashboards } from "../observability/dashboards/dashboard";
import type { Cluster } from "./cluster";
import { AdmissionPolicies } from "./admission-policies";
import { networkPolicyController } from "./network-policy-controller";
import { Nodes } from "./nodes";
import { NodeSchedule } from "./node-schedule";
import { ClusterOperators } from "./operators/cluster-operators";
import { ExternalSecrets, externalSecretsPolicies } from "./operators/external-secrets";
import { alertTopics } from "./operators/alertmanager";
import { operatorMonitors, scraped } from "./operators/monitors";
import { receiversSecret, type AlertRoutes } from "./operators/alert-routes";
import { Grafana, grafanaAccount } from "./operators/grafana";
import { historyReader, type History } from "./operators/history";
import type { Ranges } from "./operators/policies";
import { signOnStore } from "./sign-on";
import { telemetryPeers } from "../observability/telemetry/ports";
import { PeopleRoles } from "./people-roles";
import { PriorityClasses } from "./priority-classes";
import { defaultStorageClass, scratchStorageClass } from "./storage-classes";

export interface PlatformArgs {
  readonly context: Context;
  readonly settings: ClusterSettings;
  readonly cluster: Cluster;
  readonly network: Network;
  readonly keys: KeyArns;
  readonly zones: readonly string[];
  /** Hours in which there are nodes. Default: always. */
  readonly schedule?: ScheduleSettings | undefined;
  /** Parts of the systems that operators must reach. */
  readonly reach: OperatorReach;
  /** Jobs use volumes that are deleted with their pods. */
  readonly scratch: boolean;
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  /** Single sign-on of the team's pages, and the role that reads its client. Default: there are no pages. */
  readonly signOn?: { readonly settings: SignOnSettings; readonly role: pulumi.Input<string> };
  /** Where alerts go, and the role that reads the receivers' secrets. Default role: there are no receivers. */
  readonly routes: AlertRoutes & { readonly role?: pulumi.Input<string> | undefined };
  /** Dashboards of Grafana. */
  readonly dashboards: Dashboards;
  /** Workspace for long-term metrics. Default: none. */
  readonly history?: History | undefined;
}

/**
 * Cluster objects that must exist before any workload: nodes, storage, enforced network policies, priorities, secrets
 * and the other operators.
 *
 * Give it the cluster's Kubernetes provider. It contains only Kubernetes objects: a component with that provider is
 * registered after the cluster, and AWS resources shouldn't wait for that.
 */
export class Platform extends Component {
  /** The External Secrets Operator: stores and ExternalSecrets wait for it. */
  readonly externalSecrets: pulumi.Resource;
  /** Name of the default storage class, which encrypts with the cluster's key. */
  readonly storageClass: string;
  readonly operators: Operators;
  /** Store of the OpenID Connect client; undefined: no single sign-on. */
  readonly signOnStore: SecretStore | undefined;
  /** Undefined: it isn't configured. */
  readonly grafana: Grafana | undefined;
  /** Every namespace waits for them, since pods refer to them. */
  readonly priorityClasses: readonly pulumi.Resource[];
  /** Admission policies for the systems' objects. The systems' namespaces wait for them. */
  readonly admission: readonly pulumi.Resource[];

  constructor(name: string, args: PlatformArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:Platform", name, opts);
    const { context, settings, cluster, network, keys, zones } = args;
    const nodes = new Nodes(
      this.child("nodes"),
      {
        context,
        settings: settings.nodePool,
        cluster,
        network,
        keys,
        zones,
        scheduled: args.schedule !== undefined,
      },
      this.inside,
    );
    networkPolicyController(this, "network-policies");
    new PeopleRoles(this.child("people"), this.inside);
    const storageClass = defaultStorageClass(this, "storage", context, keys);
    this.storageClass = storageClass.name;
    if (args.scratch) scratchStorageClass(this, "scratch", context, keys);
    this.priorityClasses = new PriorityClasses(this.child("priorities"), this.inside).classes;
    this.admission = new AdmissionPolicies(
      this.child("admission"),
      { accountId: context.accountId, mirrors: args.mirrors },
      this.inside,
    ).bindings;
    const ranges = {
      vpcCidr: network.cidr,
      privateCidrs: network.privateCidrs,
      serviceCidr: cluster.serviceCidr,
    };
    if (args.schedule !== undefined)
      new NodeSchedule(
        this.child("schedule"),
        {
          settings: args.schedule,
          nodePool: settings.nodePool,
          kubernetesVersion: settings.version,
          zones,
          ranges,
          mirrors: args.mirrors,
          namespaceWaitsFor: [...this.priorityClasses, ...this.admission],
          pool: nodes.pool,
        },
        this.inside,
      );
    this.externalSecrets = new ExternalSecrets(
      this.child("secrets"),
      {
        settings: settings.operators.externalSecrets,
        mirrors: args.mirrors,
        kubernetesVersion: settings.version,
        priorityClasses: this.priorityClasses,
        policies: { ...externalSecretsPolicies(ranges), ...scraped("externalSecrets", settings.operators) },
        servesMetrics: settings.operators.prometheus !== undefined,
        waitsFor: [nodes.pool, cluster.externalSecrets.association],
      },
      this.inside,
    ).release;
    this.operators = new ClusterOperators(
      this.child("operators"),
      {
        settings,
        ranges,
        reach: args.reach,
        mirrors: args.mirrors,
        priorityClasses: this.priorityClasses,
        storageClass,
        certManager: cluster.certManager,
        associations: {
          keda: cluster.keda,
          alertmanager: cluster.alertmanager,
          prometheus: cluster.prometheus,
        },
        history: args.history,
        topics: alertTopics(context),
        routes: args.routes,
        receiversStore: this.receiversStore(args),
        waitsFor: [nodes.pool],
      },
      this.inside,
    ).operators;
    this.signOnStore = this.pages(args);
    this.grafana = this.dashboards(args, ranges, nodes.pool);
    if (args.history !== undefined && cluster.history !== undefined)
      historyReader(this, "history", {
        region: context.region,
        addresses: { ...ranges, publicCidrs: network.publicCidrs, isolatedCidrs: [] },
        mirrors: args.mirrors,
        kubernetesVersion: settings.version,
        namespaceWaitsFor: [...this.priorityClasses, ...this.admission],
        waitsFor: [nodes.pool, cluster.history],
      });
    operatorMonitors(this, "monitors", { ...this.operators, externalSecrets: this.externalSecrets });
    this.registerOutputs();
  }

  private receiversStore({ context, routes: { role } }: PlatformArgs): SecretStore | undefined {
    if (role === undefined) return undefined;
    return secretStore(this, "receivers-store", {
      storeName: receiversSecret,
      region: context.region,
      role,
      namespaces: [prometheusPeer.namespace],
      operator: this.externalSecrets,
    });
  }

  private pages({ context, signOn }: PlatformArgs): SecretStore | undefined {
    return (
      signOn &&
      signOnStore(this, "sign-on", {
        region: context.region,
        role: signOn.role,
        namespaces: [grafanaAccount.namespace, telemetryPeers.jaeger.namespace],
        operator: this.externalSecrets,
      })
    );
  }

  private dashboards(args: PlatformArgs, ranges: Ranges, nodes: pulumi.Resource): Grafana | undefined {
    const { context, settings, cluster, network, signOn } = args;
    const { grafana } = settings.operators;
    if (grafana === undefined || signOn === undefined || this.signOnStore === undefined) return undefined;
    return new Grafana(
      this.child("grafana"),
      {
        settings: grafana,
        signOn: signOn.settings,
        store: this.signOnStore,
        region: context.region,
        ranges,
        publicCidrs: network.publicCidrs,
        dashboards: args.dashboards,
        history: args.history,
        mirrors: args.mirrors,
        kubernetesVersion: settings.version,
        priorityClasses: this.priorityClasses,
        waitsFor: [nodes, ...(cluster.grafana === undefined ? [] : [cluster.grafana])],
      },
      this.inside,
    );
  }
}
