import type { CloudAlarm } from "./cloud-alarms";
import { thresholds } from "./thresholds";

const minute = 60;

/** Alarms on a certificate of ACM, which renews it 60 days before expiry if it can. */
export const certificateAlarms: Readonly<Record<string, CloudAlarm>> = {
  expiry: {
    metric: "DaysToExpiry",
    statistic: "Minimum",
    bound: { atMost: 30 },
    over: [1440 * minute, 1],
    description:
      "ACM hasn't renewed a certificate that expires in 30 days: browsers reject the site after that. Check that its DNS validation record exists.",
  },
};

/**
 * Alarms on the public load balancer. Source: ELB user guide for application load balancers, CloudWatch metrics: times
 * are in seconds. The numbers of errors are ours: each release and each failed pod causes a few.
 */
export const balancerAlarms: Readonly<Record<string, CloudAlarm>> = {
  errors: {
    metric: "HTTPCode_ELB_5XX_Count",
    statistic: "Sum",
    bound: { atLeast: 25 },
    over: [5 * minute, 1],
    description:
      "The load balancer itself returns 5xx errors to users: it has no healthy target, or pods close connections. See docs/edge.md.",
  },
  "target-errors": {
    metric: "HTTPCode_Target_5XX_Count",
    statistic: "Sum",
    bound: { atLeast: 100 },
    over: [5 * minute, 1],
    description:
      "Pods return 5xx errors to users: the alert HighErrorRate names the workload. See docs/alerts.md#higherrorrate.",
  },
  latency: {
    metric: "TargetResponseTime",
    statistic: "p95",
    bound: { atLeast: thresholds.p95Seconds },
    over: [minute, 5],
    description:
      "The slowest 5 % of requests take longer than the objective: users find the site slow. See docs/alerts.md#highresponsetime.",
  },
};

/** Alarms on a CloudFront distribution, in us-east-1. Source: CloudFront developer guide, viewing metrics: a percentage. */
export const distributionAlarms: Readonly<Record<string, CloudAlarm>> = {
  errors: {
    metric: "5xxErrorRate",
    statistic: "Average",
    bound: { atLeast: 5 },
    over: [5 * minute, 2],
    description:
      "5 % of CloudFront's responses to users are 5xx errors: the load balancer doesn't respond, or rejects CloudFront's requests. See docs/edge.md.",
  },
};
