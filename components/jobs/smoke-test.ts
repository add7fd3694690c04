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
import { runJob } from "./job";
import { filesPath } from "./job-pod";

/** A workload that answers HTTP, and its amounts. */
export interface Tested {
  readonly spec: WorkloadSpec;
  readonly settings: Pick<WorkloadSettings, "healthPath">;
}

export interface SmokeTestArgs {
  readonly system: string;
  /** Any of the system's namespaces. */
  readonly namespace: Namespace;
  readonly addresses: Addresses;
  /** Stand for public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  readonly tested: readonly Tested[];
  /** Which images are tested, and which try it is. */
  readonly revision: string;
  /** The last workloads that were brought up to date. */
  readonly waitsFor: readonly pulumi.Resource[];
}

const object = (system: string) => physicalName("kubernetes", system, "smoke-test");

/** The pod that asks, which the workloads let in. */
export const smokeTestPods = (system: string, namespace: string): PodsOf => ({
  namespace,
  name: object(system),
});

/**
 * Asks each address for its health, all of them whatever the others answer. `healthy` wants 2xx, `serving` any answer
 * but a server's error, for a workload of which no health path is known.
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

/** The lines of the list that the script reads. */
export const addressesOf = (tested: readonly Tested[]): string =>
  tested
    .map(({ spec, settings }) => {
      const path = spec.probes?.readiness.path ?? settings.healthPath;
      return `${path === undefined ? "serving" : "healthy"} ${serviceUrl(spec)}${path ?? "/"}\n`;
    })
    .join("");

const resources = { requests: { cpu: "20m", memory: "32Mi" }, limits: { cpu: "100m", memory: "64Mi" } };

/**
 * The last gate of a release: every workload answers at its Service. It fails the update, and says which didn't. What
 * the world sees of it is asked after the update, by `.ci/smoke`.
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
  return runJob(parent, [key], {
    system,
    object: object(system),
    component: "smoke-test",
    namespace,
    addresses,
    ...(mirrors && { mirrors }),
    revision,
    waitsFor,
    container: {
      name: "curl",
      ...images.curl,
      command: ["sh", `${filesPath}/smoke.sh`],
      env: [],
      resources,
    },
    files: { "smoke.sh": smokeScript, addresses: addressesOf(tested) },
    reach: { callees },
    retries: 2,
    deadlineSeconds: 600,
  });
}
