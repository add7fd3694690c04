import type { Scenario } from "../scenario";
import type { Settings } from "../stack";
import { blueGreen, KEEP_SECONDS, VERIFY_SECONDS } from "./blue-green";
import { canary, PAUSE_SECONDS } from "./canary";
import { header } from "./header";
import { maximum } from "./maximum";
import { messaging } from "./messaging";
import { queue } from "./queue";
import { scaling } from "./scaling";

/** By the names that the command line knows. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  canary,
  "blue-green": blueGreen,
  header,
  messaging,
  scaling,
  queue,
  maximum,
};

/** What is other than in production: shorter pauses, and one NATS server in place of three, which need addresses. */
export const SHORTER: Settings = {
  "asset-management.workloads.api.release.pauseSeconds": PAUSE_SECONDS,
  // Asset Management's API is what is watched here; a watched release takes three minutes at least.
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
