import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { physicalName } from "../naming";
import type { RolesToMake } from "../store";
import type { Namespace } from "../workload/namespace";
import { selector } from "../workload/labels";
import { workloadPolicy, type Addresses } from "../workload/network-policy";
import type { Trust } from "../workload/trust";
import { bootstrapPod, scriptFile, secretVariables } from "./bootstrap-pod";
import { bootstrapScript } from "./bootstrap-script";
import { refreshInterval, type SecretStore } from "./synced-secret";

export interface BootstrapArgs {
  readonly system: string;
  readonly store: string;
  readonly roles: RolesToMake;
  /** Image with psql. */
  readonly image: string;
  readonly namespace: Namespace;
  readonly secretStore: SecretStore;
  readonly trust: Trust;
  readonly addresses: Addresses;
  /** The database. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** Times that a pod is tried again: a database that has just been made may not answer at once. */
const retries = 5;
/** Seconds until the job is given up. */
const deadline = 600;
/**
 * The job that makes a database's roles, with all that it alone may have: the master user's password, and the way to
 * the database. Workloads wait for it. What it does may be done again at any time.
 */
export class Bootstrap extends Component {
  /** Known once the roles are there. */
  readonly job: pulumi.Resource;
  private readonly object: string;

  constructor(
    name: string,
    private readonly args: BootstrapArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:system:Bootstrap", name, opts);
    this.object = physicalName("kubernetes", args.system, args.store, "roles");
    const before = [this.account(), this.networkPolicy(), this.secret()];
    this.job = this.runJob(before);
    this.registerOutputs();
  }

  /** A job that is done is never run again: what it does anew has another name, and so has its script. */
  private get revision(): string {
    const { image, roles } = this.args;
    const what = JSON.stringify([bootstrapScript, image, roles.owner, roles.database]);
    const digest = createHash("sha256").update(what).digest("hex").slice(0, 8);
    return physicalName("kubernetes", this.object, digest);
  }

  private metadata(name = this.object) {
    return {
      name,
      namespace: this.args.namespace.namespaceName,
      labels: this.labels,
    };
  }

  private get labels(): Record<string, string> {
    return {
      ...selector(this.object),
      "app.kubernetes.io/component": "bootstrap",
      "app.kubernetes.io/part-of": this.args.system,
      "app.kubernetes.io/managed-by": "pulumi",
    };
  }

  private within(...more: readonly pulumi.Resource[]): pulumi.CustomResourceOptions {
    return { ...this.inside, dependsOn: [this.args.namespace.resource, ...more] };
  }

  private networkPolicy(): pulumi.Resource {
    const { roles, addresses } = this.args;
    const reach = {
      ...{ ports: [], public: false, callers: [], callees: [], identity: false },
      destinations: [{ kind: "isolated", ports: [roles.port] }] as const,
    };
    return new k8s.networking.v1.NetworkPolicy(
      this.child("network"),
      { metadata: this.metadata(), spec: workloadPolicy(this.object, reach, addresses) },
      this.within(),
    );
  }

  private secret(): pulumi.Resource {
    const { secretStore, roles } = this.args;
    return new k8s.apiextensions.CustomResource(
      this.child("secret"),
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: { ...this.metadata(), annotations: { "pulumi.com/waitFor": "condition=Ready" } },
        spec: {
          refreshInterval,
          secretStoreRef: { kind: "ClusterSecretStore", name: secretStore.name },
          target: { name: this.object, creationPolicy: "Owner" },
          data: Object.entries(secretVariables).map(([secretKey, property]) => ({
            secretKey,
            remoteRef: { key: roles.master.entry, property },
          })),
        },
      },
      this.within(secretStore.resource, ...roles.master.filledBy),
    );
  }

  private runJob(before: readonly pulumi.Resource[]): pulumi.Resource {
    const script = new k8s.core.v1.ConfigMap(
      this.child("script"),
      { metadata: this.metadata(this.revision), data: { [scriptFile]: bootstrapScript }, immutable: true },
      this.within(),
    );
    return new k8s.batch.v1.Job(
      this.child("job"),
      {
        // A job that failed is made anew by the next update.
        metadata: { ...this.metadata(this.revision), annotations: { "pulumi.com/replaceUnready": "true" } },
        spec: {
          backoffLimit: retries,
          activeDeadlineSeconds: deadline,
          template: { metadata: { labels: this.labels }, spec: this.pod() },
        },
      },
      this.within(script, this.args.trust.resource, ...before, ...this.args.waitsFor),
    );
  }

  private pod(): k8s.types.input.core.v1.PodSpec {
    const { image, trust, roles } = this.args;
    return bootstrapPod({
      ...{ image, roles, trust: trust.name },
      secret: this.object,
      script: this.revision,
    });
  }

  private account(): pulumi.Resource {
    return new k8s.core.v1.ServiceAccount(
      this.child("account"),
      { metadata: this.metadata(), automountServiceAccountToken: false },
      this.within(),
    );
  }
}
