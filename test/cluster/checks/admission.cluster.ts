import { assertFound, changed, type Spoil, theCluster, withSystem } from "../harness";
import { applyAll } from "../apply";
import { hostileOrder } from "../order";
import { keyOf } from "../manifests";
import { factsOf, pick, set, shop, without } from "../fixtures/shop";
import { applied, warnings } from "./applied";
import type { Check } from "./check";
import { guards } from "./guards";
import { podSecurity } from "./pod-security";

interface Fault {
  fault: string;
  check: Check;
  spoil: Spoil;
  object: RegExp;
  words: RegExp;
}

const CONTAINER = "spec.template.spec.containers.0";

/** Objects that the server refuses, or whose pods it would refuse. */
const FAULTS: Fault[] = [
  {
    fault: "a field that doesn't exist",
    check: applied,
    spoil: changed("Deployment", "api", `${CONTAINER}.imagePullPolice`, "Always"),
    object: /^Deployment shop-\d+\/api$/,
    words: /\.spec\.template\.spec\.containers\[name="api"\]\.imagePullPolice: field not declared in schema/,
  },
  {
    fault: "a value of the wrong type",
    check: applied,
    spoil: changed("Service", "api", "spec.ports.0.port", "eighty"),
    object: /^Service shop-\d+\/api$/,
    words: /expected numeric \(int or float\), got string/,
  },
  {
    fault: "an invalid name",
    check: applied,
    spoil: changed("ConfigMap", undefined, "metadata.name", "Settings_1"),
    object: /^ConfigMap/,
    words: /a lowercase RFC 1123 subdomain must consist of/,
  },
  {
    fault: "an API version that is no longer served",
    check: applied,
    spoil: changed("PodDisruptionBudget", "api", "apiVersion", "policy/v1beta1"),
    object: /^PodDisruptionBudget/,
    words: /no matches for kind "PodDisruptionBudget" in version "policy\/v1beta1"/,
  },
  {
    fault: "a selector that doesn't select the template",
    check: applied,
    spoil: changed("Deployment", "api", "spec.selector.matchLabels.app", "web"),
    object: /^Deployment/,
    words: /`selector` does not match template `labels`/,
  },
  {
    fault: "a deprecated API",
    check: warnings,
    spoil: (objects) => [
      ...objects,
      {
        apiVersion: "v1",
        kind: "Endpoints",
        metadata: { name: "old", namespace: pick(objects, "Service").metadata.namespace },
      },
    ],
    object: /^Endpoints/,
    words: /v1 Endpoints is deprecated in v1\.33\+/,
  },
  {
    fault: "a pod that may run as root",
    check: podSecurity,
    spoil: changed("Deployment", "api", "spec.template.spec.securityContext", {}),
    object: /^Deployment shop-\d+\/api$/,
    words: /violates PodSecurity "restricted:latest": runAsNonRoot != true.*seccompProfile/,
  },
  {
    fault: "a CronJob whose pod keeps its capabilities",
    check: podSecurity,
    spoil: changed(
      "CronJob",
      undefined,
      "spec.jobTemplate.spec.template.spec.containers.0.securityContext.capabilities",
      undefined,
    ),
    object: /^CronJob shop-\d+\/dump$/,
    words: /violates PodSecurity "restricted:latest": unrestricted capabilities/,
  },
  {
    fault: "a namespace that enforces no level",
    check: podSecurity,
    spoil: changed("Namespace", undefined, "metadata.labels", {}),
    object: /^Namespace shop-\d+$/,
    words: /enforces the level none; .* it took the pod/,
  },
  {
    fault: "a namespace without a quota",
    check: guards,
    spoil: (objects) => without(objects, "ResourceQuota"),
    object: /^Namespace/,
    words: /has no ResourceQuota/,
  },
  {
    fault: "a namespace without a limit range",
    check: guards,
    spoil: (objects) => without(objects, "LimitRange"),
    object: /^Namespace/,
    words: /has no LimitRange/,
  },
  {
    fault: "a limit range without defaults",
    check: guards,
    spoil: changed("LimitRange", undefined, "spec.limits.0", {
      type: "Container",
      max: { cpu: "4", memory: "4Gi" },
    }),
    object: /^Namespace/,
    words: /a container without amounts isn't admitted: .*exceeded quota: quota, requested: requests.cpu=4/,
  },
  {
    fault: "a quota that only counts pods",
    check: guards,
    spoil: (objects) => {
      set(pick(objects, "ResourceQuota"), "spec.hard", { pods: "20" });
      set(pick(objects, "LimitRange"), "spec.limits.0.max", undefined);
      return objects;
    },
    object: /^Namespace/,
    words: /neither quota nor limit range refuses a pod of 1024 cores/,
  },
  {
    fault: "a container beyond the limit range",
    check: guards,
    spoil: changed("Deployment", "api", `${CONTAINER}.resources.limits.cpu`, "5"),
    object: /^Deployment/,
    words: /maximum cpu usage per Container is 4, but limit is 5/,
  },
];

describe("refusals of the server", () => {
  for (const { fault, check, spoil, object, words } of FAULTS) {
    it(`${fault} fails "${check.name}"`, async () => {
      await withSystem(spoil, async (context) => {
        const { findings } = await check.run(context);
        assertFound(findings, object, words);
      });
    });
  }

  it("an object that doesn't wait for its namespace is refused in the worst order", async () => {
    const objects = shop("shop-forgotten").filter(({ kind }) => ["Namespace", "ConfigMap"].includes(kind));
    const graph = { nodes: objects.map(keyOf), before: new Map<string, string[]>() };
    const results = await applyAll(theCluster(), hostileOrder(objects, graph));
    const { findings } = await applied.run({
      cluster: theCluster(),
      objects,
      applied: results,
      facts: factsOf(objects),
    });
    assertFound(findings, /^ConfigMap shop-forgotten\/settings$/, /namespaces "shop-forgotten" not found/);
  });
});
