import { EnforcementLevel, PolicySeverity, PolicyType } from "@pulumi/pulumi/proto/analyzer_pb";
import type { AnalyzeResponse, AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";

import type { PolicyLevels } from "./levels";
import { policyConfiguration } from "./messages";

export type Level = "advisory" | "mandatory" | "disabled" | "remediate";
export type Severity = "low" | "medium" | "high" | "critical";

/** One policy of the pack, with its level for the stack. */
export interface Policy {
  name: string;
  level: Level;
  /** Whether it validates one resource or the whole stack. */
  kind: "resource" | "stack";
  description: string;
  /** How to fix a violation. */
  remediation: string;
  severity?: Severity;
}

/** One violation of a policy. */
export interface Violation {
  policy: string;
  level: "advisory" | "mandatory";
  /** URN of its resource; the stack's URN if the policy reports none. */
  urn: string;
  message: string;
  severity?: Severity;
}

const LEVELS: Record<EnforcementLevel, Level> = {
  [EnforcementLevel.ADVISORY]: "advisory",
  [EnforcementLevel.MANDATORY]: "mandatory",
  [EnforcementLevel.DISABLED]: "disabled",
  [EnforcementLevel.REMEDIATE]: "remediate",
};

const SEVERITIES: Record<PolicySeverity, Severity | undefined> = {
  [PolicySeverity.POLICY_SEVERITY_UNSPECIFIED]: undefined,
  [PolicySeverity.POLICY_SEVERITY_LOW]: "low",
  [PolicySeverity.POLICY_SEVERITY_MEDIUM]: "medium",
  [PolicySeverity.POLICY_SEVERITY_HIGH]: "high",
  [PolicySeverity.POLICY_SEVERITY_CRITICAL]: "critical",
};

/** The pack's policies, sorted by name. */
export function readPolicies(info: AnalyzerInfo, levels: PolicyLevels = {}): Policy[] {
  const configured = policyConfiguration(info, levels).getPolicyconfigMap();
  const policies = info.getPoliciesList().map((policy): Policy => {
    const name = policy.getName();
    const level = configured.get(name)?.getEnforcementlevel() ?? policy.getEnforcementlevel();
    return {
      name,
      level: LEVELS[level],
      kind: policy.getPolicyType() === PolicyType.POLICY_TYPE_STACK ? "stack" : "resource",
      description: policy.getDescription(),
      remediation: policy.getRemediationSteps(),
      ...severity(policy.getSeverity()),
    };
  });
  return policies.sort((a, b) => compare(a.name, b.name));
}

/** The violations in a response; `urn` is the default for those without a URN. */
export function readViolations(answer: AnalyzeResponse, urn: string): Violation[] {
  return answer.getDiagnosticsList().map((finding) => ({
    policy: finding.getPolicyname(),
    level: finding.getEnforcementlevel() === EnforcementLevel.ADVISORY ? "advisory" : "mandatory",
    urn: finding.getUrn() === "" ? urn : finding.getUrn(),
    message: finding.getMessage(),
    ...severity(finding.getSeverity()),
  }));
}

/** Sort order of a report. */
export function byUrn(a: Violation, b: Violation): number {
  return compare(a.urn, b.urn) || compare(a.policy, b.policy) || compare(a.message, b.message);
}

function severity(of: PolicySeverity): { severity?: Severity } {
  const name = SEVERITIES[of];
  return name === undefined ? {} : { severity: name };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
