/**
 * Command that asks AWS to raise a quota.
 *
 * @param service Code of the service in Service Quotas.
 * @param region Default: that of the CLI's profile.
 */
export const quotaRequest = (service: string, code: string, value: number, region?: string): string =>
  `aws service-quotas request-service-quota-increase${region === undefined ? "" : ` --region ${region}`} --service-code ${service} --quota-code ${code} --desired-value ${value}`;
