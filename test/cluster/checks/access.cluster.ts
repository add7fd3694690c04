import assert from "node:assert/strict";
import { operatorRules, viewerRules } from "../../../components/cluster/people-roles";
import { people } from "../../../components/base/people";
import { pick, without } from "../fixtures/shop";
import { assertFound, changed, type Spoil, withReadySystem, withSystem } from "../harness";
import type { KubeObject } from "../types";
import { network } from "./network";
import { operators } from "./operators";
import { complete, version } from "./preview";
import { rbac } from "./rbac";
import { references } from "./references";
import { runbooks } from "./runbooks";

/** A RoleBinding in the sample's namespace. */
function granting(objects: readonly KubeObject[], role: string): KubeObject {
  const { namespace, name } = pick(objects, "ServiceAccount", "api").metadata;
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "too-much", namespace },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
  };
}

describe("default-deny policies select every pod", () => {
  it("fails on a namespace without a policy", async () => {
    await withReadySystem(
      (objects) => without(objects, "NetworkPolicy", "default-deny"),
      async (context) => {
        const { findings } = await network.run(context);
        assertFound(findings, /^Pod shop-\d+\//, /denies Ingress and Egress/);
      },
    );
  });

  it("fails on a policy for only one direction", async () => {
    await withReadySystem(
      changed("NetworkPolicy", "default-deny", "spec.policyTypes", ["Ingress"]),
      async (context) => {
        const { findings } = await network.run(context);
        assertFound(findings, /^Pod/, /denies Egress$/);
      },
    );
  });

  it("fails on a policy that allows everything", async () => {
    await withReadySystem(changed("NetworkPolicy", "default-deny", "spec.ingress", [{}]), async (context) => {
      const { findings } = await network.run(context);
      assertFound(findings, /^Pod/, /denies Ingress$/);
    });
  });
});

describe("roles and service accounts", () => {
  it("fails on a service account with a role", async () => {
    await withSystem(
      (objects) => [...objects, granting(objects, "view")],
      async (context) => {
        const { findings } = await rbac.run(context);
        assertFound(findings, /^ServiceAccount shop-\d+\/api$/, /^can .* RoleBinding "too-much\/shop-\d+"/);
      },
    );
  });

  it("fails on an operator with cluster-admin rights", async () => {
    await withSystem(
      () => undefined,
      async (context) => {
        const access = context.facts.access.map((one) =>
          one.role === "operator" ? { ...one, policy: "AmazonEKSClusterAdminPolicy" } : one,
        );
        const { findings } = await rbac.run({ ...context, facts: { ...context.facts, access } });
        assertFound(findings, /^role operator$/, /^can (create|escalate|delete|patch) /);
      },
    );
  });

  it("fails on an operator without access to a namespace", async () => {
    await withSystem(
      () => undefined,
      async (context) => {
        const access = context.facts.access.map((one) =>
          one.role === "operator" ? { ...one, policy: "AmazonEKSViewPolicy" } : one,
        );
        const { findings } = await rbac.run({ ...context, facts: { ...context.facts, access } });
        assertFound(findings, /^role operator$/, /^cannot (patch|delete|create) /);
      },
    );
  });

  it("fails on a role without principals", async () => {
    await withSystem(
      () => undefined,
      async (context) => {
        const access = context.facts.access.filter(({ role }) => role !== "viewer");
        const { findings } = await rbac.run({ ...context, facts: { ...context.facts, access } });
        assertFound(
          findings,
          /^role viewer$/,
          /no access policy and no group of the cluster gives it to anybody/,
        );
      },
    );
  });
});

describe("operators", () => {
  const metadata = (name: string, namespace?: string) => ({ name, ...(namespace && { namespace }) });
  const api = "rbac.authorization.k8s.io";
  const group = [{ apiGroup: api, kind: "Group", name: people.operator.group }];
  const bound = (kind: string, name: string, role: string, namespace?: string): KubeObject =>
    ({
      apiVersion: `${api}/v1`,
      kind,
      metadata: metadata(name, namespace),
      subjects: group,
      roleRef: { apiGroup: api, kind: "ClusterRole", name: role },
    }) as KubeObject;
  const role = (name: string, rules: readonly object[]): KubeObject =>
    ({ apiVersion: `${api}/v1`, kind: "ClusterRole", metadata: { name }, rules }) as KubeObject;

  /** The platform's roles, with names of this test, bound to the sample's namespace. */
  const withPeople =
    (rules: readonly object[] = operatorRules, more: readonly object[] = []) =>
    (objects: readonly KubeObject[]): KubeObject[] => {
      const { namespace = "" } = pick(objects, "ServiceAccount", "api").metadata;
      const [operator, viewer] = [`operator-${namespace}`, `viewer-${namespace}`];
      return [
        ...objects,
        role(operator, rules),
        role(viewer, [...viewerRules, ...more]),
        bound("RoleBinding", "operators", operator, namespace),
        bound("ClusterRoleBinding", viewer, viewer),
        bound("ClusterRoleBinding", `view-${namespace}`, "view"),
      ];
    };

  it("allow the commands of the runbooks", async () => {
    await withSystem(withPeople(), async (context) => {
      const { findings, examined } = await runbooks.run(context);
      assert.deepEqual(findings, []);
      assert.ok(examined > 100);
    });
  });

  it("are reported if one of their rules is missing", async () => {
    const rules = operatorRules.filter(({ resources = [] }) => !(resources as string[]).includes("rollouts"));
    await withSystem(withPeople(rules), async (context) => {
      const { findings } = await runbooks.run(context);
      assertFound(
        findings,
        /plinth-operators/,
        /^cannot patch rollouts in shop-\d+: kubectl argo rollouts promote$/,
      );
    });
  });

  it("are reported if they cover a cluster operator's namespace, or Secrets", async () => {
    const more = [
      { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] },
      { apiGroups: ["external-secrets.io"], resources: ["clustersecretstores"], verbs: ["create"] },
    ];
    await withSystem(withPeople(operatorRules, more), async (context) => {
      const { findings } = await runbooks.run(context);
      const words = findings.map(({ message }) => message).join("\n");
      assert.match(words, /can create pods\/exec in kube-system/);
      assert.match(words, /can create clustersecretstores in the cluster/);
    });
  });
});

describe("references to objects exist", () => {
  const CONTAINER = "spec.template.spec.containers.0";
  const faults: [fault: string, spoil: Spoil, words: RegExp][] = [
    [
      "a key that the external secret doesn't fetch",
      changed("Deployment", "api", `${CONTAINER}.env`, [
        { name: "URL", valueFrom: { secretKeyRef: { name: "secrets", key: "database_url" } } },
      ]),
      /^refers to the key database_url of Secret secrets, which has database-url$/,
    ],
    [
      "a missing service account",
      (objects) => without(objects, "ServiceAccount", "queue"),
      /^refers to ServiceAccount queue, /,
    ],
    [
      "a missing ConfigMap",
      (objects) => without(objects, "ConfigMap"),
      /^refers to ConfigMap settings, which there isn't$/,
    ],
    ["a missing Service", (objects) => without(objects, "Service", "api"), /^refers to Service api, /],
    [
      "a budget that selects no pod",
      changed("PodDisruptionBudget", "api", "spec.selector.matchLabels.app", "ap"),
      /^selects no workload's pods$/,
    ],
    [
      "an autoscaler without a target",
      changed("HorizontalPodAutoscaler", "api", "spec.scaleTargetRef.name", "ap"),
      /^refers to Deployment ap, /,
    ],
  ];
  for (const [fault, spoil, words] of faults) {
    it(`fails on ${fault}`, async () => {
      await withSystem(spoil, async (context) => {
        const { findings } = await references.run(context);
        assertFound(findings, /shop-\d+\//, words);
      });
    });
  }
});

describe("custom resources wait for their definitions", () => {
  it("fails on one that depends on no chart", async () => {
    await withSystem(
      () => undefined,
      async (context) => {
        const before = new Map(
          [...context.facts.graph.before].filter(([key]) => !key.includes("/ExternalSecret/")),
        );
        const graph = { ...context.facts.graph, before };
        const { findings } = await operators.run({ ...context, facts: { ...context.facts, graph } });
        assertFound(findings, /^ExternalSecret shop-\d+\/secrets$/, /^depends on no chart/);
      },
    );
  });
});

describe("the checked objects are the stack's", () => {
  it("fails on a server with another version than the cluster", async () => {
    await withSystem(
      () => undefined,
      async (context) => {
        const { findings } = await version.run({ ...context, facts: { ...context.facts, version: "1.35" } });
        assertFound(findings, /^kube-apiserver$/, /is v1\.36\.\d+, the stack's cluster 1\.35/);
      },
    );
  });

  it("fails on an object of the preview that is missing in the folder", async () => {
    await withSystem(
      () => undefined,
      async (context) => {
        const { findings } = await complete.run({
          ...context,
          objects: without(context.objects, "ConfigMap"),
        });
        assertFound(
          findings,
          /^\/ConfigMap\/shop-\d+\/settings$/,
          /the preview has it, the manifest folder doesn't/,
        );
      },
    );
  });
});
