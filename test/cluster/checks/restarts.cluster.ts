import assert from "node:assert/strict";

import { ApiError } from "../client";
import { pick, set } from "../fixtures/shop";
import { assertFound, withReadySystem, type Spoil } from "../harness";
import type { KubeObject } from "../types";
import { restarts } from "./restarts";

/** Reloader's permissions in the sample's namespace. */
function permissions(namespace: string, verbs: readonly string[]): KubeObject[] {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const metadata = { name: "reloader", namespace };
  const account = { kind: "ServiceAccount", name: "reloader", namespace: "reloader" };
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reloader" };
  const rules = [
    { apiGroups: ["apps"], resources: ["deployments"], verbs },
    { apiGroups: ["argoproj.io"], resources: ["rollouts"], verbs },
  ];
  return [
    { apiVersion, kind: "Role", metadata, rules },
    { apiVersion, kind: "RoleBinding", metadata, roleRef, subjects: [account] },
  ];
}

/** The sample, whose API reads the Secret and is annotated with it, and Reloader. */
const reading =
  (change: Spoil = (objects) => objects, verbs: readonly string[] = ["list", "patch"]): Spoil =>
  (objects) => {
    const api = pick(objects, "Deployment");
    const [container] = (api.spec.template as { spec: { containers: { env?: object[] }[] } }).spec.containers;
    const secretKeyRef = { name: "secrets", key: "database-url", optional: true };
    if (container) container.env = [{ name: "DATABASE_URL", valueFrom: { secretKeyRef } }];
    set(api, "metadata.annotations", { "secret.reloader.stakater.com/reload": "secrets" });
    return [...(change(objects) ?? objects), ...permissions(api.metadata.namespace ?? "", verbs)];
  };
const annotated =
  (value: string): Spoil =>
  (objects) => {
    set(pick(objects, "Deployment"), "metadata.annotations", {
      "secret.reloader.stakater.com/reload": value,
    });
    return objects;
  };

describe("a changed Secret restarts the pods that read it, and no others", () => {
  it("replaces every pod of the sample", async () => {
    await withReadySystem(reading(), async (context) => {
      const { findings, examined } = await restarts.run(context);
      assert.deepEqual([findings, examined], [[], 1]);
    });
  });

  it("fails on a workload that isn't annotated with the Secret it reads", async () => {
    await withReadySystem(reading(annotated("other")), async (context) => {
      const { findings } = await restarts.run(context);
      assertFound(
        findings,
        /^Deployment shop-\d+\/api$/,
        /reads secrets and isn't restarted when it changes/,
      );
    });
  });

  it("fails on pods that aren't replaced", async () => {
    await withReadySystem(reading(), async (context) => {
      // 3 pods of the api and 3 of the queue: no room for the surge of one, with maxUnavailable 0.
      const quota = pick(context.objects, "ResourceQuota");
      await context.cluster.patch(quota, { spec: { hard: { pods: "6" } } });
      const { findings } = await restarts.run(context);
      assertFound(findings, /^Deployment shop-\d+\/api$/, /exceeded quota|3 of its 3 pods still have/);
      assert.ok(findings.some(({ message }) => message.includes("still have the previous value")));
    });
  });

  it("fails on a Secret that is refreshed too late", async () => {
    const late: Spoil = (objects) => {
      set(pick(objects, "ExternalSecret"), "spec.refreshInterval", "24h");
      return objects;
    };
    await withReadySystem(reading(late), async (context) => {
      const { findings } = await restarts.run(context);
      assertFound(findings, /^ExternalSecret shop-\d+\/secrets$/, /isn't refreshed every 60 minutes: 24h/);
    });
  });

  it("lets the server refuse what Reloader may not", async () => {
    await withReadySystem(reading(undefined, ["list"]), async (context) => {
      await assert.rejects(restarts.run(context), (error) => error instanceof ApiError && error.code === 403);
    });
  });

  it("fails, without Reloader, on a workload whose version doesn't change with the Secret", async () => {
    const alone: Spoil = (objects) => reading()(objects)?.filter(({ kind }) => kind !== "RoleBinding");
    await withReadySystem(alone, async (context) => {
      const { findings } = await restarts.run(context);
      assertFound(
        findings,
        /^Deployment shop-\d+\/api$/,
        /neither Reloader nor the annotation checksum\/secret/,
      );
    });
  });
});
