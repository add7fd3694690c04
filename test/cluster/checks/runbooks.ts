import { ofKind } from "../manifests";
import type { KubeObject } from "../types";
import { systemNamespaces } from "../workloads";
import type { Check, Context, Finding } from "./check";
import { verdictOn, wording } from "./rbac";
import type { Question } from "./rbac-table";
import { FORBIDDEN, RUNBOOKS } from "./runbook-table";

/** The group of operators in access entries. */
const OPERATORS = "plinth-operators";

interface Asked {
  question: Question;
  namespace?: string;
  expected: boolean;
  why: string;
}

/** The documents' commands work for operators, but only in the systems' namespaces. */
export const runbooks: Check = {
  name: "operators can do what the runbooks say, and get no further",
  async run(context) {
    const asked = questions(context);
    const findings: Finding[] = [];
    for (const { question, namespace, expected, why } of asked) {
      const subject = { user: "an-operator", groups: [OPERATORS, "system:authenticated"] };
      const { allowed } = await verdictOn(context.cluster, subject, question, namespace);
      if (allowed === expected) continue;
      const words = `${expected ? "cannot" : "can"} ${wording(question, namespace)}: ${why}`;
      findings.push({ object: `group ${OPERATORS}`, message: words });
    }
    return { examined: asked.length, findings };
  },
};

function questions({ objects, facts }: Context): Asked[] {
  const namespaces = ofKind<KubeObject>(objects, "Namespace").map(({ metadata }) => metadata.name);
  const systems = systemNamespaces(objects, facts.systemNamespaces);
  // Namespaces of charts and add-ons, which have no workloads in the manifests.
  const others = [...namespaces.filter((name) => !systems.includes(name)), "kube-system", "cert-manager"];
  const each = (all: readonly Question[], where: readonly string[], expected: boolean, why: string) =>
    all.flatMap((question): Asked[] =>
      question.clusterWide
        ? [{ question, expected, why }]
        : where.map((namespace) => ({ question, namespace, expected, why })),
    );
  return [
    ...RUNBOOKS.filter(({ who }) => who === "operator").flatMap(({ command, asks }) =>
      each(asks, systems, true, command),
    ),
    ...each(FORBIDDEN.secretsAndRights, [...systems, ...others], false, "it leads to other rights"),
    ...each(FORBIDDEN.insideOperators, others, false, "it makes an operator of the cluster's own"),
  ];
}
