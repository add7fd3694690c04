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
  /** Streams outlive their objects in the cluster. */
  readonly kept: boolean;
  readonly servers: pulumi.Resource;
  /** The namespace, the controller, and its login. */
  readonly waitsFor: readonly pulumi.Resource[];
}

const apiVersion = "jetstream.nats.io/v1beta2";

/** Copies that JetStream keeps of a message: a majority of three survives the loss of a zone. */
const copies = 3;

/**
 * A stream as its controller wants it. One whose messages somebody has yet to read refuses new ones when it is full, so
 * that the publisher learns of it; a plain record forgets its oldest.
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

/** A durable consumer that readers pull from. */
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
 * How the controller reaches the servers, and as whom. Needs its control loop: `jetstream.controlLoop` of its chart.
 */
export const accountObject = (namespace: string) => ({
  servers: [`tls://${natsHost(namespace)}:${natsPorts.client}`],
  tls: { secret: { name: natsAuthority.secret }, ca: natsAuthority.key },
  user: { secret: { name: natsSecrets.controller }, user: "user", password: "password" },
});

const objectName = (...parts: readonly string[]) =>
  physicalName("kubernetes", natsName, ...parts.map((part) => part.toLowerCase().replaceAll("_", "-")));

/**
 * The described streams and consumers, made by the controller in the cluster. All wait for the servers and nothing for
 * each other: the controller tries until what it needs is there, and a consumer goes with its stream.
 */
export class NatsStreams extends Component {
  /** Known once each of them is there. */
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

  /** Lets the controller read the login and the authority that the account names: its chart gives it no Secret. */
  private rights(): pulumi.Resource {
    const metadata = { name: nackAccount.name, namespace: this.args.spec.namespace };
    // The namespace is among what is waited for.
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
    // An account is a note on how to connect: nothing becomes ready.
    const awaited = kind === "Account" ? {} : { annotations: { "pulumi.com/waitFor": "condition=Ready" } };
    const metadata = { name, namespace: this.args.spec.namespace, ...awaited };
    return new k8s.apiextensions.CustomResource(
      this.child(child),
      { apiVersion, kind, metadata, spec },
      { ...this.inside, ...opts },
    );
  }
}
