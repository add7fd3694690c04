import type * as pulumi from "@pulumi/pulumi";
import { apiOf, buildOf, isStopped, migratedStore, type SystemSettings, releaseOf } from "../../config";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import { externalSecret, propertiesOf, type SecretStore } from "../base/external-secret";
import { physicalName } from "../base/naming";
import { primaryIdentifier } from "../data/instances";
import type { Releases } from "../edge/routes";
import { Gates } from "../jobs/gates";
import { loadTest } from "../jobs/load-test";
import { gateRevision, imagesRevision, type KnownImage } from "../jobs/revision";
import { smokeTest } from "../jobs/smoke-test";
import type { References } from "../workload/built-images";
import type { Namespace } from "../workload/namespace";
import { environmentOf } from "../workload/pod";
import { smokeNamespace } from "./reach";
import type { SystemInCluster } from "./system-base";
import { variables } from "./variables";
import { systemLabels } from "../workload/labels";

export interface ReleaseArgs extends SystemInCluster {
  readonly registry: string;
  /** Images that are built here, by their names. */
  readonly images: References;
}

/** Image of a workload: the digest of the image built here, or the one that the stack file names. */
export const imageReference = (
  image: string,
  { images, registry }: Pick<ReleaseArgs, "images" | "registry">,
): pulumi.Input<string> => images[image] ?? withRegistry(image, registry);

const knownImage = (image: string, { settings, registry }: ReleaseArgs): KnownImage => ({
  image: withRegistry(image, registry),
  source: buildOf(settings.workloads, image)?.digest,
});

/** The last gate of a system that migrates a database. An empty list: no gates. */
export function gates(parent: Component, args: ReleaseArgs): pulumi.Resource[] {
  const { context, spec, settings, addresses, stores } = args;
  const workload = spec.workloads[spec.migration?.workload ?? ""];
  const amounts = settings.workloads[spec.migration?.workload ?? ""];
  const home = args.namespaces[workload?.namespace ?? ""];
  const store = migratedStore(spec);
  const database = store === undefined ? undefined : stores[store];
  if (spec.migration === undefined || workload === undefined || amounts === undefined) return [];
  // Rollback: an earlier image runs with the current schema, so its own migrations are skipped.
  if (settings.gates.rollbackTo !== undefined) return [];
  if (store === undefined || database === undefined || home?.trust === undefined) return [];
  const { secretStore } = args;
  if (secretStore === undefined) throw new Error(`${spec.name}: no secret store`);
  const { image, resources } = amounts;
  const { host = "", port = "", database: named = "" } = database.plain;
  const { scratch, user } = workload.image;
  return [
    new Gates(
      parent.child("gates"),
      {
        system: spec.name,
        settings: settings.gates,
        namespace: home.namespace,
        addresses,
        mirrors: args.mirrors,
        trust: home.trust,
        server: { host, port, database: named },
        destinations: database.destinations,
        instance: primaryIdentifier(context.prefix, spec.name),
        login: login(parent, "gates-login", store, { ...args, secretStore }, home.namespace),
        container: {
          image: imageReference(image, args),
          user,
          scratch,
          resources,
          env: [
            ...environmentOf(variables(spec, workload, settings, stores)),
            // Tools need a writable home directory, and the root file system is read-only.
            ...Object.values(scratch)
              .slice(0, 1)
              .map((value) => ({ name: "HOME", value })),
          ],
        },
        migrate: spec.migration.migrate,
        verify: spec.migration.verify,
        seed: spec.migration.seed,
        revision: gateRevision(knownImage(image, args), settings.gates.retry),
        waitsFor: [...database.ready, ...(home.secret === undefined ? [] : [home.secret.resource])],
      },
      parent.inside,
    ).passed,
  ];
}

/** The workloads' login in psql's form: their own Secret has it only in a connection string. */
function login(
  parent: Component,
  key: string,
  store: string,
  { spec, stores, secretStore }: ReleaseArgs & { readonly secretStore: SecretStore },
  { namespaceName: namespace, resource: there }: Namespace,
): { name: string; resource: pulumi.Resource } {
  const object = physicalName("kubernetes", spec.name, "preflight");
  const { entry = "", filledBy = [] } = stores[store]?.secret ?? {};
  const { resource } = externalSecret(parent, key, {
    secret: object,
    namespace,
    store: secretStore,
    labels: systemLabels(spec.name),
    data: propertiesOf(entry, { user: "user", password: "password" }),
    waitsFor: [there, ...filledBy],
  });
  return { name: object, resource };
}

/** Tests of a system in the cluster: the smoke test after each release, and the load test if configured. */
export function tests(parent: Component, args: ReleaseArgs, last: readonly pulumi.Resource[]): void {
  const { spec, settings, addresses, namespaces } = args;
  const { mirrors } = args;
  const smoke = namespaces[smokeNamespace(spec)];
  const tested = Object.entries(spec.workloads).flatMap(([key, workload]) => {
    const amounts = settings.workloads[key];
    return workload.listen === undefined || amounts === undefined || isStopped(amounts)
      ? []
      : [{ spec: workload, settings: amounts }];
  });
  if (smoke !== undefined && tested.length > 0) {
    const images = Object.values(settings.workloads).map(({ image }) => knownImage(image, args));
    const revision = imagesRevision(images, settings.gates.retry);
    smokeTest(parent, "smoke-test", {
      system: spec.name,
      namespace: smoke.namespace,
      addresses,
      tested,
      revision,
      waitsFor: [...last, ...(smoke.serviceAuthority === undefined ? [] : [smoke.serviceAuthority])],
      mirrors,
    });
  }
  const api = apiOf(spec);
  const home = namespaces[api?.namespace ?? ""];
  const called = Object.entries(settings.workloads).some(
    ([key, amounts]) => spec.workloads[key] === api && !isStopped(amounts),
  );
  if (settings.loadTest !== undefined && api !== undefined && home !== undefined && called)
    loadTest(parent, "load-test", {
      system: spec.name,
      settings: settings.loadTest,
      namespace: home.namespace,
      addresses,
      api,
      waitsFor: home.serviceAuthority === undefined ? [] : [home.serviceAuthority],
      mirrors,
    });
}

/**
 * The first part of an image's name is a registry if it has a dot or a port. Otherwise the image is in the
 * environment's registry.
 */
export function withRegistry(image: string, registry: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && /[.:]/.test(first) ? image : `${registry}/${image}`;
}

/** Order in which workloads are updated to a new version, by component. Source: requirement REL-4. */
const order: readonly (readonly WorkloadSpec["component"][])[] = [["core", "worker"], ["api"], ["frontend"]];

/** A system's workloads by the stages of an update. Workloads of one stage are updated at once. */
export const stages = (spec: SystemSpec): [key: string, workload: WorkloadSpec][][] =>
  order
    .map((components) =>
      Object.entries(spec.workloads).filter(([, { component }]) => components.includes(component)),
    )
    .filter((stage) => stage.length > 0);

/** Release strategies of a system's workloads, by the workload's name. */
export const releasesOf = (spec: SystemSpec, settings: SystemSettings): Releases =>
  Object.fromEntries(
    Object.entries(spec.workloads).map(([key, { name }]) => [name, releaseOf(settings.workloads[key] ?? {})]),
  );
