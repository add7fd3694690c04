import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { MirrorSettings } from "../../config";
import { Component } from "../base/component";
import { digestOf, externalSecret, propertiesOf, type SecretStore } from "../base/external-secret";
import { images } from "../base/images";
import { physicalName } from "../base/naming";
import { type RolesToMake, trustPath } from "../base/store";
import type { Namespace } from "../workload/namespace";
import type { Addresses } from "../workload/network-policy";
import type { Trust } from "../workload/trust";
import { jobLabels, runJob, type RunArgs } from "./job";
import { filesPath, type JobContainer } from "./job-pod";
import { bootstrapScript } from "./roles-script";

export interface BootstrapArgs {
  readonly system: string;
  readonly store: string;
  readonly roles: RolesToMake;
  readonly namespace: Namespace;
  readonly secretStore: SecretStore;
  readonly trust: Trust;
  readonly addresses: Addresses;
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  /** The database. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** Retries: a new database may not accept connections at once. */
const retries = 5;
/** Deadline of the job, in seconds. */
const deadlineSeconds = 600;

/**
 * The job that creates a database's roles, with its own Secret for the master user's password and its own egress to the
 * database. Workloads wait for it. It is idempotent.
 */
export class Bootstrap extends Component {
  /** Known once the roles exist. */
  readonly job: pulumi.Resource;

  constructor(name: string, args: BootstrapArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:system:Bootstrap", name, opts);
    const { system, roles, namespace, trust, addresses } = args;
    const object = physicalName("kubernetes", system, args.store, "roles");
    const job: Omit<RunArgs, "waitsFor"> = {
      system,
      object,
      component: "bootstrap",
      namespace,
      trust,
      addresses,
      retries,
      deadlineSeconds,
      mirrors: args.mirrors,
      container: bootstrapContainer(roles, object),
      files: { [scriptFile]: bootstrapScript },
      reach: { destinations: [{ kind: "isolated", ports: [roles.port] }] },
      revision: revision(roles),
    };
    const secret = this.secret(args, object, jobLabels({ ...job, waitsFor: [] }));
    this.job = runJob(this, [], { ...job, waitsFor: [secret, ...args.waitsFor] });
    this.registerOutputs();
  }

  private secret(
    { namespace, secretStore, roles }: BootstrapArgs,
    object: string,
    labels: Record<string, string>,
  ): pulumi.Resource {
    const { namespaceName, resource } = namespace;
    return externalSecret(this, "secret", {
      secret: object,
      namespace: namespaceName,
      store: secretStore,
      labels,
      data: propertiesOf(roles.master.entry, secretVariables),
      // A job that runs in the same update as a new password gets that one.
      annotations: { "checksum/source": digestOf([roles.master.version]) },
      waitsFor: [resource, ...roles.master.filledBy],
    }).resource;
  }
}

/** A run with other inputs has another name. */
function revision({ owner, database, version }: RolesToMake): string {
  const what = JSON.stringify([bootstrapScript, images.psql.image, owner, database, version]);
  return createHash("sha256").update(what).digest("hex").slice(0, 8);
}

export const scriptFile = "roles.sql";

const resources = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
};

/** Properties of the master user's entry, by the environment variables that the script and psql read. */
const secretVariables = {
  PGUSER: "user",
  PGPASSWORD: "password",
  OWNER_A_VERIFIER: "owner_a_verifier",
  OWNER_B_VERIFIER: "owner_b_verifier",
  READER_A_VERIFIER: "reader_a_verifier",
  READER_B_VERIFIER: "reader_b_verifier",
  MONITOR_A_VERIFIER: "monitor_a_verifier",
  MONITOR_B_VERIFIER: "monitor_b_verifier",
} as const;

/** The container that runs the script. `secret` is the name of the Secret with the master user's entry. */
export const bootstrapContainer = (roles: RolesToMake, secret: string): JobContainer => ({
  name: "psql",
  ...images.psql,
  command: ["psql", "--no-psqlrc", "--quiet", "--file", `${filesPath}/${scriptFile}`],
  env: variables(roles, secret),
  resources,
});

function variables({ host, port, database, owner }: RolesToMake, secret: string): JobContainer["env"] {
  const plain = {
    PGHOST: host,
    PGPORT: String(port),
    PGDATABASE: database,
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: `${trustPath}/bundle.pem`,
    PGCONNECT_TIMEOUT: "10",
    OWNER: owner,
  };
  return [
    ...Object.entries(plain).map(([name, value]) => ({ name, value })),
    ...Object.keys(secretVariables).map((name) => ({
      name,
      valueFrom: { secretKeyRef: { name: secret, key: name } },
    })),
  ];
}
