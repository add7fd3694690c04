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
    description: "ACM hasn't renewed a certificate: check that its DNS record exists.",
  },
};

/**
 * Alarms on the public load balancer. Source: ELB user guide for application load balancers, CloudWatch metrics: times
 * are in seconds. The amounts of errors are ours: a few happen with each release and each pod that dies.
 */
export const balancerAlarms: Readonly<Record<string, CloudAlarm>> = {
  errors: {
    metric: "HTTPCode_ELB_5XX_Count",
    statistic: "Sum",
    bound: { atLeast: 25 },
    over: [5 * minute, 1],
    description:
      "The load balancer itself returns errors: no pod is healthy, or pods close connections. See docs/edge.md.",
  },
  "target-errors": {
    metric: "HTTPCode_Target_5XX_Count",
    statistic: "Sum",
    bound: { atLeast: 100 },
    over: [5 * minute, 1],
    description: "Pods return errors: the alert HighErrorRate names them. See docs/alerts.md.",
  },
  latency: {
    metric: "TargetResponseTime",
    statistic: "p95",
    bound: { atLeast: thresholds.p95Seconds },
    over: [minute, 5],
    description: "5 % of requests take longer than the objective: see docs/alerts.md, HighResponseTime.",
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
      "5 % of the CDN's responses are errors: the load balancer doesn't respond, or refuses the CDN. See docs/edge.md.",
  },
};
