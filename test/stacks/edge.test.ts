import assert from "node:assert/strict";
import { objects, recordingOf } from "../support/recordings";
import { stacks } from "../support/stacks";
import { graceSeconds } from "../../components/workload/drain";
import { routes } from "./requirements";

interface Path {
  readonly path: string;
  readonly backend: { service: { name: string; port: { number?: number } } };
}

for (const stack of stacks)
  describe(`${stack}: edge`, () => {
    it("EDGE-2: one web ACL, which every Ingress names, and a rate limit a system", async () => {
      const recording = await recordingOf(stack);
      const acl = recording.one("aws:wafv2/webAcl:WebAcl");
      const ingresses = [...objects(recording, "Ingress").values()];
      assert.ok(ingresses.length >= 4);
      for (const { resource } of ingresses) assert.ok(resource.dependencies.includes(acl.urn), resource.name);
      const { rules } = acl.inputs as { rules: { name: string; action?: object; overrideAction?: object }[] };
      const rates = rules.filter(({ name }) => name.startsWith("rate-"));
      assert.deepEqual(
        rates.map(({ name }) => name),
        ["rate-opmas", "rate-ams", "rate-tapwork", "rate-asset-management"],
      );
      // Dev watches, the others block.
      const counts = ({ action, overrideAction }: (typeof rules)[number]) =>
        "count" in (action ?? overrideAction ?? {});
      for (const rule of rules) assert.equal(counts(rule), stack === "dev", rule.name);
    });

    it("EDGE-6: targets drain before their pods die, requests are logged, AWS WAF is never passed by", async () => {
      const recording = await recordingOf(stack);
      const [parameters] = [...objects(recording, "IngressClassParams").values()];
      const { loadBalancerAttributes } = parameters?.manifest.spec as {
        loadBalancerAttributes: { key: string; value: string }[];
      };
      const attributes = Object.fromEntries(loadBalancerAttributes.map(({ key, value }) => [key, value]));
      assert.equal(attributes["waf.fail_open.enabled"], "false");
      assert.equal(attributes["routing.http.desync_mitigation_mode"], "defensive");
      assert.equal(attributes["access_logs.s3.enabled"], "true");
      assert.equal(attributes["connection_logs.s3.enabled"], "true");
      const delays = [...objects(recording, "Service").values()].flatMap(({ manifest }) => {
        const set =
          manifest.metadata.annotations?.["alb.ingress.kubernetes.io/target-group-attributes"] ?? "";
        return /deregistration_delay\.timeout_seconds=(\d+)/.exec(set)?.slice(1).map(Number) ?? [];
      });
      assert.ok(delays.length >= 8);
      for (const delay of delays) assert.ok(delay < graceSeconds);
    });

    it("EDGE-1: every public path leads to its Service, over HTTPS, on one load balancer", async () => {
      const recording = await recordingOf(stack);
      const found = [...objects(recording, "Ingress").values()].flatMap(({ manifest }) => {
        const annotation = (name: string) =>
          manifest.metadata.annotations?.[`alb.ingress.kubernetes.io/${name}`];
        assert.equal(annotation("load-balancer-name"), `plinth-${stack}`);
        assert.equal(annotation("ssl-redirect"), "443");
        assert.match(annotation("ssl-policy") ?? "", /^ELBSecurityPolicy-TLS13-1-[23]/);
        // Alike on each Ingress of the load balancer, or its controller stops. Absent: everybody.
        assert.equal(annotation("inbound-cidrs"), stack === "prod" ? undefined : "203.0.113.0/24");
        const { rules } = manifest.spec as { rules: { host: string; http: { paths: Path[] } }[] };
        return rules.flatMap(({ host, http }) =>
          http.paths.map(({ path, backend: { service } }) => {
            const weights = annotation(`actions.${service.name}`);
            const port = service.port.number ?? /"ServicePort":"(\d+)"/.exec(weights ?? "")?.[1];
            return [host, path, service.name, port];
          }),
        );
      });
      const byHeader = ([, , service]: unknown[]) => String(service).endsWith("-preview");
      // What has no port ends at the load balancer: metrics are for Prometheus alone.
      const hidden = found.filter(([, , , port]) => port === undefined);
      assert.deepEqual(
        hidden.map(([, path, service]) => [path, service]),
        [
          ["/metrics", "opmas-management-api"],
          // Where two versions are weighed, the Service's name stands for the weights.
          ["/metrics", stack === "dev" ? "tapwork-api-service" : "tapwork-api-service-hidden"],
        ],
      );
      const plain = found.filter((route) => !byHeader(route) && !hidden.includes(route));
      assert.equal(plain.length, routes.length);
      if (stack !== "prod") return;
      // Canary: what the load balancer weighs is one Service, whose pods the logical services share (docs/releases.md).
      const weighed = (service: string) =>
        service.startsWith("asset-management-") && !service.endsWith("-frontend")
          ? "asset-management-api"
          : service;
      const expected = routes.map(([host, path, service, port]) => [host, path, weighed(service), port]);
      assert.deepEqual(plain.map(String).sort(), expected.map(String).sort());
      assert.deepEqual(found.filter(byHeader).map(String), [
        "ams.suresoft.com,/api,ams-api-service-preview,4000",
      ]);
    });
  });
