import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import {
  shifted,
  weekdays,
  type ClusterSettings,
  type MirrorSettings,
  type ScheduleSettings,
} from "../../config";
import { Component } from "../base/component";
import { images, mirrored } from "../base/images";
import { jobPod } from "../jobs/job-pod";
import { selector } from "../workload/labels";
import { Namespace } from "../workload/namespace";
import { clusterRole } from "./cluster-role";
import { poolName, requirements } from "./nodes";
import { operatorBase, type Ranges } from "./operators/policies";
import { operatorQuota, plainResources, type Size } from "./operators/sizes";

export interface NodeScheduleArgs {
  readonly settings: ScheduleSettings;
  readonly nodePool: ClusterSettings["nodePool"];
  readonly kubernetesVersion: string;
  readonly zones: readonly string[];
  readonly ranges: Ranges;
  readonly mirrors?: MirrorSettings;
  /** Priority classes and admission policies. */
  readonly namespaceWaitsFor: readonly pulumi.Resource[];
  /** The pool that is emptied and filled. */
  readonly pool: pulumi.Resource;
}

/** Namespace of the jobs, which is also the name of their node pool, service account and role. */
const name = "schedule";
const size: Size = { cpu: { request: 20, limit: 100 }, memory: { request: 32, limit: 64 } };
const taint = { key: "plinth/schedule", effect: "NoSchedule" } as const;

/** Deadline of a job in seconds: a node has to start first, perhaps twice. */
const deadline = 1200;

/** Address of the API server in pods, and the mounted credentials. */
const api = "https://kubernetes.default.svc/apis/karpenter.sh/v1";
const account = "/var/run/secrets/kubernetes.io/serviceaccount";
const curl = `curl --fail-with-body --silent --show-error --retry 5 --retry-all-errors --max-time 30 --cacert ${account}/ca.crt --header "Authorization: Bearer $(cat ${account}/token)"`;

const limitCpu = (cpu: string) =>
  `${curl} --request PATCH --header 'Content-Type: application/merge-patch+json' --data '${JSON.stringify({ spec: { limits: { cpu } } })}' ${api}/nodepools/${poolName}`;

/**
 * With a CPU limit of 0, Auto Mode starts no node of the pool; deleting the NodeClaims removes the existing ones. Pods
 * stay pending until the morning. Source: Karpenter, "NodePools", spec.limits; kubernetes-sigs/karpenter issue 1177.
 */
const sleep = `set -eu
${limitCpu("0")}
${curl} --request DELETE "${api}/nodeclaims?labelSelector=karpenter.sh/nodepool%3D${poolName}"
`;

/**
 * Removes the environment's nodes at night, and allows them again in the morning: two CronJobs, whose pods run on a
 * node pool of their own. It has nodes for a few minutes a day.
 */
export class NodeSchedule extends Component {
  constructor(
    parentName: string,
    private readonly args: NodeScheduleArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:cluster:NodeSchedule", parentName, opts);
    const home = new Namespace(
      this.child("namespace"),
      {
        namespaceName: name,
        partOf: name,
        kubernetesVersion: args.kubernetesVersion,
        admission: true,
        quota: operatorQuota({ sleep: size, wake: size }, 1),
        policies: operatorBase(args.ranges),
        waitsFor: args.namespaceWaitsFor,
      },
      this.inside,
    );
    const waitsFor = [
      home.resource,
      ...Object.values(home.policies),
      ...this.account(home.resource),
      this.pool(),
    ];
    const { from, to } = args.settings;
    this.job("sleep", to, sleep, waitsFor);
    this.job("wake", from, `set -eu\n${limitCpu(args.nodePool.limits.cpu)}\n`, waitsFor);
    this.registerOutputs();
  }

  /** May change the limits of the one pool and delete nodes; RBAC can't limit deletions to the pool's nodes. */
  private account(home: pulumi.Resource): pulumi.Resource[] {
    return [
      new k8s.core.v1.ServiceAccount(
        this.child("account"),
        {
          metadata: { name, namespace: name, labels: this.labels(name) },
          automountServiceAccountToken: false,
        },
        { ...this.inside, dependsOn: [home] },
      ),
      ...clusterRole(this, {
        name: "plinth-schedule",
        rules: [
          {
            apiGroups: ["karpenter.sh"],
            resources: ["nodepools"],
            resourceNames: [poolName],
            verbs: ["get", "patch"],
          },
          { apiGroups: ["karpenter.sh"], resources: ["nodeclaims"], verbs: ["list", "deletecollection"] },
        ],
        account: { name, namespace: name },
        waitsFor: [home],
        roleWaitsFor: [],
      }),
    ];
  }

  /** Room for one small node, for these jobs alone. */
  private pool(): pulumi.Resource {
    const { nodePool, zones, pool } = this.args;
    return new k8s.apiextensions.CustomResource(
      this.child("pool"),
      {
        apiVersion: "karpenter.sh/v1",
        kind: "NodePool",
        metadata: { name, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
        spec: {
          template: {
            spec: {
              nodeClassRef: { group: "eks.amazonaws.com", kind: "NodeClass", name: poolName },
              requirements: requirements(nodePool, zones),
              taints: [taint],
              expireAfter: "24h",
              terminationGracePeriod: "15m",
            },
          },
          limits: { cpu: "2", memory: "16Gi" },
          disruption: {
            consolidationPolicy: "WhenEmpty",
            consolidateAfter: "1m",
            budgets: [{ nodes: "100%" }],
          },
        },
      },
      // The node class exists, since the workloads' pool uses it.
      { ...this.inside, customTimeouts: { delete: "30m" }, dependsOn: [pool] },
    );
  }

  private labels(object: string): Record<string, string> {
    return {
      ...selector(object),
      "app.kubernetes.io/part-of": name,
      "app.kubernetes.io/managed-by": "pulumi",
    };
  }

  /** @param time `from` or `to` of the schedule. */
  private job(object: string, time: string, script: string, waitsFor: readonly pulumi.Resource[]): void {
    const { settings, mirrors } = this.args;
    const { hour, minute } = shifted(time, 0);
    const labels = this.labels(object);
    new k8s.batch.v1.CronJob(
      this.child(object),
      {
        metadata: { name: object, namespace: name, labels },
        spec: {
          schedule: `${minute} ${hour} * * ${settings.days.map((day) => (weekdays.indexOf(day) + 1) % 7).join(",")}`,
          timeZone: settings.timeZone,
          concurrencyPolicy: "Forbid",
          startingDeadlineSeconds: 3600,
          successfulJobsHistoryLimit: 1,
          failedJobsHistoryLimit: 3,
          jobTemplate: {
            metadata: { labels },
            spec: {
              backoffLimit: 3,
              activeDeadlineSeconds: deadline,
              template: {
                metadata: {
                  labels,
                  annotations: { "plinth/kubernetes-api": "true", "karpenter.sh/do-not-disrupt": "true" },
                },
                spec: {
                  ...jobPod({
                    serviceAccount: name,
                    container: {
                      name: "curl",
                      image: mirrored(images.curl.image, mirrors),
                      user: images.curl.user,
                      command: ["sh", "-c", script],
                      env: [],
                      resources: plainResources(size),
                    },
                    files: undefined,
                    trust: undefined,
                    kubernetesApi: true,
                  }),
                  nodeSelector: { "karpenter.sh/nodepool": name },
                  tolerations: [{ key: taint.key, operator: "Exists", effect: taint.effect }],
                },
              },
            },
          },
        },
      },
      { ...this.inside, dependsOn: [...waitsFor] },
    );
  }
}
