import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadSettings, MirrorSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import { images } from "../base/images";
import { physicalName } from "../base/naming";
import type { Namespace } from "../workload/namespace";
import type { PodsOf } from "../network/pod-traffic";
import type { Addresses } from "../workload/network-policy";
import { serviceUrl } from "../workload/ports";
import { serviceAuthority, serviceAuthorityVariable, servesTls } from "../workload/tls";
import { runJob } from "./job";
import { filesPath } from "./job-pod";

/** A workload that serves HTTP, and its settings. */
export interface Tested {
  readonly spec: WorkloadSpec;
  readonly settings: Pick<WorkloadSettings, "healthPath">;
}

export interface SmokeTestArgs {
  readonly system: string;
  /** Any of the system's namespaces. */
  readonly namespace: Namespace;
  readonly addresses: Addresses;
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  readonly tested: readonly Tested[];
  /** Revision of the tested images, and of the retry. */
  readonly revision: string;
  /** The workloads that are updated last, and the authority of those that serve TLS. */
  readonly waitsFor: readonly pulumi.Resource[];
}

const object = (system: string) => physicalName("kubernetes", system, "smoke-test");

/** The smoke test's pod, which may connect to the workloads. */
export const smokeTestPods = (system: string, namespace: string): PodsOf => ({
  namespace,
  name: object(system),
});

/**
 * Requests the health path of every address, even after a failure. `healthy` expects 2xx; `serving` expects anything
 * but a server error, for workloads without a known health path.
 */
export const smokeScript = `set -u
failed=0
while read -r wanted url; do
  status=$(curl --silent --show-error --output /dev/null --write-out '%{http_code}' \\
    --max-time 10 --retry 5 --retry-delay 3 --retry-all-errors "$url")
  case "$wanted $status" in
    "healthy 2"??|"serving 2"??|"serving 3"??|"serving 4"??) echo "ok $status $url" ;;
    *) echo "FAILED $status $url"; failed=1 ;;
  esac
done < ${filesPath}/addresses
exit $failed
`;

/** Lines of the address list that the script reads. */
export const addressesOf = (tested: readonly Tested[]): string =>
  tested
    .map(({ spec, settings }) => {
      const path = spec.probes?.readiness.path ?? settings.healthPath;
      return `${path === undefined ? "serving" : "healthy"} ${serviceUrl(spec)}${path ?? "/"}\n`;
    })
    .join("");

const resources = { requests: { cpu: "20m", memory: "32Mi" }, limits: { cpu: "100m", memory: "64Mi" } };

/**
 * The last gate of a release: every workload must answer at its Service. Otherwise the update fails, and the log names
 * the failed workloads. `.ci/smoke` tests the public URLs after the update.
 */
export function smokeTest(
  parent: Component,
  key: string,
  { system, namespace, addresses, mirrors, tested, revision, waitsFor }: SmokeTestArgs,
): pulumi.Resource {
  const callees = tested.map(({ spec }) => ({
    namespace: spec.namespace,
    name: spec.name,
    ports: Object.values(spec.listen?.ports ?? {}),
  }));
  const overTls = tested.some(({ spec }) => servesTls(spec));
  return runJob(parent, [key], {
    system,
    object: object(system),
    component: "smoke-test",
    namespace,
    addresses,
    mirrors,
    revision,
    waitsFor,
    container: {
      name: "curl",
      ...images.curl,
      command: ["sh", `${filesPath}/smoke.sh`],
      env: overTls ? [serviceAuthorityVariable] : [],
      resources,
    },
    authority: overTls ? serviceAuthority : undefined,
    files: { "smoke.sh": smokeScript, addresses: addressesOf(tested) },
    reach: { callees },
    retries: 2,
    deadlineSeconds: 600,
  });
}
