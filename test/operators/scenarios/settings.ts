import type { Settings } from "../stack";
import { KEEP_SECONDS, VERIFY_SECONDS } from "./blue-green";
import { PAUSE_SECONDS } from "./canary";

/** Differences from production: shorter pauses, and one NATS server instead of three, which would need addresses. */
export const SHORTER: Settings = {
  "asset-management.workloads.api.release.pauseSeconds": PAUSE_SECONDS,
  // Asset Management's API has the analysis here; a release with one takes at least three minutes.
  "ams.workloads.api.release.analysis": false,
  "ams.workloads.api.release.pauseSeconds": 30,
  "ams.workloads.web.release.verifySeconds": VERIFY_SECONDS,
  "asset-management.workloads.api.autoscaling.behaviour": { up: { stabilizationSeconds: 0, pods: 15 } },
  "opmas.stores.nats.servers": 1,
  "opmas.workloads.agent.autoscaling.behaviour": {
    up: { stabilizationSeconds: 0, pods: 4 },
    down: { stabilizationSeconds: 0, pods: 8 },
  },
  "opmas.workloads.management-api.autoscaling.behaviour": {
    up: { tolerancePercent: 10, pods: 4 },
    down: { stabilizationSeconds: 0, tolerancePercent: 30, pods: 4 },
  },
  "ams.workloads.web.release.keepSeconds": KEEP_SECONDS,
};
