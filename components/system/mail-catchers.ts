import type { SystemSettings, WorkloadSettings } from "../../config";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import { images, mirrored } from "../base/images";
import { mailpit } from "../messaging/mailpit";
import { Workload } from "../workload/workload";
import type { SystemInCluster } from "./system-base";
import { variables } from "./variables";
import { readers } from "./wiring";

/** A mail catcher: a workload that the system's description doesn't contain. */
export interface MailCatcher {
  /** Key of the mail store that it replaces. */
  readonly key: string;
  readonly spec: WorkloadSpec;
  readonly settings: WorkloadSettings;
}

/** Mailpit is small and has the same size in every environment. */
const resources = { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } };

/** Mail catchers of a system: one for each mail store whose mail is to be caught. */
export function mailCatchers(spec: SystemSpec, settings: SystemSettings): MailCatcher[] {
  return Object.entries(spec.stores).flatMap(([key, store]) => {
    const mail = settings.stores.mail[key];
    if (store.kind !== "mail" || mail?.kind !== "mailpit") return [];
    return [
      {
        key,
        spec: mailpit(store),
        settings: { image: images.mailpit.image, replicas: 1, minAvailable: 0, resources },
      },
    ];
  });
}

/** Catches a system's mail in the cluster. Only workloads that refer to the mail store may connect. */
export function runMailCatcher(
  parent: Component,
  { key, spec, settings }: MailCatcher,
  args: Pick<SystemInCluster, "spec" | "settings" | "addresses" | "mirrors" | "namespaces">,
): void {
  const home = args.namespaces[spec.namespace];
  if (home === undefined) throw new Error(`${spec.name}: no namespace ${spec.namespace}`);
  const callers = readers(args.spec, key).map(({ name: caller, namespace }) => ({ name: caller, namespace }));
  const ports = Object.values(spec.listen?.ports ?? {});
  new Workload(
    parent.child(key),
    {
      system: args.spec.name,
      spec,
      settings,
      image: mirrored(settings.image, args.mirrors),
      namespace: home.namespace.resource,
      variables: variables(args.spec, spec, args.settings, {}),
      reach: { ports, public: false, callers, callees: [], destinations: [], identity: false },
      addresses: args.addresses,
      waitsFor: [],
    },
    parent.inside,
  );
}
