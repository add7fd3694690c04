import type { Policies, PolicyResource } from "@pulumi/policy";
import { containing, given, not, unlessSet } from "../../standards/tests";
import { onEachCluster } from "./each-cluster";
import { must } from "../lib/must";
import { plain, shown } from "../lib/wire";
import { makesPods, namespaceOf } from "./pods";

const group = "kubernetes:admissionregistration.k8s.io/v1";
const url = "https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/";

interface Held {
  metadata?: { name?: string; labels?: Record<string, string> };
  spec?: {
    policyName?: string;
    matchResources?: { namespaceSelector?: { matchLabels?: Record<string, string> } };
  };
}
const held = ({ props }: PolicyResource): Held => plain(props) as Held;

/** Policies for ValidatingAdmissionPolicies, which enforce the same requirements in the API server. */
export const admission: Policies = [
  must(
    [`${group}:ValidatingAdmissionPolicy`],
    {
      name: "k8s-admission-validates",
      description:
        "ValidatingAdmissionPolicies must validate created and updated resources, and fail closed.",
      severity: "high",
      remediation:
        "Set apiGroups, resources and the operations CREATE and UPDATE in matchConstraints.resourceRules, give each validation an expression, and leave failurePolicy at Fail.",
      url,
    },
    [
      ["spec.failurePolicy", unlessSet("Fail")],
      ["spec.matchConstraints.resourceRules", given],
      ["spec.matchConstraints.resourceRules[].apiGroups", given],
      ["spec.matchConstraints.resourceRules[].resources", given],
      ["spec.matchConstraints.resourceRules[].operations", containing("CREATE")],
      ["spec.matchConstraints.resourceRules[].operations", containing("UPDATE")],
      ["spec.validations", given],
      ["spec.validations[].expression", given],
      ["spec.validations[].expression", not("true")],
    ],
  ),
  must(
    [`${group}:ValidatingAdmissionPolicyBinding`],
    {
      name: "k8s-admission-denies",
      description: "ValidatingAdmissionPolicyBindings must deny requests, not only warn or audit.",
      severity: "high",
      remediation: "Set policyName, and add Deny to validationActions.",
      url,
    },
    [
      ["spec.policyName", given],
      ["spec.validationActions", containing("Deny")],
    ],
  ),
  onEachCluster(
    {
      name: "k8s-admission-bound",
      description:
        "ValidatingAdmissionPolicies must have a binding, and must apply to all namespaces with workloads of the stack.",
      severity: "high",
      remediation:
        "Add a ValidatingAdmissionPolicyBinding with the policy's name, and add the labels that it selects to the namespace.",
      url,
    },
    (resources, report) => {
      const ofKind = (kind: string) => resources.filter(({ type }) => type === `${group}:${kind}`);
      const policies = ofKind("ValidatingAdmissionPolicy");
      const bindings = ofKind("ValidatingAdmissionPolicyBinding");
      const bound = new Set(bindings.map((one) => held(one).spec?.policyName));
      const made = new Set(policies.map((one) => held(one).metadata?.name));
      for (const one of policies)
        if (!bound.has(held(one).metadata?.name))
          report(`${one.name} has no ValidatingAdmissionPolicyBinding.`, one.urn);
      for (const one of bindings)
        if (!made.has(held(one).spec?.policyName))
          report(
            `${one.name} refers to the policy ${shown(held(one).spec?.policyName)}, which doesn't exist.`,
            one.urn,
          );
      const labels = bindings.map(
        (one) => held(one).spec?.matchResources?.namespaceSelector?.matchLabels ?? {},
      );
      const populated = new Set(resources.filter(({ type }) => makesPods(type)).map(namespaceOf));
      for (const one of resources) {
        if (one.type !== "kubernetes:core/v1:Namespace" || !populated.has(held(one).metadata?.name ?? ""))
          continue;
        const own = held(one).metadata?.labels;
        const missing = labels.flatMap((wanted) =>
          Object.keys(wanted).filter((key) => own?.[key] !== wanted[key]),
        );
        if (missing.length > 0)
          report(`${one.name} is missing the labels ${[...new Set(missing)].join(", ")}.`, one.urn);
      }
    },
  ),
];
