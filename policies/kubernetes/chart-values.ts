import type { Policies } from "@pulumi/policy";
import { onTypes } from "../lib/control";
import { charts as hardened, demandsOf } from "../../standards/charts";
import { is } from "../../standards/tests";
import { type Row, must } from "../lib/must";
import { isRecord, plain } from "../lib/wire";
import { faults } from "./chart-faults";

const release = ["kubernetes:helm.sh/v3:Release"];
const charts = [...release, "kubernetes:helm.sh/v4:Chart"];

const chartOf = (props: Record<string, unknown>) => String(props.chart).replace(/^.*\//, "");
const demands = Object.entries(hardened).flatMap(([chart, { repo, values }]) => {
  const when: Row[2] = ({ props }) => chartOf(props) === chart;
  return [
    ["repositoryOpts.repo", is(repo), (whole) => when(whole) && isRecord(whole.props.repositoryOpts)] as Row,
    ...demandsOf(values).map(([path, test]): Row => [`values.${path}`, test, when]),
  ];
});

/** Policies for a chart's values, because policies can't read its objects. */
export const chartValues: Policies = [
  must(
    release,
    {
      name: "helm-hardened",
      description: "Helm charts must keep their hardened values.",
      severity: "high",
      remediation:
        "Set the value that the message names. The chart's default is less secure, or enables a feature that isn't used.",
      url: "https://helm.sh/docs/chart_best_practices/pods/",
    },
    demands,
  ),
  onTypes<object>(
    charts,
    {
      name: "helm-values-restricted",
      description:
        "Helm chart values must not weaken the restricted Pod Security Standard or use images from other registries.",
      severity: "critical",
      remediation: "Remove the value, or set it as the restricted Pod Security Standard requires.",
      url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    },
    (props, { report }) => {
      const { values } = plain(props) as { values?: unknown };
      for (const fault of faults(values, "values")) report(fault);
    },
  ),
];
