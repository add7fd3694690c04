import * as pulumi from "@pulumi/pulumi";
import type { PostgresStore, SystemSpec, WorkloadSpec } from "../../systems/spec";
import { Component } from "../base/component";
import { digestOf, externalSecret, propertiesOf, type SecretStore } from "../base/external-secret";
import { mirrored } from "../base/images";
import { physicalName } from "../base/naming";
import { trustPath, type StoreOutputs } from "../base/store";
import { connectionParameters, exporterSettings, postgresExporter } from "../data/postgres-exporter";
import type { Variable } from "../workload/pod";
import { metricsPort } from "../workload/ports";
import { Workload } from "../workload/workload";
import type { SystemInCluster } from "./system-base";
import { readers } from "./wiring";
import { systemLabels } from "../workload/labels";

/** A database, and the workload that serves its metrics. */
export interface DatabaseExporter {
  readonly store: string;
  readonly database: PostgresStore;
  readonly exporter: WorkloadSpec;
}

/**
 * Exporters of a system's databases: of those that a workload uses, in the namespace of the first one, which has the
 * authorities that the database is verified by.
 */
export const databaseExporters = (spec: SystemSpec): DatabaseExporter[] =>
  Object.entries(spec.stores).flatMap(([store, database]) => {
    const [reader] = readers(spec, store);
    if (database.kind !== "postgres" || reader === undefined) return [];
    const name = physicalName("kubernetes", spec.name, store, "exporter");
    return [{ store, database, exporter: postgresExporter(name, reader.namespace) }];
  });

type ExportersArgs = Pick<
  SystemInCluster,
  "spec" | "stores" | "namespaces" | "secretStore" | "addresses" | "operators" | "mirrors"
>;

/** Has Prometheus, if the stack file has it, read each database's statistics. */
export function runDatabaseExporters(parent: Component, args: ExportersArgs): void {
  if (args.operators.prometheus === undefined) return;
  for (const each of databaseExporters(args.spec)) run(parent, each, args);
}

function run(parent: Component, { store, exporter }: DatabaseExporter, args: ExportersArgs): void {
  const { spec, stores, namespaces, secretStore, addresses, operators } = args;
  const home = namespaces[exporter.namespace];
  const { server: database, secret, ready = [] } = stores[store] ?? {};
  if (!home?.trust || !database || !secret || !secretStore)
    throw new Error(`${spec.name}: ${store} has no server, login or authorities`);
  const port = metricsPort(exporter);
  const monitoring = new Monitoring(parent.child(store, "monitoring"), parent.inside);
  // The primary itself: the proxy has no login for the monitor, and would hide the server's sessions.
  const server = pulumi.interpolate`${database.host}:${database.port}/${database.database}`;
  const variables: Variable[] = [
    {
      name: "DATA_SOURCE_URI",
      value: pulumi.interpolate`${server}?${connectionParameters(`${trustPath}/bundle.pem`)}`,
    },
    ...Object.keys(loginVariables).map((name) => ({ name, secret: exporter.name, key: name })),
  ];
  new Workload(
    monitoring.child("exporter"),
    {
      system: spec.name,
      spec: exporter,
      settings: exporterSettings,
      image: mirrored(exporterSettings.image, args.mirrors),
      namespace: home.namespace.resource,
      variables,
      secret: login(parent, store, exporter, {
        secret,
        secretStore,
        namespace: home.namespace.resource,
        spec,
      }),
      trust: home.trust,
      reach: {
        ports: [],
        public: false,
        callers: [],
        metricsPort: port,
        callees: [],
        destinations: [{ kind: "isolated", ports: [database.port] }],
        identity: false,
      },
      addresses,
      operators,
      waitsFor: [home.trust.resource, ...ready],
    },
    monitoring.inside,
  );
}

/** Groups what monitors a database, apart from the system's own workloads. */
class Monitoring extends Component {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("plinth:data:Monitoring", name, opts);
    this.registerOutputs();
  }
}

/** Properties of the application's entry, by the variables that the exporter reads at its start. */
const loginVariables = { DATA_SOURCE_USER: "monitorUser", DATA_SOURCE_PASS: "monitorPassword" } as const;

/** The Secret of the monitor's login, which only the exporter reads. */
function login(
  parent: Component,
  store: string,
  { name, namespace: namespaceName }: WorkloadSpec,
  {
    spec,
    secret,
    secretStore,
    namespace,
  }: {
    readonly spec: SystemSpec;
    readonly secret: NonNullable<StoreOutputs["secret"]>;
    readonly secretStore: SecretStore;
    readonly namespace: pulumi.Resource;
  },
) {
  const source = digestOf([secret.version]);
  const { resource, content } = externalSecret(parent, `${store}-exporter-login`, {
    secret: name,
    namespace: namespaceName,
    store: secretStore,
    labels: systemLabels(spec.name),
    annotations: { "checksum/source": source },
    data: propertiesOf(secret.entry, loginVariables),
    waitsFor: [namespace, ...secret.filledBy],
  });
  return { name, resource, digest: digestOf({ read: content, source }) };
}
