import type * as pulumi from "@pulumi/pulumi";
import type { MirrorSettings, SystemSettings } from "../../config";
import type { SystemSpec } from "../../systems/spec";
import { mirrored } from "../images";
import type { Addresses } from "../workload/network-policy";
import { Workload } from "../workload/workload";
import { variables } from "./environment";
import type { MailCatcher } from "./mail-catchers";
import { readers } from "./wiring";

/** Makes what catches a system's mail in the cluster. Who is let in follows from who sends. */
export function mailCatcher(
  name: string,
  { key, spec, settings }: MailCatcher,
  args: {
    readonly spec: SystemSpec;
    readonly settings: SystemSettings;
    readonly addresses: Addresses;
    /** Stand for public registries. Default: none. */
    readonly mirrors?: MirrorSettings;
    readonly places: Readonly<Record<string, { readonly namespace: pulumi.Resource }>>;
  },
  opts: { readonly parent: pulumi.Resource },
): void {
  const place = args.places[spec.namespace];
  if (place === undefined) throw new Error(`${spec.name}: no name space ${spec.namespace}`);
  const callers = readers(args.spec, key).map(({ name: caller, namespace }) => ({ name: caller, namespace }));
  const ports = Object.values(spec.listen?.ports ?? {});
  new Workload(
    name,
    {
      system: args.spec.name,
      spec,
      settings,
      image: mirrored(settings.image, args.mirrors),
      namespace: place.namespace,
      variables: variables(args.spec, spec, args.settings, {}),
      reach: { ports, public: false, callers, callees: [], destinations: [], identity: false },
      addresses: args.addresses,
      waitsFor: [],
    },
    opts,
  );
}
