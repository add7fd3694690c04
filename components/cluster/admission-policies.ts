import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { MirrorSettings } from "../../config";
import type { Standard } from "../../standards/demands";
import { hostReader } from "../../standards/host-access";
import { known, thirdPartyImages } from "../../standards/images";
import { bindings, ingresses, roles } from "../../standards/objects";
import { containers, pods } from "../../standards/pods";
import { Component } from "../base/component";
import { admitted } from "../workload/namespace";
import { allMet, inWords, podVariable } from "./cel";

type Spec = k8s.types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec;
type Validation = k8s.types.input.admissionregistration.v1.Validation;

export interface AdmissionPoliciesArgs {
  /** The account whose registry images may be pulled from. */
  readonly accountId: string;
  /** Mirrors, by public registry. */
  readonly mirrors?: MirrorSettings;
}

/** Each container of the object's pods, init containers too. */
const containersVariable = "variables.containers";

/**
 * The policy pack's rules for workloads, Ingresses and roles, enforced by the API server for objects created outside
 * Pulumi: the same data, `standards/`, as CEL expressions. They apply in labelled namespaces, which are the systems':
 * the operators' charts contain third-party pods.
 *
 * They validate only creates and updates. Deletes are never refused, and neither are updates that leave the spec
 * unchanged, so finalizers and labels of older objects can still be removed. Containers that `kubectl debug` adds use a
 * subresource and can't have limits; the namespace's Pod Security level applies to them.
 */
export class AdmissionPolicies extends Component {
  /** Dependencies of namespaces, so that even their first object is validated. */
  readonly bindings: readonly pulumi.Resource[];

  constructor(
    name: string,
    { accountId, mirrors = {} }: AdmissionPoliciesArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:cluster:AdmissionPolicies", name, opts);
    const registries = Object.values(mirrors).flatMap((mirror) => mirror ?? []);
    const image = known(accountId, [...thirdPartyImages, ...registries.map((registry) => `${registry}/`)]);
    this.bindings = [
      this.policy("pods", podSpec({ ...containers, "k8s-image-registry": [{ path: "image", test: image }] })),
      this.policy(
        "ingresses",
        objectSpec(
          "networking.k8s.io",
          "ingresses",
          ingresses,
          "object.spec != oldObject.spec || object.metadata != oldObject.metadata",
        ),
      ),
      this.policy(
        "roles",
        objectSpec("rbac.authorization.k8s.io", "roles", roles, "object.?rules != oldObject.?rules"),
      ),
      this.policy(
        "role-bindings",
        objectSpec(
          "rbac.authorization.k8s.io",
          "rolebindings",
          bindings,
          "object.?subjects != oldObject.?subjects",
        ),
      ),
    ];
    this.registerOutputs();
  }

  private policy(about: string, spec: Spec): pulumi.Resource {
    const policyName = `plinth-${about}`;
    const policy = new k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
      this.child(about),
      { metadata: { name: policyName }, spec },
      this.inside,
    );
    return new k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
      this.child(about, "binding"),
      {
        metadata: { name: policyName },
        spec: {
          policyName,
          validationActions: ["Deny"],
          matchResources: { namespaceSelector: { matchLabels: admitted } },
        },
      },
      { ...this.inside, dependsOn: [policy] },
    );
  }
}

const resources = (apiGroup: string, apiVersion: string, ...names: string[]) => ({
  apiGroups: [apiGroup],
  apiVersions: [apiVersion],
  operations: ["CREATE", "UPDATE"],
  resources: names,
});

const changed = (expression: string) => ({
  name: "made-or-changed",
  expression: `request.operation == "CREATE" || ${expression}`,
});

/** Rules for pods and objects with a pod template: the template is refused when it is applied, not pod by pod later. */
function podSpec(ofContainers: Standard): Spec {
  return {
    failurePolicy: "Fail",
    matchConstraints: {
      resourceRules: [
        resources("", "v1", "pods", "replicationcontrollers"),
        resources("apps", "v1", "daemonsets", "deployments", "replicasets", "statefulsets"),
        resources("batch", "v1", "cronjobs", "jobs"),
        resources("argoproj.io", "v1alpha1", "rollouts"),
      ],
    },
    matchConditions: [changed("object.spec != oldObject.spec")],
    variables: [
      {
        name: "pod",
        // Optional, since kinds have their templates at different paths. A Rollout may refer to another object's
        // template.
        expression:
          'object.kind == "Pod" ? dyn(object).spec : object.kind == "CronJob" ? dyn(object).spec.jobTemplate.spec.template.spec : dyn(object).spec.?template.?spec.orValue({})',
      },
      {
        name: "containers",
        expression: `${podVariable}.?containers.orValue([]) + ${podVariable}.?initContainers.orValue([])`,
      },
    ],
    validations: [
      ...Object.entries(ofContainers).map(([rule, demands]): Validation => {
        const expression = allMet(demands, "container");
        const words = `${rule}: ${inWords(demands)}`;
        return {
          expression: unlessHostReader(rule, `${containersVariable}.all(container, ${expression})`),
          message: words,
          messageExpression: `${JSON.stringify(`${words}. Violated by: `)} + ${containersVariable}.filter(container, !(${expression})).map(container, string(container.name)).join(", ")`,
        };
      }),
      ...validations(pods, podVariable),
      {
        expression: `request.namespace != ${JSON.stringify(hostReader.namespace)} || (${hostReaderOnly()})`,
        message: `k8s-host-reader-bounded: only ${hostReader.workload} with its own host paths may run in ${hostReader.namespace}`,
      },
    ],
  };
}

/** The log collector's namespace is exempt from the rules that it can't meet, and has a rule of its own. */
const unlessHostReader = (rule: string, expression: string): string =>
  (hostReader.rules as readonly string[]).includes(rule)
    ? `request.namespace == ${JSON.stringify(hostReader.namespace)} || (${expression})`
    : expression;

/** Only pods of the collector's service account, with its two host paths, one of them read-only. */
function hostReaderOnly(): string {
  const paths = Object.entries(hostReader.paths);
  const volumes = `${podVariable}.?volumes.orValue([]).filter(volume, volume.?hostPath.hasValue())`;
  const mounts = (test: string) =>
    `${containersVariable}.all(container, container.?volumeMounts.orValue([]).all(mount, mount.name != volume.name || ${test}))`;
  const readOnly = paths.flatMap(([path, { readOnly }]) => (readOnly ? [path] : []));
  return [
    `${podVariable}.?serviceAccountName.orValue("") == ${JSON.stringify(hostReader.workload)}`,
    `${volumes}.all(volume, volume.hostPath.path in ${JSON.stringify(paths.map(([path]) => path))})`,
    `${volumes}.all(volume, !(volume.hostPath.path in ${JSON.stringify(readOnly)}) || ${mounts("mount.?readOnly.orValue(false)")})`,
  ].join(" && ");
}

function objectSpec(apiGroup: string, resource: string, standard: Standard, change: string): Spec {
  return {
    failurePolicy: "Fail",
    matchConstraints: { resourceRules: [resources(apiGroup, "v1", resource)] },
    matchConditions: [changed(change)],
    validations: validations(standard, "object"),
  };
}

const validations = (standard: Standard, holder: string): Validation[] =>
  Object.entries(standard).map(([rule, demands]) => ({
    expression: unlessHostReader(rule, allMet(demands, holder)),
    message: `${rule}: ${inWords(demands)}`,
  }));
