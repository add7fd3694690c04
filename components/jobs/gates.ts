import type * as pulumi from "@pulumi/pulumi";
import type { GateSettings, MirrorSettings } from "../../config";
import { Component } from "../base/component";
import { images } from "../base/images";
import { physicalName } from "../base/naming";
import { trustPath, type Destination } from "../base/store";
import type { Namespace } from "../workload/namespace";
import type { Addresses } from "../workload/network-policy";
import type { Trust } from "../workload/trust";
import { gateBackup } from "../data/backup";
import { runJob, type RunArgs } from "./job";
import { filesPath, type JobContainer } from "./job-pod";
import { loginScript, loginSeconds, preflightScript } from "./preflight-script";

export interface GatesArgs {
  readonly system: string;
  readonly settings: GateSettings;
  /** Namespace of the workload that runs the migration. */
  readonly namespace: Namespace;
  readonly addresses: Addresses;
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  readonly trust: Trust;
  /** The database, as workloads connect to it. */
  readonly server: Readonly<Record<"host" | "port" | "database", pulumi.Input<string>>>;
  readonly destinations: readonly Destination[];
  /** RDS identifier of the primary. */
  readonly instance: string;
  /** Secret with the workloads' login: `user` and `password`. */
  readonly login: { readonly name: string; readonly resource: pulumi.Resource };
  /**
   * Container of the migration: the workload's image, environment and scratch volumes, with one of the commands below.
   */
  readonly container: Omit<JobContainer, "command" | "name">;
  readonly migrate: readonly string[];
  readonly verify: readonly string[];
  /** Command that loads the test data set, if `settings.seed` is set. */
  readonly seed: readonly string[];
  /** Revision of the image, and of the retry. */
  readonly revision: string;
  /** The database with its roles, and the Secrets that the environment refers to. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** Retries, since a database may be busy only for a moment. */
const preflightRetries = 4;
const preflightSeconds = loginSeconds + 300;
/** The system's description allows retries of a migration, but they rarely help. */
const migrationRetries = 1;
const verifySeconds = 300;
const loginFile = "login.sh";
const scriptFile = "preflight.sql";
const small = { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } };

/**
 * The gates of a release, before any workload changes: checks, a backup, the schema migration, and its verification. A
 * failed gate stops the release, and the old version keeps serving.
 */
export class Gates extends Component {
  /** The last gate, after which the workloads are updated. */
  readonly passed: pulumi.Resource;

  constructor(
    name: string,
    private readonly args: GatesArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:release:Gates", name, opts);
    const { settings, waitsFor } = args;
    const checked = this.preflight();
    const backups = settings.backup ? [this.backup(checked)] : [];
    const migrated = this.schema("migrate", settings.deadlineSeconds, [...waitsFor, checked, ...backups]);
    this.passed = this.schema("verify", verifySeconds, [...waitsFor, migrated]);
    // Nothing waits for test data: if it fails to load, the update fails but the new version is released.
    if (settings.seed) this.schema("seed", settings.deadlineSeconds, [...waitsFor, this.passed]);
    this.registerOutputs();
  }

  private common(gate: string): Omit<RunArgs, "container" | "retries" | "deadlineSeconds" | "waitsFor"> {
    const { system, namespace, trust, addresses, mirrors, destinations, revision } = this.args;
    const object = physicalName("kubernetes", system, gate);
    const reach = { destinations };
    return {
      system,
      object,
      component: "gate",
      namespace,
      trust,
      addresses,
      reach,
      revision,
      mirrors,
    };
  }

  private preflight(): pulumi.Resource {
    const { login, waitsFor } = this.args;
    const args: RunArgs = {
      ...this.common("preflight"),
      container: {
        name: "psql",
        ...images.psql,
        command: ["sh", `${filesPath}/${loginFile}`, `${filesPath}/${scriptFile}`],
        env: this.psqlVariables(),
        resources: small,
      },
      files: { [loginFile]: loginScript, [scriptFile]: preflightScript },
      retries: preflightRetries,
      deadlineSeconds: preflightSeconds,
      waitsFor: [...waitsFor, login.resource],
    };
    return runJob(this, ["preflight"], args);
  }

  private psqlVariables(): JobContainer["env"] {
    const { server, login } = this.args;
    const plain = {
      PGHOST: server.host,
      PGPORT: server.port,
      PGDATABASE: server.database,
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: `${trustPath}/bundle.pem`,
      PGCONNECT_TIMEOUT: "10",
    };
    const secret = { PGUSER: "user", PGPASSWORD: "password" };
    return [
      ...Object.entries(plain).map(([name, value]) => ({ name, value })),
      ...Object.entries(secret).map(([name, key]) => ({
        name,
        valueFrom: { secretKeyRef: { name: login.name, key } },
      })),
    ];
  }

  private backup(checked: pulumi.Resource): pulumi.Resource {
    const { system, instance, revision } = this.args;
    return gateBackup(this, "backup", { system, instance, revision, waitsFor: [checked] });
  }

  /** A command of the system, run in the new image. */
  private schema(
    gate: "migrate" | "verify" | "seed",
    deadlineSeconds: number,
    waitsFor: readonly pulumi.Resource[],
  ): pulumi.Resource {
    const args: RunArgs = {
      ...this.common(gate),
      container: { ...this.args.container, name: gate, command: this.args[gate] },
      retries: migrationRetries,
      deadlineSeconds,
      waitsFor,
    };
    return runJob(this, [gate], args);
  }
}
