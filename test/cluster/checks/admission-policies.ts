import { check as packCheck } from "../../../policies/check";
import { bindings, ingresses, roles } from "../../../standards/objects";
import { containers, pods } from "../../../standards/pods";
import type { Sample, Stack } from "../../policies/scenario";
import { objects as objectScenarios } from "../../policies/scenarios/objects";
import { workloads } from "../../policies/scenarios/workloads";
import { ApiError } from "../client";
import { ofKind } from "../manifests";
import { settle } from "../settle";
import { type KubeObject, nameOf } from "../types";
import type { Check, Context, Finding } from "./check";

/** Rules that both the pack and the server enforce. */
const shared = new Set([containers, pods, ingresses, roles, bindings].flatMap((one) => Object.keys(one)));
/** Rules whose bad objects the API server refuses before it evaluates policies. */
const refusedAnyway = new Set(["k8s-no-host-process", "k8s-default-proc-mount", "k8s-no-privileged"]);
const group = "admissionregistration.k8s.io/v1";

/** In the systems' namespaces, the API server's verdicts on the pack's good and bad objects equal the pack's. */
export const admissionPolicies: Check = {
  name: "admission policies judge as the policy pack does",
  async run({ cluster, objects, facts }) {
    const bound = ofKind<KubeObject>(objects, "Namespace").find(
      ({ metadata }) => metadata.labels?.["plinth/admission"] === "enforced",
    );
    const policies = ofKind<KubeObject>(objects, "ValidatingAdmissionPolicy");
    // `test/components/cluster/admission-policies.test.ts` checks that stacks have them; the sample system doesn't.
    if (bound === undefined || policies.length === 0)
      return { examined: 1, findings: [], notes: ["no admission policies"] };

    const samples = samplesIn(bound.metadata.name, facts.account);
    await inForce(cluster, samples);
    const findings = await warnings(cluster, policies);
    const judged = new Set<string>();
    for (const sample of samples) {
      const rules = packCheck([sample])
        .map(({ rule }) => rule)
        .filter((rule) => shared.has(rule));
      const refusal = await refusalOf(cluster, sample);
      if (refusal !== undefined && !refusal.includes("ValidatingAdmissionPolicy")) continue;
      for (const rule of rules) if (refusal !== undefined) judged.add(rule);
      const told = /denied request: (k8s-[a-z-]+):/.exec(refusal ?? "")?.[1];
      if ((refusal !== undefined) === rules.length > 0 && (told === undefined || rules.includes(told)))
        continue;
      const pack = rules.length > 0 ? rules.join(", ") : "nothing";
      findings.push({
        object: nameOf(sample),
        message: `the pack says ${pack}; the server ${refusal ?? "nothing"}`,
      });
    }
    for (const rule of shared)
      if (!judged.has(rule) && !refusedAnyway.has(rule))
        findings.push({ object: rule, message: "no bad object of the pack's was refused for it" });
    return { examined: samples.length, findings };
  },
};

/** Every good and bad object of the pack's scenarios that the policies apply to, in a namespace of the stack. */
function samplesIn(namespace: string, account: string): KubeObject[] {
  const stacks = [...workloads, ...objectScenarios].flatMap(({ good, bad }) => [
    good(),
    ...bad.map(({ stack }) => stack()),
  ]);
  const manifests = stacks.flatMap((stack: Stack) =>
    Object.values(stack).flatMap((one) => manifestOf(one, namespace)),
  );
  const texts = manifests.map((one) => JSON.stringify(one).replaceAll("111122223333", account));
  return [...new Set(texts)].map((text) => JSON.parse(text) as KubeObject);
}

/** A sample completed to a valid manifest, with required fields that no rule reads. */
function manifestOf({ type, props }: Sample, namespace: string): KubeObject[] {
  const [, token = "", kind = ""] = type.split(":");
  const apiVersion = token.replace(/^core\//, "");
  const { metadata, ...rest } = structuredClone(props) as unknown as KubeObject & {
    spec?: Record<string, never>;
  };
  const spec = { ...rest.spec };
  const base = { apiVersion, kind, metadata: { ...metadata, name: "plinth-trial", namespace } };
  const selector = { matchLabels: { app: "api" } };
  // An init container has no probes.
  const pod = (held: { initContainers?: object[] } = {}): object => ({
    ...held,
    ...(held.initContainers && {
      initContainers: held.initContainers.map((one) => ({
        ...one,
        livenessProbe: undefined,
        readinessProbe: undefined,
      })),
    }),
  });
  const template = (holder: { template?: { metadata?: object; spec?: object } }, restartPolicy?: string) => ({
    ...holder.template,
    metadata: { ...holder.template?.metadata, labels: selector.matchLabels },
    spec: { ...pod(holder.template?.spec), ...(restartPolicy && { restartPolicy }) },
  });
  const job = (holder: object) => ({ ...holder, template: template(holder, "Never") });
  switch (kind) {
    case "Pod":
      return [{ ...base, ...rest, spec: pod(spec) }];
    case "Deployment":
    case "Rollout":
      return [{ ...base, spec: { ...spec, selector, template: template(spec) } }];
    case "StatefulSet":
      return [{ ...base, spec: { ...spec, serviceName: "api", selector, template: template(spec) } }];
    case "Job":
      return [{ ...base, spec: job(spec) }];
    case "CronJob": {
      const { jobTemplate } = spec as { jobTemplate?: { spec?: object } };
      return [
        { ...base, spec: { schedule: "0 1 * * *", jobTemplate: { spec: job(jobTemplate?.spec ?? {}) } } },
      ];
    }
    case "Ingress":
      return [{ ...base, spec: { defaultBackend: { service: { name: "api", port: { number: 80 } } } } }];
    case "Role":
      return [{ ...base, rules: (rest as { rules?: object[] }).rules?.map(wholeRule) }];
    case "RoleBinding":
      return [{ ...base, ...rest, subjects: (rest as { subjects?: object[] }).subjects?.map(wholeSubject) }];
    default:
      return [];
  }
}

const wholeRule = (rule: object) => ({ apiGroups: [""], resources: ["pods"], verbs: ["get"], ...rule });
const wholeSubject = (subject: object) =>
  "namespace" in subject ? subject : { apiGroup: "rbac.authorization.k8s.io", ...subject };

async function refusalOf(cluster: Context["cluster"], object: KubeObject): Promise<string | undefined> {
  try {
    await cluster.create(object, { dryRun: true });
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

/** A policy takes effect some moments after it was created: wait for the first refusal. */
async function inForce(cluster: Context["cluster"], samples: readonly KubeObject[]): Promise<void> {
  const bad = samples.filter((sample) => packCheck([sample]).some(({ rule }) => shared.has(rule)));
  const kinds = [...new Map(bad.map((one) => [one.kind, one])).values()];
  await settle(async () => {
    const refused = await Promise.all(kinds.map((one) => refusalOf(cluster, one)));
    return { done: refused.every((one) => one !== undefined), state: "" };
  });
}

/** Warnings of the server's type check of the expressions. */
async function warnings(cluster: Context["cluster"], policies: readonly KubeObject[]): Promise<Finding[]> {
  const found = await Promise.all(
    policies.map(({ metadata: { name } }) =>
      cluster.get<
        KubeObject & { status?: { typeChecking?: { expressionWarnings?: { warning: string }[] } } }
      >({
        apiVersion: group,
        kind: "ValidatingAdmissionPolicy",
        metadata: { name },
      }),
    ),
  );
  return found.flatMap((policy) =>
    (policy.status?.typeChecking?.expressionWarnings ?? []).map(({ warning }) => ({
      object: nameOf(policy),
      message: warning,
    })),
  );
}
