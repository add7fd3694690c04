import assert from "node:assert/strict";
import { configured } from "../../components/system/configured";
import { settingsOf } from "../support/stacks";
import { objects, podOwners, recordingOf } from "../support/recordings";
import { catalog, type SystemSpec } from "../../systems";
import { describeFiles, files, systems } from "./fixture";
import { missing, parsed, type Parsed } from "./programs";
import { needs } from "../support/needs";

interface Container {
  readonly env?: readonly { readonly name: string }[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string } }[];
}

/** Names of each workload's variables in the cloud, by the workload's name, from dev's manifests. */
async function cloudNames(): Promise<Map<string, string[]>> {
  const recording = await recordingOf("dev");
  const maps = new Map(
    [...objects(recording, "ConfigMapPatch")].map(([key, { manifest }]) => [key, manifest]),
  );
  return new Map(
    [...podOwners(recording)].map(([key, { manifest }]) => {
      const { namespace = "", name } = manifest.metadata;
      const spec = (manifest as unknown as { spec: { template: { spec: { containers: Container[] } } } })
        .spec;
      const names = spec.template.spec.containers.flatMap(({ env = [], envFrom = [] }) => [
        ...env.map((variable) => variable.name),
        ...envFrom.flatMap(({ configMapRef }) => {
          const map = maps.get(`${namespace}/${configMapRef?.name ?? ""}`) as unknown as { data?: object };
          return Object.keys(map?.data ?? {});
        }),
      ]);
      assert.ok(name !== undefined, key);
      return [name, names];
    }),
  );
}

/** Variables that only exist on this machine, with the reason. */
const localOnly: Readonly<Record<string, string>> = {
  AWS_REGION: "EKS Pod Identity injects it into pods",
  AWS_ACCESS_KEY_ID: "replaces Pod Identity's credentials",
  AWS_SECRET_ACCESS_KEY: "replaces Pod Identity's credentials",
  AWS_ENDPOINT_URL_S3: "the object store isn't AWS'",
  AWS_ENDPOINT_URL_SQS: "the queue isn't AWS'",
  TEST_DB_URL: "OPMAS' document: a test database next to the real one",
};

const specs: Readonly<Record<string, SystemSpec>> = catalog;
describe("Compose files, as the specification's own parser reads them", function () {
  before(function () {
    needs(this, missing("compose-config"));
  });

  describeFiles((written, system, profile) => {
    it("are accepted by the specification's own parser", () => {
      const { services, networks } = parsed(written());
      assert.ok(Object.keys(services).length > 5);
      assert.equal(Object.keys(networks).length, system === undefined ? systems.length : 1);
      assert.doesNotMatch(written()["compose.yaml"] ?? "", /^version:/m);
    });

    it("need every variable of .env.example and no others", () => {
      const lines = (written()[".env.example"] ?? "").split("\n").filter((line) => /^\w+=/.test(line));
      for (const line of lines.slice(0, 3))
        assert.throws(
          () => parsed(written(), lines.filter((each) => each !== line).join("\n")),
          /see \.env\.example/,
        );
      const used = [...(written()["compose.yaml"] ?? "").matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
      const given = lines.map((line) => line.split("=")[0]);
      for (const name of used) assert.ok(given.includes(name), name);
      assert.deepEqual(
        given.filter((name) => !used.includes(name)),
        [],
        "a variable that the file doesn't use",
      );
    });

    it("publish each port once, only on this machine, and pin every image", () => {
      const services = Object.entries(parsed(written()).services);
      const ports = services.flatMap(([, { ports: own = [] }]) => own);
      for (const { host_ip } of ports) assert.equal(host_ip, "127.0.0.1");
      assert.equal(new Set(ports.map(({ published }) => published)).size, ports.length);
      for (const [name, { image, build }] of services)
        if (build === undefined)
          assert.match(image ?? "", /^[\w.-]+\/.+:[\w.-]*\d[\w.-]*(@sha256:[0-9a-f]{64})?$/, name);
    });

    it("set limits for every service, and restart services that aren't jobs", () => {
      const jobs = /(certificates|roles|streams|buckets|owner|migrate|verify|seed)$/;
      for (const [name, service] of Object.entries(parsed(written()).services)) {
        assert.equal(service.restart, jobs.test(name) ? "no" : "unless-stopped", name);
        // Services that compile have no limits.
        const compiles = profile === "dev" && service.read_only !== true && service.deploy === undefined;
        assert.ok(compiles || service.deploy !== undefined, name);
      }
    });

    it("have dependencies without cycles", () => {
      const { services } = parsed(written());
      const depth = (name: string, above: readonly string[] = []): number => {
        assert.ok(!above.includes(name), `${name} waits for itself`);
        return Math.max(
          0,
          ...Object.entries(services[name]?.depends_on ?? {}).map(([other, { condition }]) => {
            const waited: Parsed | undefined = services[other];
            if (condition === "service_healthy") assert.ok(waited?.healthcheck !== undefined, other);
            if (condition === "service_completed_successfully") assert.equal(waited?.restart, "no", other);
            return 1 + depth(other, [...above, name]);
          }),
        );
      };
      for (const name of Object.keys(services)) depth(name);
      const migrates = Object.keys(services).filter((name) => name.endsWith("migrate"));
      const migrating = Object.entries(specs).filter(
        ([name, { migration }]) => migration !== undefined && (system ?? name) === name,
      );
      assert.equal(migrates.length, profile === "sample" ? 0 : migrating.length);
    });
  });

  for (const system of systems)
    it(`give ${system}'s workloads the variables that they have in the cloud`, async function () {
      const names = await cloudNames();
      const settings = (await settingsOf("dev")).systems[system];
      assert.ok(settings !== undefined);
      const { services } = parsed(await files(system));
      for (const [key, { name }] of Object.entries(
        configured(specs[system] as SystemSpec, settings).workloads,
      )) {
        const here = Object.keys(services[key]?.environment ?? {});
        const cloud = names.get(name);
        assert.ok(cloud !== undefined, name);
        assert.deepEqual(
          here.filter((variable) => !(variable in localOnly)).sort(),
          [...cloud].sort(),
          `${key}; variables only on this machine: ${Object.keys(localOnly).join(", ")}`,
        );
      }
    });

  it("add the offset to each port", async function () {
    const ports = (file: ReturnType<typeof parsed>) =>
      Object.values(file.services).flatMap(({ ports: own = [] }) =>
        own.map(({ published }) => Number(published)),
      );
    const plain = ports(parsed(await files("ams")));
    assert.deepEqual(
      ports(parsed(await files("ams", { offset: 1000 }))),
      plain.map((each) => each + 1000),
    );
  });
});
