import type * as pulumi from "@pulumi/pulumi";
import { amount, type ClusterSettings, type MirrorSettings } from "../../../config";
import { Component } from "../../base/component";
import { operatorPeers, type OperatorReach, type Operators } from "../../base/operators";
import { Namespace } from "../../workload/namespace";
import { reloaderAccount, reloaderRights } from "../../workload/restarts";
import type { SecretStore } from "../../base/external-secret";
import type { AlertRoutes } from "./alert-routes";
import type { AlertTopics } from "./alertmanager";
import type { History } from "./history";
import { certManager, certManagerPolicies, certManagerSizes } from "./cert-manager";
import { Operator } from "./chart-operator";
import { keys, plans, type Optional } from "./operator-plans";
import type { Ranges } from "./policies";
import { operatorMetricsPorts, scraped } from "./monitors";
import { Prometheus } from "./prometheus";
import { reloaderPolicies, reloaderSizes, reloaderValues } from "./reloader";
import { serviceIssuer } from "./service-issuer";
import { operatorQuota } from "./sizes";
import { operatorCharts } from "./table";

export interface ClusterOperatorsArgs {
  readonly settings: Pick<ClusterSettings, "operators" | "addons" | "version" | "nodePool">;
  readonly ranges: Ranges;
  readonly reach: OperatorReach;
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  /** Storage class of the operators' volumes. */
  readonly storageClass: { readonly name: string; readonly resource: pulumi.Resource };
  readonly priorityClasses: readonly pulumi.Resource[];
  /** The add-on, which EKS installs with its namespace. */
  readonly certManager: pulumi.Resource;
  /** Pod Identity associations of operators: a pod that starts earlier has no credentials. */
  readonly associations: Readonly<
    Partial<Record<Optional | "alertmanager" | "prometheus", pulumi.Resource | undefined>>
  >;
  /** Workspace for long-term metrics. Default: none. */
  readonly history?: History | undefined;
  /** Where Alertmanager sends alerts. */
  readonly topics: AlertTopics;
  readonly routes: AlertRoutes;
  /** Store that the alert receivers' secrets are read through. Default: there are no receivers. */
  readonly receiversStore?: SecretStore | undefined;
  /** Nodes: leaf resources that every operator waits for. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** The operators that the stack file names, and the namespace of the one that EKS manages. */
export class ClusterOperators extends Component {
  readonly operators: Operators;

  constructor(
    name: string,
    private readonly args: ClusterOperatorsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:cluster:ClusterOperators", name, opts);
    const certManager = this.issuer();
    this.operators = {
      keda: this.operator("keda"),
      argoRollouts: this.operator("argoRollouts"),
      nack: this.operator("nack"),
      verticalPodAutoscaler: this.operator("verticalPodAutoscaler"),
      certManager,
      serviceIssuer: args.reach.servesTls === true ? serviceIssuer(this, "services", certManager) : undefined,
      prometheus: this.prometheus(),
      reloader: this.reloader(),
    };
    this.registerOutputs();
  }

  private operator(key: Optional): pulumi.Resource | undefined {
    const { settings, ranges, reach, mirrors = {}, priorityClasses, associations, waitsFor } = this.args;
    const amounts = settings.operators[key];
    if (amounts === undefined) return undefined;
    const { values, sizes, policies } = plans[key];
    const association = associations[key];
    return new Operator(
      this.child(keys[key]),
      {
        chart: operatorCharts[key],
        version: amounts.chart,
        values: values(amounts.replicas, reach, mirrors),
        mirrors,
        quota: operatorQuota(sizes, amounts.replicas),
        policies: {
          ...policies(ranges, reach),
          ...(key === "keda" || key === "argoRollouts" ? scraped(key, settings.operators) : {}),
        },
        servesMetrics:
          settings.operators.prometheus !== undefined && (key === "keda" || key === "argoRollouts"),
        kubernetesVersion: settings.version,
        priorityClasses,
        waitsFor: [...waitsFor, ...(association === undefined ? [] : [association])],
      },
      this.inside,
    ).release;
  }

  private reloader(): pulumi.Resource | undefined {
    const { settings, ranges, reach, mirrors, priorityClasses, waitsFor } = this.args;
    const { reloader, argoRollouts } = settings.operators;
    if (reloader === undefined) return undefined;
    const { chart, replicas } = reloader;
    const values = reloaderValues({
      replicas,
      namespaces: reach.namespaces,
      rollouts: argoRollouts !== undefined,
    });
    const operator = new Operator(
      this.child("reloader"),
      {
        chart: operatorCharts.reloader,
        version: chart,
        values,
        mirrors,
        policies: reloaderPolicies(ranges),
        quota: operatorQuota(reloaderSizes, replicas),
        kubernetesVersion: settings.version,
        priorityClasses,
        waitsFor,
      },
      this.inside,
    );
    const { namespace } = reloaderAccount;
    reloaderRights(this, "reloader-rights", { name: namespace, resource: operator.home });
    return operator.release;
  }

  private prometheus(): pulumi.Resource | undefined {
    const { settings, ranges, reach, storageClass, priorityClasses, associations, waitsFor } = this.args;
    const { topics, routes, receiversStore, history, mirrors } = this.args;
    const { prometheus, keda, argoRollouts, grafana } = settings.operators;
    if (prometheus === undefined) return undefined;
    const askers = [
      ...(grafana === undefined ? [] : [operatorPeers.grafana]),
      ...(keda === undefined ? [] : [operatorPeers.keda]),
      ...(argoRollouts === undefined ? [] : [operatorPeers.argoRollouts]),
    ];
    return new Prometheus(
      this.child("prometheus"),
      {
        settings: prometheus,
        mirrors,
        ranges,
        topics,
        routes,
        receiversStore,
        history,
        ways: {
          ports: [...reach.metricsPorts, ...operatorMetricsPorts(settings.operators)],
          askers,
          ...(grafana && { silencers: [operatorPeers.grafana] }),
        },
        platform: { keda: keda !== undefined, nodeCpus: amount(settings.nodePool.limits.cpu) },
        kubernetesVersion: settings.version,
        priorityClasses,
        storageClass: storageClass.name,
        waitsFor: [
          ...waitsFor,
          storageClass.resource,
          ...[associations.alertmanager, associations.prometheus].filter((one) => one !== undefined),
        ],
      },
      this.inside,
    ).release;
  }

  /**
   * cert-manager's namespace, with network policies and a quota like the others. Issuers and certificates wait for it,
   * since the webhook must be reachable.
   */
  private issuer(): pulumi.Resource | undefined {
    const { settings, ranges } = this.args;
    const { policies } = new Namespace(
      this.child(certManager),
      {
        namespaceName: certManager,
        partOf: certManager,
        kubernetesVersion: settings.version,
        quota: operatorQuota(certManagerSizes, settings.addons[certManager].replicas),
        policies: { ...certManagerPolicies(ranges), ...scraped("certManager", settings.operators) },
        servesMetrics: settings.operators.prometheus !== undefined,
        madeBy: this.args.certManager,
      },
      this.inside,
    );
    return policies["allow-webhook"];
  }
}
