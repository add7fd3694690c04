import type * as pulumi from "@pulumi/pulumi";
import type { SystemSpec } from "../../systems/spec";
import { physicalName } from "../naming";
import type { StoreOutputs } from "../store";
import { SharedVolume } from "../workload/shared-volume";
import { readers } from "./wiring";

/**
 * Makes a volume and its claim in each name space that mounts a store of shared files. The stores, those among them
 * ready when their claims are there. `name` is the parent's.
 */
export function withVolumes(
  name: string,
  spec: SystemSpec,
  stores: Readonly<Record<string, StoreOutputs>>,
  waitsFor: (namespace: string) => readonly pulumi.Resource[],
  opts: pulumi.ComponentResourceOptions,
): Record<string, StoreOutputs> {
  const outputs = { ...stores };
  for (const [key, store] of Object.entries(stores)) {
    const handle = store.volume;
    if (handle === undefined) continue;
    const namespaces = new Set(readers(spec, key).map(({ namespace }) => namespace));
    const claims = [...namespaces].map(
      (namespaceName) =>
        new SharedVolume(
          [name, key, namespaceName].join("-"),
          {
            name: physicalName("kubernetes", spec.name, key, namespaceName),
            claim: key,
            namespaceName,
            handle,
            waitsFor: waitsFor(namespaceName),
          },
          opts,
        ).claim,
    );
    outputs[key] = { ...store, ready: [...store.ready, ...claims] };
  }
  return outputs;
}
