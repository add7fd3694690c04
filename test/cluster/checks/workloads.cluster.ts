import assert from "node:assert/strict";

import { pick, set, without } from "../fixtures/shop";
import { assertFound, changed, withReadySystem, withSystem } from "../harness";
import { budgets } from "./budgets";
import { drain } from "./drain";
import { ready } from "./ready";
import { rollout } from "./rollout";
import { spread } from "./spread";
import { unchanged } from "./unchanged";

const POD = "spec.template.spec";
const IN_ONE_ZONE = { "topology.kubernetes.io/zone": "eu-central-1a" };

describe("workloads become ready", () => {
  it("fails on pods that no node has room for, with the scheduler's message", async () => {
    await withSystem(
      changed("Deployment", undefined, `${POD}.nodeSelector`, { disk: "fast" }),
      async (context) => {
        const { findings } = await ready.run(context);
        assertFound(findings, /^Deployment shop-\d+\/api$/, /didn't match Pod's node affinity\/selector/);
      },
    );
  });

  it("fails on pods that the server refuses, with its message", async () => {
    await withSystem(changed("ResourceQuota", undefined, "spec.hard", { pods: "1" }), async (context) => {
      const { findings } = await ready.run(context);
      assertFound(findings, /shop-\d+\//, /exceeded quota: quota, requested: pods=1/);
    });
  });

  it("fails on a CronJob whose run can't start", async () => {
    await withSystem(
      changed("CronJob", undefined, "spec.jobTemplate.spec.template.spec.hostNetwork", true),
      async (context) => {
        const { findings } = await ready.run(context);
        assertFound(findings, /^Job shop-\d+\/dump-trial$/, /violates PodSecurity .*host namespaces/);
      },
    );
  });
});

describe("a second apply changes nothing", () => {
  it("fails on an empty list, which the server drops", async () => {
    await withSystem(changed("NetworkPolicy", "default-deny", "spec.ingress", []), async (context) => {
      const { findings } = await unchanged.run(context);
      assertFound(findings, /^NetworkPolicy shop-\d+\/default-deny$/, /\.metadata\.generation from 1 to 2/);
    });
  });

  it("fails on replicas that an autoscaler also sets", async () => {
    await withReadySystem(changed("Deployment", undefined, "spec.replicas", 1), async (context) => {
      const { findings } = await unchanged.run(context);
      assertFound(
        findings,
        /^Deployment shop-\d+\/api$/,
        /conflict with "kube-controller-manager".*\.spec\.replicas/s,
      );
    });
  });
});

describe("pods are spread over the zones", () => {
  it("fails on several pods without a constraint", async () => {
    await withReadySystem(
      changed("Deployment", undefined, `${POD}.topologySpreadConstraints`, undefined),
      async (context) => {
        const { findings } = await spread.run(context);
        assertFound(
          findings,
          /^Deployment shop-\d+\/api$/,
          /has 3 pods and no constraint on topology.kubernetes.io\/zone/,
        );
      },
    );
  });

  it("fails on pods that are in one zone despite a constraint", async () => {
    await withReadySystem(
      (objects) => {
        const pods = pick(objects, "Deployment");
        set(pods, `${POD}.topologySpreadConstraints.0.whenUnsatisfiable`, "ScheduleAnyway");
        set(pods, `${POD}.nodeSelector`, IN_ONE_ZONE);
        return objects;
      },
      async (context) => {
        const { findings } = await spread.run(context);
        assertFound(
          findings,
          /^Deployment/,
          /3 in eu-central-1a, 0 in eu-central-1b, 0 in eu-central-1c; at most 1 apart/,
        );
      },
    );
  });
});

describe("disruption budgets", () => {
  it("fails on several pods without a budget", async () => {
    await withReadySystem(
      (objects) => without(objects, "PodDisruptionBudget", "api"),
      async (context) => {
        const { findings } = await budgets.run(context);
        assertFound(findings, /^Deployment shop-\d+\/api$/, /no disruption budget selects its pods/);
      },
    );
  });

  it("fails on a budget that refuses nothing", async () => {
    await withReadySystem(
      changed("PodDisruptionBudget", "queue", "spec.maxUnavailable", "100%"),
      async (context) => {
        const { findings } = await budgets.run(context);
        assertFound(findings, /^StatefulSet shop-\d+\/queue$/, /all its 3 pods could be evicted at once/);
      },
    );
  });

  it("fails on two budgets for one pod, with the server's message", async () => {
    await withReadySystem(
      (objects) => {
        const second = structuredClone(pick(objects, "PodDisruptionBudget", "api"));
        second.metadata.name = "second";
        return [...objects, second];
      },
      async (context) => {
        const { findings } = await budgets.run(context);
        assertFound(
          findings,
          /^Deployment/,
          /more than one PodDisruptionBudget, which the eviction subresource does not support/,
        );
      },
    );
  });
});

describe("a drained zone", () => {
  it("fails on a budget that never allows an eviction, with the server's message", async () => {
    await withReadySystem(changed("PodDisruptionBudget", "api", "spec.minAvailable", 3), async (context) => {
      const { findings } = await drain.run(context);
      assertFound(
        findings,
        /^Pod shop-\d+\/api-/,
        /Cannot evict pod as it would violate the pod's disruption budget/,
      );
    });
  });

  it("fails on pods that can't run in another zone", async () => {
    await withReadySystem(
      changed("Deployment", undefined, `${POD}.topologySpreadConstraints.0.nodeTaintsPolicy`, "Ignore"),
      async (context) => {
        const { findings } = await drain.run(context);
        assertFound(findings, /^Deployment shop-\d+\/api$/, /didn't match pod topology spread constraints/);
      },
    );
  });

  it("fails on a service whose pods were all in that zone", async () => {
    await withReadySystem(
      (objects) => {
        const pods = pick(objects, "Deployment");
        set(pods, `${POD}.topologySpreadConstraints`, undefined);
        set(pods, `${POD}.nodeSelector`, IN_ONE_ZONE);
        set(pick(objects, "PodDisruptionBudget", "api"), "spec.minAvailable", 0);
        return objects;
      },
      async (context) => {
        const { findings } = await drain.run(context);
        const outage = findings.find(({ object }) => /^Service shop-\d+\/api$/.test(object));
        assert.match(outage?.message ?? "nothing found", /no ready endpoint while eu-central-1a was drained/);
      },
    );
  });
});

describe("quota leaves room for a rolling update at the maximum", () => {
  it("fails on a quota that the autoscaler's maximum fills", async () => {
    // 6 pods of the api and 3 of the queue: no room for the surge of one, with maxUnavailable 0.
    await withReadySystem(
      changed("ResourceQuota", undefined, "spec.hard", { pods: "9" }),
      async (context) => {
        const { findings } = await rollout.run(context);
        assertFound(
          findings,
          /^Deployment shop-\d+\/api$/,
          /exceeded quota: quota, requested: pods=1, used: pods=9, limited: pods=9/,
        );
      },
    );
  });

  it("fails on a quota that is less than the maximum", async () => {
    await withReadySystem(
      changed("ResourceQuota", undefined, "spec.hard", { pods: "7" }),
      async (context) => {
        const { findings } = await rollout.run(context);
        assertFound(
          findings,
          /^(Deployment shop-\d+\/api|StatefulSet shop-\d+\/queue)$/,
          /exceeded quota: quota, requested: pods=1, used: pods=7/,
        );
      },
    );
  });
});
