import type { MirrorSettings } from "../../config";
import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { images } from "../images";
import { physicalName } from "../naming";
import { jobLabels, runJob, type RunArgs } from "../release/job";
import type { RolesToMake } from "../store";
import type { Namespace } from "../workload/namespace";
import type { Addresses } from "../workload/network-policy";
import type { Trust } from "../workload/trust";
import { bootstrapContainer, scriptFile, secretVariables } from "./bootstrap-pod";
import { bootstrapScript } from "./bootstrap-script";
import type { SecretStore } from "./secret-store";
import { refreshInterval } from "./synced-secret";

export interface BootstrapArgs {
  readonly system: string;
  readonly store: string;
  readonly roles: RolesToMake;
  readonly namespace: Namespace;
  readonly secretStore: SecretStore;
  readonly trust: Trust;
  readonly addresses: Addresses;
  /** Stand for public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  /** The database. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** Times that a pod is tried again: a database that has just been made may not answer at once. */
const retries = 5;
/** Seconds until the job is given up. */
const deadlineSeconds = 600;

/**
 * The job that makes a database's roles, with all that it alone may have: the master user's password, and the way to
 * the database. Workloads wait for it. What it does may be done again at any time.
 */
export class Bootstrap extends Component {
  /** Known once the roles are there. */
  readonly job: pulumi.Resource;

  constructor(name: string, args: BootstrapArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:system:Bootstrap", name, opts);
    const { system, roles, namespace, trust, addresses } = args;
    const object = physicalName("kubernetes", system, args.store, "roles");
    const job: Omit<RunArgs, "waitsFor"> = {
      ...{ system, object, component: "bootstrap", namespace, trust, addresses, retries, deadlineSeconds },
      ...(args.mirrors && { mirrors: args.mirrors }),
      container: bootstrapContainer(roles, object),
      files: { [scriptFile]: bootstrapScript },
      reach: { destinations: [{ kind: "isolated", ports: [roles.port] }] },
      revision: revision(roles),
    };
    const secret = this.secret(args, object, jobLabels({ ...job, waitsFor: [] }));
    this.job = runJob(name, { ...job, waitsFor: [secret, ...args.waitsFor] }, this.inside);
    this.registerOutputs();
  }

  private secret(
    { namespace, secretStore, roles }: BootstrapArgs,
    object: string,
    labels: Record<string, string>,
  ): pulumi.Resource {
    const { namespaceName, resource } = namespace;
    return new k8s.apiextensions.CustomResource(
      this.child("secret"),
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: {
          ...{ name: object, namespace: namespaceName, labels },
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: {
          refreshInterval,
          secretStoreRef: { kind: "ClusterSecretStore", name: secretStore.name },
          target: { name: object, creationPolicy: "Owner" },
          data: Object.entries(secretVariables).map(([secretKey, property]) => ({
            secretKey,
            remoteRef: { key: roles.master.entry, property },
          })),
        },
      },
      { ...this.inside, dependsOn: [resource, secretStore.resource, ...roles.master.filledBy] },
    );
  }
}

/** What does something anew has another name. */
function revision({ owner, database, version }: RolesToMake): string {
  const what = JSON.stringify([bootstrapScript, images.psql.image, owner, database, version]);
  return createHash("sha256").update(what).digest("hex").slice(0, 8);
}
