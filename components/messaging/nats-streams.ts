import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { amount, type NatsSettings } from "../../config";
import type { ConsumerSpec, NatsStore, StreamSpec } from "../../systems/spec";
import { Component } from "../base/component";
import { physicalName } from "../base/naming";
import { required } from "../base/required";
import { nackAccount } from "../base/operators";
import { natsAuthority, natsHost, natsName, natsSecrets } from "./nats-names";
import { natsPorts } from "../base/ports";

export interface NatsStreamsArgs {
  readonly spec: NatsStore;
  readonly settings: NatsSettings;
  readonly protect: boolean;
  /** Whether streams are kept when their objects are deleted. */
  readonly kept: boolean;
  readonly servers: pulumi.Resource;
  /** The namespace, the controller, and its login. */
  readonly waitsFor: readonly pulumi.Resource[];
}

const apiVersion = "jetstream.nats.io/v1beta2";

/** Replicas of a stream: a majority of three survives the loss of a zone. */
const copies = 3;

/**
 * The object of a stream. A full stream with consumers rejects new messages, so the publisher gets an error; one
 * without consumers discards the oldest.
 */
export function streamObject(
  name: string,
  { subjects, retention }: StreamSpec,
  settings: NatsSettings,
  kept: boolean,
) {
  const { maxAgeHours, maxBytes } = required(settings.streams[name], `stream ${name}`);
  return {
    name,
    subjects: [...subjects],
    retention,
    storage: "file",
    replicas: Math.min(copies, settings.servers),
    maxAge: `${maxAgeHours}h`,
    maxBytes: amount(maxBytes),
    discard: retention === "limits" ? "old" : "new",
    account: natsName,
    preventDelete: kept,
  };
}

/** The object of a durable pull consumer. */
export function consumerObject(stream: string, name: string, spec: ConsumerSpec, kept: boolean) {
  const { filterSubject, ackWaitSeconds, maxDeliver } = spec;
  return {
    streamName: stream,
    durableName: name,
    deliverPolicy: "all",
    ackPolicy: "explicit",
    ackWait: `${ackWaitSeconds}s`,
    maxDeliver,
    ...(filterSubject === undefined ? {} : { filterSubject }),
    account: natsName,
    preventDelete: kept,
  };
}

/**
 * The controller's connection to the servers: address and login. Requires its control loop: `jetstream.controlLoop` of
 * its chart.
 */
const accountObject = (namespace: string) => ({
  servers: [`tls://${natsHost(namespace)}:${natsPorts.client}`],
  tls: { secret: { name: natsAuthority.secret }, ca: natsAuthority.key },
  user: { secret: { name: natsSecrets.controller }, user: "user", password: "password" },
});

const objectName = (...parts: readonly string[]) =>
  physicalName("kubernetes", natsName, ...parts.map((part) => part.toLowerCase().replaceAll("_", "-")));

/**
 * The described streams and consumers, which the controller in the cluster creates. All wait for the servers but not
 * for each other: the controller retries until a consumer's stream exists, and a stream's consumers are deleted with
 * it.
 */
export class NatsStreams extends Component {
  /** Known once all of them exist. */
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    private readonly args: NatsStreamsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:messaging:NatsStreams", name, opts);
    const { spec, settings, protect, kept, servers, waitsFor } = args;
    const account = this.object("account", "Account", natsName, accountObject(spec.namespace), {
      dependsOn: [...waitsFor, this.rights()],
    });
    this.ready = Object.entries(spec.streams).flatMap(([key, described]) => {
      const stream = this.object(
        key,
        "Stream",
        objectName(key),
        streamObject(key, described, settings, kept),
        { dependsOn: [account, servers], protect },
      );
      const consumers = Object.entries(described.consumers).map(([consumer, each]) =>
        this.object(
          `${key}-${consumer}`,
          "Consumer",
          objectName(key, consumer),
          consumerObject(key, consumer, each, kept),
          { dependsOn: [account, servers], protect },
        ),
      );
      return [stream, ...consumers];
    });
    this.registerOutputs();
  }

  /**
   * Lets the controller read the login and the certificate authority of the account: its chart's RBAC excludes Secrets
   * here.
   */
  private rights(): pulumi.Resource {
    const metadata = { name: nackAccount.name, namespace: this.args.spec.namespace };
    // `waitsFor` includes the namespace.
    const opts = { ...this.inside, dependsOn: [...this.args.waitsFor] };
    new k8s.rbac.v1.Role(
      this.child("rights"),
      { metadata, rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] }] },
      opts,
    );
    return new k8s.rbac.v1.RoleBinding(
      this.child("rights", "binding"),
      {
        metadata,
        subjects: [{ kind: "ServiceAccount", ...nackAccount }],
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: nackAccount.name },
      },
      opts,
    );
  }

  private object(
    child: string,
    kind: "Account" | "Stream" | "Consumer",
    name: string,
    spec: object,
    opts: pulumi.CustomResourceOptions,
  ): pulumi.Resource {
    // An Account only has connection settings and no Ready condition.
    const awaited = kind === "Account" ? {} : { annotations: { "pulumi.com/waitFor": "condition=Ready" } };
    const metadata = { name, namespace: this.args.spec.namespace, ...awaited };
    return new k8s.apiextensions.CustomResource(
      this.child(child),
      { apiVersion, kind, metadata, spec },
      { ...this.inside, ...opts },
    );
  }
}
