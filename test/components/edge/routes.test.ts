import assert from "node:assert/strict";
import { routesOf } from "../../../components/edge/exposure";
import { zoneOf } from "../../../components/edge/zones";
import { catalog } from "../../../systems";

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

describe("hosted zones", () => {
  it("of several, the closest is the host's", () => {
    const zones = { "example.com": "ZFAR", "staging.example.com": "ZNEAR" };
    assert.equal(zoneOf("app.staging.example.com", zones), "ZNEAR");
    assert.equal(zoneOf("app.example.com", zones), "ZFAR");
    assert.throws(() => zoneOf("notexample.com", zones), /lies in none/);
  });
});
