import assert from "node:assert/strict";
import type { Document } from "yaml";
import { drop, itRefuses, set } from "../support/edits";
import { firstRegionOf, objects } from "../support/recordings";
import { has, settingsOf, stacks } from "../support/stacks";

const key = (name: string) => `alb.ingress.kubernetes.io/${name}`;

for (const stack of stacks)
  describe(`${stack}: pages of the team`, () => {
    it("OBS-1: each is behind the load balancer with TLS and single sign-on", async () => {
      const recording = await firstRegionOf(stack);
      const { signOn, cluster, traces } = await settingsOf(stack);
      const ingress = objects(recording, "Ingress").get("grafana/grafana")?.manifest;
      if (cluster.operators.grafana === undefined) {
        assert.equal(ingress, undefined);
        assert.deepEqual(recording.outputs.pages, {});
        return;
      }
      const { annotations = {} } = ingress?.metadata ?? {};
      assert.equal(annotations[key("auth-type")], "oidc");
      assert.equal(annotations[key("auth-on-unauthenticated-request")], "authenticate");
      const { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint } = signOn ?? assert.fail();
      assert.deepEqual(JSON.parse(annotations[key("auth-idp-oidc")] ?? ""), {
        issuer,
        authorizationEndpoint,
        tokenEndpoint,
        userInfoEndpoint,
        secretName: "sign-on",
      });
      assert.equal(annotations[key("ssl-redirect")], "443");
      const { host } = cluster.operators.grafana;
      assert.deepEqual(recording.outputs.pages, {
        grafana: `https://${host}`,
        traces: `https://${traces?.host}`,
      });
      const jaeger = objects(recording, "Ingress").get("telemetry/jaeger")?.manifest;
      assert.equal(jaeger?.metadata.annotations?.[key("auth-type")], "oidc");
      assert.equal(
        recording.one("aws:route53/record:Record", `primary-pages-grafana-${host}`).inputs.name,
        host,
      );
    });

    it("the load balancer's controller reads the client's Secret and no other", async () => {
      const recording = await firstRegionOf(stack);
      const role = objects(recording, "Role").get("grafana/load-balancer-reads-sign-on")?.manifest;
      const binding = objects(recording, "RoleBinding").get("grafana/load-balancer-reads-sign-on")?.manifest;
      if (!has(stack, "cluster.operators.grafana")) return assert.equal(role, undefined);
      assert.deepEqual((role as unknown as { rules: object }).rules, [
        { apiGroups: [""], resources: ["secrets"], resourceNames: ["sign-on"], verbs: ["get"] },
      ]);
      assert.deepEqual((binding as unknown as { subjects: object }).subjects, [
        { kind: "Group", name: "eks:managed", apiGroup: "rbac.authorization.k8s.io" },
      ]);
      const secret = objects(recording, "ExternalSecret").get("grafana/sign-on")?.manifest.spec;
      const { data } = secret as { data: { secretKey: string; remoteRef: { key: string } }[] };
      assert.deepEqual(
        data.map(({ secretKey, remoteRef }) => [secretKey, remoteRef.key]),
        ["clientID", "clientSecret"].map((each) => [each, `plinth-${stack}/sign-on`]),
      );
    });
  });

const cases: { what: string; edit: (file: Document) => void; path: string; says: RegExp }[] = [
  {
    what: "an issuer without https",
    edit: set("signOn.issuer", "http://login.example.com"),
    path: "signOn.issuer",
    says: /an https:\/\/ address/,
  },
  {
    what: "a page without single sign-on",
    edit: drop("signOn"),
    path: "signOn",
    says: /single sign-on for plinth:cluster\.operators\.grafana\.host/,
  },
  {
    what: "nobody who may open a page",
    edit: set("signOn.groups", {}),
    path: "signOn.groups",
    says: /at least one group/,
  },
  {
    what: "a client that the cluster may not read",
    edit: set("signOn.client", "shared/sign-on"),
    path: "signOn.client",
    says: /an entry whose name starts with plinth-prod\/ \(plinth:prefix\)/,
  },
  {
    what: "a second Grafana",
    edit: set("cluster.operators.grafana.replicas", 2),
    path: "cluster.operators.grafana.replicas",
    says: /1: Grafana keeps sessions in the pod/,
  },
  {
    what: "a page on a system's host",
    edit: set("cluster.operators.grafana.host", "ams.suresoft.com"),
    path: "cluster.operators.grafana.host",
    says: /a unique host/,
  },
  {
    what: "a page in nobody's zone",
    edit: set("cluster.operators.grafana.host", "grafana.example.net"),
    path: "cluster.operators.grafana.host",
    says: /a host below one of plinth:edge\.zones/,
  },
];

describe("config: pages of the team", () => itRefuses(cases));
