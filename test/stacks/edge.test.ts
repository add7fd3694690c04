import assert from "node:assert/strict";
import { objects, recordingOf } from "../support/recordings";
import { stacks } from "../support/stacks";
import { routes } from "./requirements";

interface Path {
  readonly path: string;
  readonly backend: { service: { name: string; port: { number?: number } } };
}

for (const stack of stacks)
  describe(`${stack}: edge`, () => {
    it("EDGE-1: every public path leads to its Service, over HTTPS, on one load balancer", async () => {
      const recording = await recordingOf(stack);
      const found = [...objects(recording, "Ingress").values()].flatMap(({ manifest }) => {
        const annotation = (name: string) =>
          manifest.metadata.annotations?.[`alb.ingress.kubernetes.io/${name}`];
        assert.equal(annotation("load-balancer-name"), `plinth-${stack}`);
        assert.equal(annotation("ssl-redirect"), "443");
        assert.match(annotation("ssl-policy") ?? "", /^ELBSecurityPolicy-TLS13-1-[23]/);
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
