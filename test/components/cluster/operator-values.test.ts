import assert from "node:assert/strict";
import {
  externalSecretsSizes,
  externalSecretsValues,
} from "../../../components/cluster/operators/external-secrets";
import { argoRolloutsSizes, argoRolloutsValues } from "../../../components/cluster/operators/argo-rollouts";
import {
  certManagerConfiguration,
  certManagerSizes,
} from "../../../components/cluster/operators/cert-manager";
import { grafanaSizes, grafanaValues } from "../../../components/cluster/operators/grafana-values";
import { kedaSizes, kedaValues } from "../../../components/cluster/operators/keda";
import { nackSizes, nackValues } from "../../../components/cluster/operators/nack";
import { alertTopics } from "../../../components/cluster/operators/alertmanager";
import { prometheusSizes, prometheusValues } from "../../../components/cluster/operators/prometheus-values";
import { reloaderSizes, reloaderValues } from "../../../components/cluster/operators/reloader";
import { operatorQuota, type Sizes } from "../../../components/cluster/operators/sizes";
import { operatorCharts } from "../../../components/cluster/operators/table";
import {
  verticalPodAutoscalerSizes,
  verticalPodAutoscalerValues,
} from "../../../components/cluster/operators/vertical-pod-autoscaler";
import { containerDefaults } from "../../../components/workload/namespace";
import { amount, operatorSeries, type SignOnSettings } from "../../../config";
import { charts } from "../../engine/providers/rules/charts";

type Values = Record<string, unknown>;

interface Subject {
  readonly values: (replicas: number) => Values;
  readonly sizes: Sizes;
  /** Parts with a disruption budget and topology spread in the chart. */
  readonly budgets: number;
  /** Parts that share resources in the values. Default: none. */
  readonly shared?: number;
}

const login = "https://login.example.com";
const signOn: SignOnSettings = {
  issuer: login,
  authorizationEndpoint: `${login}/authorize`,
  tokenEndpoint: `${login}/token`,
  userInfoEndpoint: `${login}/userinfo`,
  client: "plinth-test/sign-on",
  scopes: ["openid", "email", "profile"],
  groupsClaim: "groups",
  groups: { admin: ["platform"], editor: [], viewer: ["developers", "qa"] },
};

const oneServer = { natsNamespaces: ["chat"] };

const subjects: Readonly<Record<keyof typeof operatorCharts | "certManager", Subject>> = {
  externalSecrets: { values: externalSecretsValues, sizes: externalSecretsSizes, budgets: 3 },
  keda: { values: kedaValues, sizes: kedaSizes, budgets: 3 },
  argoRollouts: { values: argoRolloutsValues, sizes: argoRolloutsSizes, budgets: 1 },
  nack: { values: () => nackValues(oneServer), sizes: nackSizes, budgets: 0 },
  reloader: {
    values: (replicas) => reloaderValues({ replicas, namespaces: ["ams"], rollouts: true }),
    sizes: reloaderSizes,
    budgets: 1,
  },
  verticalPodAutoscaler: {
    values: verticalPodAutoscalerValues,
    sizes: verticalPodAutoscalerSizes,
    budgets: 1,
  },
  prometheus: {
    values: (replicas) =>
      prometheusValues(
        { chart: "88.5.3", replicas, storage: "50Gi", retentionDays: 15 },
        "encrypted",
        alertTopics({ prefix: "plinth-test", region: "ap-northeast-2", accountId: "111111111111" }),
      ),
    sizes: prometheusSizes,
    budgets: 2,
    // The reloaders of Prometheus and Alertmanager share their resources in the values.
    shared: 1,
  },
  grafana: {
    values: () =>
      grafanaValues({ host: "grafana.example.com", signOn, region: "ap-northeast-2", mirrors: {} }),
    sizes: grafanaSizes,
    budgets: 0,
  },
  certManager: { values: certManagerConfiguration, sizes: certManagerSizes, budgets: 3 },
};

/** Every object in some values, under the keys that lead there. */
function within(value: unknown, path: readonly string[] = []): { path: readonly string[]; value: Values }[] {
  if (typeof value !== "object" || value === null) return [];
  return [
    { path, value: value as Values },
    ...Object.entries(value).flatMap(([key, inner]) => within(inner, [...path, key])),
  ];
}

const bounds = (values: Values) =>
  within(values).flatMap(({ value }) =>
    "requests" in value && "limits" in value
      ? [value as Record<"requests" | "limits", Record<string, string>>]
      : [],
  );

const texts = (values: Values, key: string) =>
  within(values).flatMap(({ value }) => (key in value ? [value[key]] : []));

for (const [name, { values, sizes, budgets, shared = 0 }] of Object.entries(subjects))
  describe(`values of ${name}`, () => {
    it("give every part requests within limits", () => {
      const found = bounds(values(2));
      assert.equal(found.length, Object.keys(sizes).length - shared);
      for (const { requests, limits } of found)
        for (const what of ["cpu", "memory"])
          assert.ok(amount(String(requests[what])) <= amount(String(limits[what])), what);
    });

    it("fit the quota during an upgrade, when each pod may exist twice", () => {
      for (const replicas of [1, 2, 5]) {
        const quota = operatorQuota(sizes, replicas);
        for (const bound of ["requests", "limits"] as const)
          for (const what of ["cpu", "memory"]) {
            const taken = bounds(values(replicas)).reduce(
              (sum, part) => sum + 2 * replicas * amount(String(part[bound][what])),
              0,
            );
            assert.ok(amount(String(quota[`${bound}.${what}`])) >= taken - 1e-9, `${bound}.${what}`);
          }
        assert.equal(quota.pods, String(2 * replicas * Object.keys(sizes).length + 1));
      }
    });

    it("leave room in the quota for a container without resources, even then", () => {
      const quota = operatorQuota(sizes, 1);
      for (const bound of ["requests", "limits"] as const)
        for (const what of ["cpu", "memory"] as const) {
          const taken = bounds(values(1)).reduce(
            (sum, part) => sum + 2 * amount(String(part[bound][what])),
            0,
          );
          const left = amount(String(quota[`${bound}.${what}`])) - taken;
          assert.ok(left >= amount(containerDefaults[bound][what]) - 1e-9, `${bound}.${what}: ${left}`);
        }
    });

    it("name a priority class", () => {
      const classes = texts(values(2), "priorityClassName");
      assert.ok(classes.length > 0);
      const expected = name === "certManager" ? "system-cluster-critical" : "plinth-platform";
      assert.deepEqual([...new Set(classes)], [expected]);
    });

    it("keep one of several pods during a drain, and allow evicting a single one", () => {
      const kept = (replicas: number) =>
        within(values(replicas)).filter(({ value }) => value.minAvailable === 1 && value.enabled !== false)
          .length;
      assert.deepEqual([kept(1), kept(2)], [0, budgets]);
    });

    it("are plain data", () => assert.deepEqual(JSON.parse(JSON.stringify(values(2))), values(2)));
  });

describe("required values of the operators' charts", () => {
  it("each operator has a chart repository over TLS, a namespace and a minor version", () => {
    assert.deepEqual(Object.keys(operatorCharts).sort(), Object.keys(operatorSeries).sort());
    const all = Object.values(operatorCharts);
    for (const { repository } of all) assert.match(repository, /^https:\/\//);
    for (const key of ["chart", "namespace"] as const)
      assert.equal(new Set(all.map((one) => one[key])).size, all.length, key);
    const groups = all.map(({ group }) => group).filter((group) => group !== "");
    assert.equal(new Set(groups).size, groups.length);
  });

  it("the in-memory cluster gets the same kinds from each chart", () => {
    for (const { chart, group, kinds } of Object.values(operatorCharts)) {
      const known = charts[chart];
      assert.equal(known?.group, group);
      assert.deepEqual([...(known?.namespaced ?? []), ...(known?.cluster ?? [])].sort(), [...kinds].sort());
    }
  });

  it("CRDs in a chart's templates are installed with it and kept when it is deleted", () => {
    assert.deepEqual(kedaValues(2).crds, {
      install: true,
      additionalAnnotations: { "helm.sh/resource-policy": "keep" },
    });
    const { installCRDs, keepCRDs } = argoRolloutsValues(2);
    assert.deepEqual([installCRDs, keepCRDs], [true, true]);
    assert.equal(externalSecretsValues(2).installCRDs, true);
  });

  it("KEDA reads no workload's secrets, and scales Rollouts by their plural", () => {
    const { permissions, rbac } = kedaValues(2);
    assert.equal(permissions.operator.restrict.secret, true);
    assert.equal(permissions.metricServer.restrict.secret, true);
    assert.deepEqual(rbac.scaledRefKinds, [{ apiGroup: "argoproj.io", kind: "rollouts" }]);
  });

  it("KEDA runs as the account whose role measures queues, under the names that other policies allow", () => {
    const { serviceAccount, operator, webhooks, service } = kedaValues(2);
    assert.equal(serviceAccount.operator.name, "keda-operator");
    assert.equal(operator.name, "keda-operator");
    assert.equal(webhooks.name, "keda-admission-webhooks");
    assert.deepEqual([service.portHttpsTarget, webhooks.port], [6443, 9443]);
  });

  it("Argo Rollouts only uses AWS' load balancers", () => {
    const { providers } = argoRolloutsValues(2).providerRBAC;
    const on = Object.entries(providers).filter(([, enabled]) => enabled);
    assert.deepEqual(on, [["awsLoadBalancerController", true]]);
    assert.equal(Object.keys(providers).length, 10, "every provider that the chart has RBAC rules for");
  });

  it("NACK connects as each account says, and is labelled as its policies select it", () => {
    const { jetstream, useLegacyNames } = nackValues(oneServer);
    assert.equal(jetstream.enabled && jetstream.controlLoop, true);
    assert.equal(useLegacyNames, false);
  });

  it("NACK reads Secrets only in the single namespace with servers, the only one that it watches", () => {
    const { jetstream, rbacRules } = nackValues(oneServer);
    assert.deepEqual(jetstream.additionalArgs, ["--namespace=chat"]);
    assert.match(rbacRules, /^rules: \[/);
    assert.doesNotMatch(rbacRules, /secrets/);
    // It can watch one namespace or all.
    const several = nackValues({ natsNamespaces: ["chat", "logs"] });
    assert.deepEqual(several.jetstream.additionalArgs, []);
    assert.match(several.rbacRules, /"secrets"/);
  });

  it("VPA recommends, and changes nothing", () => {
    const { admissionController, updater, recommender } = verticalPodAutoscalerValues(1);
    assert.deepEqual(
      [admissionController.enabled, updater.enabled, recommender.enabled],
      [false, false, true],
    );
  });

  it("charts without one get a `restricted` security context", () => {
    for (const [pod, container] of [
      [nackValues(oneServer).securityContext, nackValues(oneServer).containerSecurityContext],
      [
        verticalPodAutoscalerValues(1).podSecurityContext,
        verticalPodAutoscalerValues(1).containerSecurityContext,
      ],
    ] as const) {
      assert.equal(pod.runAsNonRoot, true);
      assert.ok(pod.runAsUser > 0);
      assert.deepEqual(pod.seccompProfile, { type: "RuntimeDefault" });
      assert.deepEqual(container, {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      });
    }
  });
});
