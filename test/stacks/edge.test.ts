import assert from "node:assert/strict";
import { objects, recordingOf } from "../support/recordings";
import { disposable, settingsOf, stacks } from "../support/stacks";
import { graceSeconds } from "../../components/workload/drain";
import { routes } from "./requirements";

interface Path {
  readonly path: string;
  readonly backend: { service: { name: string; port: { number?: number } } };
}

for (const stack of stacks)
  describe(`${stack}: edge`, () => {
    it("EDGE-2: one web ACL, which every Ingress names, and a rate limit per system", async () => {
      const recording = await recordingOf(stack);
      const acl = recording.one("aws:wafv2/webAcl:WebAcl");
      const ingresses = [...objects(recording, "Ingress").values()];
      assert.ok(ingresses.length > 0);
      for (const { resource } of ingresses) assert.ok(resource.dependencies.includes(acl.urn), resource.name);
      const { edge, systems } = await settingsOf(stack);
      const { rules } = acl.inputs as { rules: { name: string; action?: object }[] };
      const rates = rules.filter(({ name }) => name.startsWith("rate-"));
      assert.deepEqual(
        rates.map(({ name }) => name),
        Object.entries(systems).flatMap(([system, settings]) =>
          settings?.rateLimit === undefined ? [] : [`rate-${system}`],
        ),
      );
      for (const { name, action = {} } of rates)
        assert.ok(edge.waf.ownRules in action, `${name}: ${JSON.stringify(action)}`);
    });

    it("EDGE-6: targets drain before their pods stop, requests are logged, AWS WAF is never bypassed", async () => {
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
      assert.ok(delays.length > 0);
      for (const delay of delays) assert.ok(delay < graceSeconds);
    });

    it("EDGE-1: every public path leads to its Service, over HTTPS, on one load balancer", async () => {
      const recording = await recordingOf(stack);
      const { edge, systems } = await settingsOf(stack);
      const found = [...objects(recording, "Ingress").values()].flatMap(({ manifest }) => {
        const annotation = (name: string) =>
          manifest.metadata.annotations?.[`alb.ingress.kubernetes.io/${name}`];
        assert.equal(annotation("load-balancer-name"), `plinth-${stack}`);
        assert.equal(annotation("ssl-redirect"), "443");
        assert.match(annotation("ssl-policy") ?? "", /^ELBSecurityPolicy-TLS13-1-[23]/);
        // Equal on each Ingress of the load balancer, or its controller fails. Absent: all networks.
        const cidrs = edge.inboundCidrs.join(",");
        assert.equal(annotation("inbound-cidrs"), cidrs === "" ? undefined : cidrs);
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
      // Routes without a port return 404 at the load balancer: metrics are only for Prometheus.
      const hidden = found.filter(([, , , port]) => port === undefined);
      assert.ok(hidden.length > 0);
      for (const [, path] of hidden) assert.equal(path, "/metrics");
      const plain = found.filter((route) => !byHeader(route) && !hidden.includes(route));
      // Canary: the load balancer weights one Service, whose pods the logical services share (docs/releases.md).
      const weighed = (service: string) =>
        !disposable(stack) && service.startsWith("asset-management-") && !service.endsWith("-frontend")
          ? "asset-management-api"
          : service;
      for (const [key, path, service, port] of routes) {
        const [system = "", host = ""] = key.split(".");
        const expected = [systems[system]?.hosts[host], path, weighed(service), port];
        assert.ok(plain.map(String).includes(String(expected)), `no route ${expected.join(" ")}`);
      }
      if (stack === "prod")
        assert.ok(
          found
            .filter(byHeader)
            .some(([, path, service]) => path === "/api" && service === "ams-api-service-preview"),
        );
    });
  });
