import assert from "node:assert/strict";

import type { Cluster } from "../../cluster/cluster";
import { ofKind } from "../../cluster/manifests";
import type { KubeObject } from "../../cluster/types";
import { look, noGap, type Released, untilAlone, untilFirst } from "../releases";
import type { Scenario } from "../scenario";
import { until } from "../watch";

/** AMS' web. */
const WEB: Released = {
  namespace: "ams",
  name: "ams-web",
  ingress: "ams-ingress",
  asked: { host: "ams.suresoft.com", path: "/" },
};

const IMAGE = "ams.workloads.web.image";

/** Seconds that a new version is verified before the switch, and that the old one is kept after it. */
export const VERIFY_SECONDS = 20;
export const KEEP_SECONDS = 60;

/** The change that `kubectl argo rollouts promote --full` makes. */
const promoteFull = (cluster: Cluster) =>
  cluster.patch(
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: { name: WEB.name, namespace: WEB.namespace },
    },
    { status: { promoteFull: true } },
    "/status",
  );

export const blueGreen: Scenario = {
  name: "blue-green of AMS' web: verified, switched, kept, and rolled back at once; a failing version gets no traffic",
  needs: ["rollouts-controller"],
  play: async ({ cluster, pods, deploy }) => {
    const see = () => look(cluster, WEB);
    await untilFirst(cluster, WEB, "1.0.0");

    pods.behave("ams-web:1.1.0-bad", { status: 500 });
    await deploy({ [IMAGE]: "ams-web:1.1.0-bad" });
    await until(
      "a version that answers 500 is rejected",
      120,
      see,
      ({ phase }) => phase === "Degraded",
      (seen) => noGap(seen) ?? (seen.shares["1.1.0-bad"] ? "requests were routed to it" : undefined),
    );

    // Argo keeps only one other version: until the rejected one is gone, it would be that one.
    await until("its pods gone", 120, see, ({ pods: there }) => there["1.1.0-bad"] === undefined, noGap);

    await deploy({ [IMAGE]: "ams-web:1.2.0" });
    const began = Date.now();
    await until("the switch", 120, see, ({ shares }) => shares["1.2.0"] === 100, noGap);
    const verified = (Date.now() - began) / 1000;
    assert.ok(
      verified >= VERIFY_SECONDS / 2,
      `switched after ${verified.toFixed(0)} s, so before it was verified`,
    );
    const kept = await untilAlone(cluster, WEB, "1.2.0", 60);
    assert.equal(kept.pods["1.0.0"], 3, "the old version is not kept");

    await deploy({ [IMAGE]: "ams-web:1.0.0" });
    await until("the rollback has begun", 30, see, ({ phase }) => phase === "Progressing", noGap);
    const back = Date.now();
    await promoteFull(cluster);
    await until("the rollback", 10, see, ({ shares }) => shares["1.0.0"] === 100, noGap);
    assert.ok(Date.now() - back < 10_000);

    await untilAlone(cluster, WEB, "1.0.0", 60);
    const last = Date.now();
    await until(
      "the other version gone",
      180,
      see,
      (seen) => Object.keys(seen.pods).join() === "1.0.0",
      noGap,
    );
    const stood = (Date.now() - last) / 1000;
    assert.ok(stood > KEEP_SECONDS / 2, `the other version was kept for only ${stood.toFixed(0)} s`);

    // Later its pods are gone and have to start first.
    await deploy({ [IMAGE]: "ams-web:1.2.0" });
    await until("the later rollback has begun", 30, see, ({ phase }) => phase === "Progressing", noGap);
    await promoteFull(cluster);
    await until("the later rollback", 60, see, ({ shares }) => shares["1.2.0"] === 100, noGap);
  },
  spoil: {
    what: "the old version is verified",
    finds: /requests were routed to it/,
    objects: (objects) => {
      for (const template of ofKind<
        KubeObject & { spec: { metrics: { provider: { web?: { url: string } } }[] } }
      >(objects, "AnalysisTemplate"))
        for (const { provider } of template.spec.metrics)
          if (template.metadata.namespace === WEB.namespace && provider.web !== undefined)
            provider.web.url = provider.web.url.replace("-preview", "");
    },
  },
};
