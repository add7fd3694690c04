import type { Scenario } from "../scenario";
import type { Settings } from "../stack";
import { blueGreen, KEEP_SECONDS, VERIFY_SECONDS } from "./blue-green";
import { canary, PAUSE_SECONDS } from "./canary";
import { header } from "./header";

/** By the names that the command line knows. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = { canary, "blue-green": blueGreen, header };

/** What is shorter than in production: pauses, and nothing else. */
export const SHORTER: Settings = {
  "asset-management.workloads.api.release.pauseSeconds": PAUSE_SECONDS,
  "ams.workloads.api.release.pauseSeconds": 30,
  "ams.workloads.web.release.verifySeconds": VERIFY_SECONDS,
  "ams.workloads.web.release.keepSeconds": KEEP_SECONDS,
};
