/**
 * When EKS' standard support of a Kubernetes version ends, as the days begin in UTC. The cluster's upgrade policy is
 * STANDARD, so EKS upgrades the control plane by itself after that day, whatever the stack file says.
 *
 * Source: EKS user guide, "Amazon EKS Kubernetes release calendar"; `aws eks describe-cluster-versions` says the same.
 * `undefined`: not known here yet. AWS promises fourteen months after the version's release on EKS.
 */
export const standardSupport: Readonly<Record<string, string | undefined>> = {
  "1.33": "2026-07-29",
  "1.34": "2026-12-02",
  "1.35": "2027-03-27",
  "1.36": undefined,
};

const day = 24 * 60 * 60 * 1000;

/** Days before the end at which an upgrade is advised: time for a rehearsal in each environment. */
const advisedDays = 90;

/** The known versions, for the reference. */
export const knownEnds = Object.entries(standardSupport)
  .map(([version, end]) => `${version} ${end === undefined ? "on a day not known here" : `on ${end}`}`)
  .join(", ");

/** Why a version isn't allowed any more, or nothing. */
export function supportFault(version: string, now: Date): string | undefined {
  const end = standardSupport[version];
  return end === undefined || now.getTime() < Date.parse(end)
    ? undefined
    : `a version in standard support: that of ${version} ended on ${end}, and EKS upgrades the cluster by itself; upgrade one minor version at a time`;
}

/** What to do about a version whose support ends soon, or nothing. */
export function supportAdvice(version: string, now: Date): string | undefined {
  const end = standardSupport[version];
  if (end === undefined) return undefined;
  const left = Math.ceil((Date.parse(end) - now.getTime()) / day);
  return left > advisedDays || left <= 0
    ? undefined
    : `standard support of Kubernetes ${version} ends on ${end}, in ${left} ${left === 1 ? "day" : "days"}; upgrade before EKS does`;
}
