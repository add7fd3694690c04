import * as fs from "node:fs";
import * as path from "node:path";
import type { Document } from "yaml";
import { growCores } from "../support/cores";
import { drop, set } from "../support/edits";
import type { Copy } from "./copy";

/** An ordinary change, as in a pull request. */
export interface Change {
  readonly name: string;
  /** Stacks whose plan it changes. */
  readonly stacks: readonly string[];
  /** Whether it changes a description, which is TypeScript: nothing else needs a type check. */
  readonly code: boolean;
  readonly make: (copy: Copy) => void;
  /**
   * Titles of tests that must be edited with the change, since they check what a document demands. All others pass
   * unchanged.
   */
  readonly expected?: readonly RegExp[];
}

const prod = "systems.ams.workloads";

const pods = {
  image: "tapwork/reports:v1.0.0",
  replicas: 1,
  minAvailable: 0,
  pool: 2,
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
};

const reports = `    reports: {
      name: "tapwork-reports",
      container: "reports",
      namespace: "tapwork",
      component: "worker",
      image: python,
      env: {
        DATABASE_URL: { from: "postgres.url", key: "database-url" },
        LOG_LEVEL: { setting: "LOG_LEVEL" },
      },
    },
`;

export const changes: readonly Change[] = [
  {
    name: "change two sizes",
    stacks: ["prod"],
    code: false,
    make: (copy) =>
      copy.editStack(
        "prod",
        set("systems.opmas.workloads.frontend.replicas", 3),
        set("systems.ams.stores.postgres.class", "db.m7g.xlarge"),
      ),
  },
  {
    name: "rename a host",
    stacks: ["prod"],
    code: false,
    make: (copy) => copy.editStack("prod", set("systems.ams.hosts.app", "assets.suresoft.com")),
  },
  {
    name: "turn on a canary",
    stacks: ["prod"],
    code: false,
    make: (copy) =>
      copy.editStack(
        "prod",
        set("systems.opmas.workloads.core.release", {
          strategy: "canary",
          steps: [20, 100],
          pauseSeconds: 300,
        }),
      ),
  },
  {
    name: "add a workload",
    stacks: ["dev", "staging", "prod"],
    code: true,
    make: (copy) => {
      const file = "systems/tapwork.ts";
      copy.replace(file, "    scanner: {\n", `${reports}    scanner: {\n`);
      for (const stack of copy.stacks())
        copy.editStack(stack, set("systems.tapwork.workloads.reports", pods));
      addRepository(copy, "tapwork/reports");
    },
  },
  {
    name: "add a system",
    stacks: ["dev", "staging", "prod"],
    code: true,
    make: (copy) => {
      const source = fs.readFileSync(path.join(__dirname, "payroll.ts"), "utf8");
      copy.write("systems/payroll.ts", source.replaceAll("../../systems/", "./"));
      copy.replace(
        "systems/index.ts",
        "import { tapwork }",
        'import { payroll } from "./payroll";\nimport { tapwork }',
      );
      copy.replace("systems/index.ts", "  [tapwork.name]", "  [payroll.name]: payroll,\n  [tapwork.name]");
      for (const stack of copy.stacks()) copy.editStack(stack, (file) => addPayroll(file, stack));
      addRepository(copy, "payroll/api");
      // Its image serves plain HTTP, as the others do.
      copy.replace(
        "docs/coverage.md",
        "`tapwork-api`, `tapwork-scanner`",
        "`payroll-api`, `tapwork-api`, `tapwork-scanner`",
      );
    },
    // COST-1's goal is for four systems.
    expected: [/keeps dev within its goal/],
  },
  {
    name: "remove a cache",
    stacks: ["dev", "staging", "prod"],
    code: true,
    make: (copy) => {
      const file = "systems/asset-management.ts";
      copy.replace(file, '    cache: { kind: "cache" },\n', "");
      copy.replace(file, '        REDIS_URL: { from: "cache.url", key: "redis-url" },\n', "");
      for (const stack of copy.stacks()) copy.editStack(stack, drop("systems.asset-management.stores.cache"));
    },
    expected: [/CACHE-1/, /APP-M, SCALE-1: asset-management-api/],
  },
  {
    name: "add an environment",
    stacks: ["qa"],
    code: false,
    make: (copy) => {
      const text = copy.read("Pulumi.dev.yaml");
      const hosts = text
        .replaceAll("plinth-dev", "plinth-qa")
        .replaceAll("dev.", "qa.")
        .replaceAll("111111111111", "444444444444")
        .replaceAll("10.40.", "10.50.")
        .replace("10.10.0.0/16", "10.40.0.0/16");
      copy.write("Pulumi.qa.yaml", hosts);
      copy.write("policies/config/qa.json", copy.read("policies/config/dev.json"));
      // It has an account of its own.
      const foundation = copy
        .read("foundation/Pulumi.dev.yaml")
        .replaceAll("111111111111", "444444444444")
        .replace("      dev: {", "      qa: {");
      copy.write("foundation/Pulumi.qa.yaml", foundation);
      copy.write("policies/config/foundation/qa.json", copy.read("policies/config/foundation/dev.json"));
    },
  },
  {
    name: "bring in a new image",
    stacks: ["dev", "staging", "prod"],
    code: false,
    make: (copy) => {
      for (const stack of copy.stacks())
        copy.editStack(
          stack,
          set(`${prod}.api.image`, "ams-api:1.1.0"),
          set(`${prod}.worker.image`, "ams-api:1.1.0"),
        );
    },
  },
];

/** A new image needs a repository in each account. */
function addRepository(copy: Copy, name: string): void {
  for (const file of copy.foundations())
    copy.edit(file, (document) =>
      document.addIn(["config", "plinth-foundation:images", "repositories"], name),
    );
}

/** Additional vCPUs of a node pool for Payroll. */
const ROOM = 8;

/**
 * Payroll in a stack file: a free slot for its data, the amounts of TAPWORK's database and backups, and an API of its
 * own. A node pool that is nearly full is enlarged, and so are the quotas of each region.
 */
function addPayroll(file: Document, stack: string): void {
  const { config } = file.toJS() as { readonly config: Config };
  const { tapwork } = config["plinth:systems"];
  const { postgres, backups } = tapwork.stores;
  set("network.dataSlots.payroll", Math.max(...Object.values(config["plinth:network"].dataSlots)) + 1)(file);
  growCores(file, (cores) => cores + ROOM);
  set("systems.payroll", {
    hosts: { app: stack === "prod" ? "payroll.example.com" : `payroll.${stack}.example.com` },
    gates: tapwork.gates,
    ...(tapwork.rateLimit === undefined ? {} : { rateLimit: tapwork.rateLimit }),
    env: { LOG_LEVEL: "info" },
    stores: { postgres, backups },
    workloads: { api: { ...tapwork.workloads.api, image: "payroll/api:1.0.0" } },
  })(file);
  // Only TAPWORK's bucket has a fixed name.
  drop("systems.payroll.stores.backups.name")(file);
}

/** Settings that Payroll copies from a stack file. */
interface Config {
  readonly "plinth:network": { readonly dataSlots: Readonly<Record<string, number>> };
  readonly "plinth:systems": {
    readonly tapwork: {
      readonly gates: object;
      readonly rateLimit?: object;
      readonly stores: { readonly postgres: object; readonly backups: object };
      readonly workloads: Readonly<Record<string, object>>;
    };
  };
}
