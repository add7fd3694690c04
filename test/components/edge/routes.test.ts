import assert from "node:assert/strict";
import {
  routeAnnotations,
  routesOf,
  weightAnnotations,
  type Releases,
} from "../../../components/edge/routes";
import { zoneOf } from "../../../components/edge/zones";
import type { WorkloadSpec } from "../../../systems/spec";
import { catalog } from "../../support/frozen";

describe("routes", () => {
  it("try the longest path of a host first", () => {
    const routes = routesOf(Object.values(catalog.ams.workloads), { app: "ams.suresoft.com" });
    assert.deepEqual(routes, [
      { host: "ams.suresoft.com", path: "/api", service: "ams-api-service", port: 4000 },
      { host: "ams.suresoft.com", path: "/", service: "ams-web-service", port: 80 },
    ]);
  });

  it("give each logical service of Asset Management its path", () => {
    const routes = routesOf(Object.values(catalog["asset-management"].workloads), {
      app: "assets.example.com",
    });
    assert.deepEqual(
      routes.map(({ path, service }) => [path, service]),
      [
        ["/api/authentication", "asset-management-authentication"],
        ["/api/maintenance", "asset-management-maintenance"],
        ["/api/inventory", "asset-management-inventory"],
        ["/api/asset", "asset-management-asset"],
        ["/api", "asset-management-api"],
        ["/", "asset-management-frontend"],
      ],
    );
  });
});

describe("routes to metrics", () => {
  const { api } = catalog.tapwork.workloads;
  const action = (service: string) => `alb.ingress.kubernetes.io/actions.${service}`;
  const routes = (workload: WorkloadSpec, releases: Releases = {}) =>
    routesOf([workload], { api: "t", app: "a" }, releases).map(({ path, service, port }) => [
      path,
      service,
      port,
    ]);

  it("return 404 at the load balancer if a public path would expose them", () => {
    assert.deepEqual(routes(api), [
      ["/metrics", "tapwork-api-service", "use-annotation"],
      ["/", "tapwork-api-service", 8000],
    ]);
    assert.deepEqual(JSON.parse(routeAnnotations([api], {})[action("tapwork-api-service")] ?? ""), {
      Type: "fixed-response",
      FixedResponseConfig: { ContentType: "text/plain", StatusCode: "404" },
    });
  });

  it("don't exist if no public path exposes metrics, or there are none", () => {
    const inner: WorkloadSpec = { ...catalog.ams.workloads.api };
    assert.deepEqual(routes(inner), [["/api", "ams-api-service", 4000]]);
    assert.deepEqual(routeAnnotations([inner, catalog.tapwork.workloads.scanner], {}), {});
    const beside: WorkloadSpec = { ...api, exposure: [{ host: "api", paths: ["/metric"] }] };
    assert.deepEqual(routes(beside), [["/metric", "tapwork-api-service", 8000]]);
  });

  it("don't change a canary's weights", () => {
    const canary = { strategy: "canary", steps: [10, 100], pauseSeconds: 60, analysis: false } as const;
    const releases = { "tapwork-api": canary };
    assert.deepEqual(routes(api, releases), [
      ["/metrics", "tapwork-api-service-hidden", "use-annotation"],
      ["/", "tapwork-api-service", "use-annotation"],
    ]);
    assert.match(routeAnnotations([api], releases)[action("tapwork-api-service-hidden")] ?? "", /"404"/);
    assert.match(weightAnnotations([api], releases)[action("tapwork-api-service")] ?? "", /ForwardConfig/);
  });
});

describe("hosted zones", () => {
  it("are the closest of several", () => {
    const zones = { "example.com": "ZFAR", "staging.example.com": "ZNEAR" };
    assert.equal(zoneOf("app.staging.example.com", zones), "ZNEAR");
    assert.equal(zoneOf("app.example.com", zones), "ZFAR");
    assert.throws(() => zoneOf("notexample.com", zones), /is in none/);
  });
});

describe("routes of releases", () => {
  const alb = (name: string) => `alb.ingress.kubernetes.io/${name}`;
  const workloads = Object.values<WorkloadSpec>(catalog.ams.workloads);
  const many = Object.values<WorkloadSpec>(catalog["asset-management"].workloads);
  const header = { name: "canary", value: "true" };
  const canary = { strategy: "canary", steps: [10, 100], pauseSeconds: 60, analysis: false } as const;
  const blueGreen = { strategy: "blue-green", verifySeconds: 60, keepSeconds: 60, analysis: false } as const;
  const ports = (releases: Releases) =>
    routesOf(many, { app: "m" }, releases).map(({ path, service, port }) => [path, service, port]);

  it("match a header before the weights of the same path", () => {
    const routes = routesOf(workloads, { app: "a" }, { "ams-api": { ...canary, header } });
    assert.deepEqual(
      routes.map(({ path, service, port }) => [path, service, port]),
      [
        ["/api", "ams-api-service-preview", 4000],
        ["/api", "ams-api-service", "use-annotation"],
        ["/", "ams-web-service", 80],
      ],
    );
  });

  it("use the one Service that the controller manages, if services share pods", () => {
    const paths = ["/api/authentication", "/api/maintenance", "/api/inventory", "/api/asset", "/api"];
    const frontend = ["/", "asset-management-frontend", 80];
    const all = (port: number | string) => paths.map((path) => [path, "asset-management-api", port]);
    assert.deepEqual(ports({ "asset-management-api": canary }), [...all("use-annotation"), frontend]);
    assert.deepEqual(ports({ "asset-management-api": blueGreen }), [...all("use-annotation"), frontend]);
  });

  it("start with the controller's initial value, byte for byte", () => {
    assert.deepEqual(weightAnnotations(workloads, { "ams-api": { ...canary, header } }), {
      [alb("actions.ams-api-service")]:
        '{"Type":"forward","ForwardConfig":{"TargetGroups":[' +
        '{"ServiceName":"ams-api-service-ping","ServicePort":"4000","Weight":0},' +
        '{"ServiceName":"ams-api-service-pong","ServicePort":"4000","Weight":100}]}}',
    });
    assert.deepEqual(routeAnnotations(workloads, { "ams-api": { ...canary, header } }), {
      [alb("conditions.ams-api-service-preview")]:
        '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"canary","values":["true"]}}]',
    });
    const switched = Object.keys(weightAnnotations(workloads, { "ams-web": blueGreen }));
    assert.deepEqual(switched, [alb("actions.ams-web-service")]);
  });

  it("need none for other strategies or workloads that aren't public", () => {
    const { listen } = catalog.ams.workloads.api;
    const hidden: WorkloadSpec = { ...catalog.ams.workloads.worker, listen };
    assert.deepEqual(weightAnnotations([hidden], { "ams-worker": canary }), {});
    assert.deepEqual(weightAnnotations(workloads, { "ams-api": { strategy: "rolling" } }), {});
    assert.deepEqual(routeAnnotations([hidden], { "ams-worker": canary }), {});
    assert.deepEqual(routeAnnotations(workloads, { "ams-api": canary }), {});
  });
});
