import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { LoadTestSettings, MirrorSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import { images } from "../base/images";
import { physicalName } from "../base/naming";
import { thresholds } from "../observability/thresholds";
import type { Namespace } from "../workload/namespace";
import type { PodsOf } from "../network/pod-traffic";
import type { Addresses } from "../workload/network-policy";
import { serviceUrl } from "../workload/ports";
import { serviceAuthority, serviceAuthorityVariable, servesTls } from "../workload/tls";
import { scheduledJob } from "./job";
import { filesPath } from "./job-pod";

export interface LoadTestArgs {
  readonly system: string;
  readonly settings: LoadTestSettings;
  /** Namespace of the API. */
  readonly namespace: Namespace;
  readonly addresses: Addresses;
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  readonly api: WorkloadSpec;
  /** What its pod needs: the authority of an API that serves TLS. Default: nothing. */
  readonly waitsFor?: readonly pulumi.Resource[];
}

const object = (system: string) => physicalName("kubernetes", system, "load-test");

/** The load test's pod, which may connect to the API. */
export const loadTestPods = (system: string, namespace: string): PodsOf => ({
  namespace,
  name: object(system),
});

/** Resources of the load test's pod. */
export const loadTestResources = {
  requests: { cpu: "250m", memory: "256Mi" },
  limits: { cpu: "1", memory: "512Mi" },
};

/**
 * Each virtual user requests each path in turn, then sleeps for a second. A response is an error by k6's default (400
 * and above) unless the path sets its status. Source of the names: k6 documentation.
 */
export const loadTestScript = `import http from "k6/http";
import { sleep } from "k6";

const { url, paths, ...rest } = JSON.parse(open("./settings.json"));
const options = rest.options;

export default function () {
  for (const { path, status } of paths)
    http.get(url + path, {
      tags: { name: path },
      ...(status === undefined ? {} : { responseCallback: http.expectedStatuses(status) }),
    });
  sleep(1);
}
`;

/** The script's settings: URL, paths, load, and thresholds. k6 exits with an error when one is exceeded. */
export const loadTestSettings = ({ users, minutes, paths }: LoadTestSettings, url: string) => ({
  url,
  paths,
  options: {
    stages: [
      { duration: "1m", target: users },
      { duration: `${minutes}m`, target: users },
      { duration: "30s", target: 0 },
    ],
    thresholds: {
      http_req_failed: [`rate<${thresholds.errorRate}`],
      http_req_duration: [`p(95)<${thresholds.p95Seconds * 1000}`],
    },
  },
});

/** Seconds in addition to the full load: start, ramp-up and ramp-down. */
const rampSeconds = 300;

/** A load test of one API, on a schedule or started manually. */
export function loadTest(
  parent: Component,
  key: string,
  { system, settings, namespace, addresses, mirrors, api, waitsFor = [] }: LoadTestArgs,
): pulumi.Resource {
  const { namespace: of, name: called, listen } = api;
  const files = {
    "test.js": loadTestScript,
    "settings.json": `${JSON.stringify(loadTestSettings(settings, serviceUrl(api)), null, 2)}\n`,
  };
  const overTls = servesTls(api);
  return scheduledJob(parent, [key], {
    system,
    object: object(system),
    component: "load-test",
    namespace,
    addresses,
    files,
    mirrors,
    schedule: settings.schedule,
    revision: createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 8),
    container: {
      name: "k6",
      ...images.k6,
      command: ["k6", "run", "--no-usage-report", "--quiet", `${filesPath}/test.js`],
      env: overTls ? [serviceAuthorityVariable] : [],
      resources: loadTestResources,
    },
    authority: overTls ? serviceAuthority : undefined,
    reach: { callees: [{ namespace: of, name: called, ports: Object.values(listen?.ports ?? {}) }] },
    // A failed load test is a result: no retry.
    retries: 0,
    deadlineSeconds: settings.minutes * 60 + rampSeconds,
    waitsFor,
  });
}
