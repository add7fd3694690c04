import { join } from "node:path";
import type { Catalog, WorkloadSpec } from "../../systems/spec";
import { catalog as plain } from "../fixtures/project/systems";
import { projectIn } from "./project";

/** Workloads that serve TLS in this project, one for each release strategy. */
export const serving = {
  rolling: plain.opmas.workloads["management-api"],
  canary: plain["asset-management"].workloads.api,
  blueGreen: plain.ams.workloads.web,
} as const;

const overTls = (workload: WorkloadSpec): WorkloadSpec => ({
  ...workload,
  ...(workload.listen && { listen: { ...workload.listen, tls: true } }),
});

/** The systems of the tests, with workloads that serve TLS, and one that calls such a workload in another namespace. */
export const catalog: Catalog = {
  ...plain,
  opmas: {
    ...plain.opmas,
    workloads: {
      ...plain.opmas.workloads,
      "management-api": overTls(serving.rolling),
      frontend: {
        ...plain.opmas.workloads.frontend,
        env: { ...plain.opmas.workloads.frontend.env, MANAGEMENT_URL: { service: "management-api" } },
      },
    },
  },
  ams: { ...plain.ams, workloads: { ...plain.ams.workloads, web: overTls(serving.blueGreen) } },
  "asset-management": {
    ...plain["asset-management"],
    workloads: { ...plain["asset-management"].workloads, api: overTls(serving.canary) },
  },
};

/** The tests' stack files with those systems. */
export const project = projectIn(join(__dirname, "..", "fixtures", "project"), catalog);
