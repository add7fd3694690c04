import type { Cluster } from "../cluster";
import { ofKind } from "../manifests";
import type { KubeObject } from "../types";
import { systemNamespaces } from "../workloads";
import type { Access } from "../facts";
import type { Check, Context, Finding } from "./check";
import {
  ACCOUNTS_WITH_POWERS,
  CLUSTER_ROLES,
  type Powers,
  type Question,
  ROLE_POWERS,
  SERVICE_ACCOUNT_POWERS,
} from "./rbac-table";

interface Subject {
  name: string;
  user: string;
  groups: readonly string[];
  powers: Powers;
  namespaces: readonly string[];
}

/** What admin, operator, viewer and every service account can and can't do, according to the server's authorizer. */
export const rbac: Check = {
  name: "roles and service accounts can do what they should, and no more",
  async run(context) {
    const missing = missingRoles(context.facts.access);
    for (const access of context.facts.access) await bind(context.cluster, access);
    const subjects = [...people(context), ...serviceAccounts(context)];
    const asked = subjects.flatMap((subject) => questionsTo(subject));
    const findings: Finding[] = [];
    for (const one of asked) findings.push(...(await examine(context.cluster, one)));
    return { examined: asked.length, findings: [...missing, ...findings] };
  },
};

function missingRoles(access: readonly Access[]): Finding[] {
  return (Object.keys(ROLE_POWERS) as Access["role"][])
    .filter((role) => !access.some((one) => one.role === role))
    .map((role) => ({
      object: `role ${role}`,
      message: "no access policy and no group of the cluster gives it to anybody",
    }));
}

/** EKS applies access policies outside RBAC. Binding the equivalent ClusterRoles has the same effect. */
async function bind(cluster: Cluster, { role, policy, namespaces }: Access): Promise<void> {
  if (policy === undefined) return;
  const name = CLUSTER_ROLES[policy];
  if (name === undefined) throw new Error(`no ClusterRole is known to equal the access policy ${policy}`);
  const body = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: groupOf(role) }],
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
  };
  const bindings: KubeObject[] =
    namespaces.length === 0
      ? [{ ...body, kind: "ClusterRoleBinding", metadata: { name: groupOf(role) } }]
      : namespaces.map((namespace) => ({
          ...body,
          kind: "RoleBinding",
          metadata: { name: groupOf(role), namespace },
        }));
  for (const binding of bindings)
    if ((await cluster.find(binding)) === undefined) await cluster.create(binding);
}

const groupOf = (role: string): string => `plinth-trial-${role}`;

function people({ facts, objects }: Context): Subject[] {
  const everywhere = systemNamespaces(objects, facts.systemNamespaces);
  return facts.access.map(({ role, groups = [], namespaces }) => ({
    name: `role ${role}`,
    user: `a-${role}`,
    groups: [...groups, groupOf(role), "system:authenticated"],
    powers: ROLE_POWERS[role],
    namespaces: namespaces.length > 0 ? namespaces : everywhere,
  }));
}

/** Service accounts of the manifests, and the `default` one of every namespace. */
function serviceAccounts({ objects }: Context): Subject[] {
  const declared = ofKind<KubeObject>(objects, "ServiceAccount").map(({ metadata }) => [
    metadata.namespace ?? "default",
    metadata.name,
  ]);
  const defaults = ofKind<KubeObject>(objects, "Namespace").map(({ metadata }) => [metadata.name, "default"]);
  const unique = new Map([...declared, ...defaults].map((pair) => [pair.join("/"), pair]));
  return [...unique].map(([path, [namespace = "", name = ""]]) => ({
    name: `ServiceAccount ${path}`,
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
    powers: ACCOUNTS_WITH_POWERS[path] ?? SERVICE_ACCOUNT_POWERS,
    namespaces: [namespace, "kube-system"],
  }));
}

interface Asked {
  subject: Subject;
  question: Question;
  namespace?: string;
  expected: boolean;
}

function questionsTo(subject: Subject): Asked[] {
  const { powers, namespaces } = subject;
  const about = (questions: readonly Question[], expected: boolean): Asked[] =>
    questions.flatMap((question) =>
      question.clusterWide
        ? [{ subject, question, expected }]
        : namespaces.map((namespace) => ({ subject, question, namespace, expected })),
    );
  return [...about(powers.can, true), ...about(powers.cannot, false)];
}

async function examine(
  cluster: Cluster,
  { subject, question, namespace, expected }: Asked,
): Promise<Finding[]> {
  const verdict = await verdictOn(cluster, subject, question, namespace);
  if (verdict.allowed === expected) return [];
  const reason = verdict.reason ? ` (${verdict.reason})` : "";
  const message = `${expected ? "cannot" : "can"} ${wording(question, namespace)}${reason}`;
  return [{ object: subject.name, message }];
}

/** A review as text. */
export function wording({ verb, resource, subresource }: Question, namespace?: string): string {
  const where = namespace === undefined ? "in the cluster" : `in ${namespace}`;
  return `${verb} ${[resource, subresource].filter(Boolean).join("/")} ${where}`;
}

/** The server's verdict. */
export async function verdictOn(
  cluster: Cluster,
  { user, groups }: Pick<Subject, "user" | "groups">,
  { verb, group, resource, subresource }: Question,
  namespace?: string,
): Promise<{ allowed: boolean; reason?: string }> {
  const spec = { user, groups, resourceAttributes: { verb, group, resource, subresource, namespace } };
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
  const { body } = await cluster.client.request<{ status: { allowed: boolean; reason?: string } }>(
    "POST",
    "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    { body: review },
  );
  return body.status;
}
