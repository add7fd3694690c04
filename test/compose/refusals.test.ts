import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ComposeError } from "../../compose/fault";
import { Names } from "../../compose/names";
import { localStores } from "../../compose/stores";
import { main } from "../../compose/main";
import { project } from "../../compose/project";
import { unmetReferences } from "../../compose/variables";
import { checkouts, onePlan, plans, root } from "./fixture";
import { printedBy } from "../support/in-process";
import { scratch } from "./programs";

/** Runs the command in this process. */
const compose = (args: readonly string[], startedIn = root) =>
  printedBy(() => main(args, { root, startedIn }));

describe("npm run compose", function () {
  const refused: Readonly<Record<string, { args: readonly string[]; says: RegExp }>> = {
    "an unknown system": { args: ["nobody"], says: /found "nobody"; allowed is one of opmas, ams/ },
    "no system": { args: [], says: /give a system or --all/ },
    "a system and --all": { args: ["ams", "--all"], says: /found both; give only one/ },
    "an unknown profile": {
      args: ["ams", "--profile", "other"],
      says: /Allowed choices are image, dev, sample/,
    },
    "an unknown option": { args: ["ams", "--nothing"], says: /unknown option/ },
    "an invalid offset": { args: ["ams", "--offset", "-1"], says: /a whole number from 0 to/ },
    "an unknown stack": { args: ["ams", "--stack", "nowhere"], says: /Pulumi\.nowhere\.yaml doesn't exist/ },
    "missing sources in the profile dev": {
      args: ["ams", "--profile", "dev"],
      says: /ams\.workloads\.web\.development\.source: found no .*frontend\/Dockerfile; a checkout of AMS there/,
    },
    "ports above 65535 with --all": {
      args: ["--all", "--offset", "55000"],
      says: /a port up to 65535/,
    },
  };
  for (const [what, { args, says }] of Object.entries(refused))
    it(`refuses ${what}, and writes nothing`, async () => {
      const folder = scratch();
      const { status, stderr, stdout } = await compose([...args, "--out", join(folder, "files")], folder);
      assert.equal(status, 2, stderr);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /^\s+at /m);
      assert.equal(stdout, "");
      assert.ok(!existsSync(join(folder, "files")));
    });

  for (const file of ["compose.yaml", ".env.example", "docker-compose.yml"])
    it(`refuses a folder with another ${file}, and keeps that`, async () => {
      const folder = scratch();
      writeFileSync(join(folder, file), "services: {}\n");
      const { status, stderr } = await compose(["ams", "--out", folder]);
      assert.equal(status, 2);
      assert.ok(
        stderr.includes(`${join(folder, file)}: found a file that this command didn't write`),
        stderr,
      );
      assert.deepEqual(readdirSync(folder), [file]);
      assert.equal(readFileSync(join(folder, file), "utf8"), "services: {}\n");
    });

  it("refuses a folder that is a file", async () => {
    const file = join(scratch(), "file");
    writeFileSync(file, "");
    const { status, stderr } = await compose(["ams", "--out", file]);
    assert.equal(status, 2);
    assert.match(stderr, /found a file; a folder or a free path/);
  });

  it("prints its help", async () => {
    const { status, stdout } = await compose(["--help"]);
    assert.equal(status, 0);
    for (const word of ["--profile", "--source", "--offset", "--seed", "Exit codes"])
      assert.ok(stdout.includes(word));
  });

  const faultsOf = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      if (error instanceof ComposeError) return error.faults;
      throw error;
    }
    return [];
  };

  it("reports all workloads without sources at once", async () => {
    const folder = checkouts();
    const plan = await onePlan("tapwork", { profile: "dev", source: join(folder, "tapwork") });
    assert.deepEqual(
      faultsOf(() => project("tapwork", [plan])),
      [],
    );
    const nowhere = { ...plan, source: join(folder, "nowhere") };
    assert.deepEqual(
      faultsOf(() => project("tapwork", [nowhere])).map(({ path }) => path.split(".workloads.")[1]),
      Object.keys(plan.spec.workloads)
        .filter((key) => plan.settings.workloads[key]?.build === undefined)
        .map((key) => `${key}.development.source`),
    );
  });

  it("reports both services that publish the same port", async () => {
    const all = await plans(undefined);
    const near = all.map((plan) => ({ ...plan, offset: 0 }));
    const faults = faultsOf(() => project("plinth", near));
    assert.ok(faults.length > 3);
    const ams = faults.find(({ path }) => path === "ams-web.ports");
    assert.equal(ams?.found, "port 3000, which opmas-frontend uses too");
    assert.match(ams?.expected ?? "", /compose\/local\.ts/);
  });

  it("reports a reference without a local replacement, by its path in the description", async () => {
    const plan = await onePlan("ams");
    const { api } = plan.spec.workloads;
    assert.ok(api !== undefined);
    const workload = {
      ...api,
      env: { ...api.env, QUEUE: { from: "tasks.url" }, HOST: { from: "objects.arn" } },
    };
    const faults = unmetReferences("ams", "api", workload as typeof api, localStores(plan));
    assert.deepEqual(
      faults.map(({ path, found }) => [path, found]),
      [
        ["systems/ams.ts: workloads.api.env.QUEUE", '"tasks.url"'],
        ["systems/ams.ts: workloads.api.env.HOST", '"objects.arn"'],
      ],
    );
    const broken = {
      ...plan,
      spec: { ...plan.spec, workloads: { ...plan.spec.workloads, api: workload as typeof api } },
    };
    assert.equal(faultsOf(() => project("ams", [broken])).length, 2);
  });

  it("keeps names apart in a file of several systems", () => {
    const [alone, beside] = [new Names(""), new Names("asset-management")];
    assert.deepEqual([alone.of("api"), beside.of("api")], ["api", "asset-management-api"]);
    assert.deepEqual(
      [alone.variable("JWT_SECRET"), beside.variable("JWT_SECRET")],
      ["JWT_SECRET", "ASSET_MANAGEMENT_JWT_SECRET"],
    );
  });

  it("reports a folder that can't be written", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "compose.yaml"));
    const { status, stderr } = await compose(["ams", "--out", folder]);
    assert.equal(status, 2, stderr);
    assert.deepEqual(readdirSync(folder), ["compose.yaml"]);
  });
});
