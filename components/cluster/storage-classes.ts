import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { scratchClass } from "../../standards/objects";
import type { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";

/** The class of volumes that name none. Auto Mode creates none. Source: EKS user guide, create a storage class. */
export function defaultStorageClass(
  parent: Component,
  key: string,
  { disposable, tags }: Context,
  keys: KeyArns,
): { readonly name: string; readonly resource: pulumi.Resource } {
  const name = "encrypted";
  const metadata = { name, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } };
  // Fixed for the class's life: a class that followed `protect` would be replaced before `destroy`.
  const reclaimPolicy = disposable ? "Delete" : "Retain";
  return { name, resource: storageClass(parent, key, { metadata, reclaimPolicy }, tags, keys) };
}

/** The class of jobs' volumes, which are deleted with their pods. */
export const scratchStorageClass = (
  parent: Component,
  key: string,
  { tags }: Context,
  keys: KeyArns,
): pulumi.Resource =>
  storageClass(parent, key, { metadata: { name: scratchClass }, reclaimPolicy: "Delete" }, tags, keys);

const storageClass = (
  parent: Component,
  key: string,
  given: Pick<k8s.types.input.storage.v1.StorageClass, "metadata" | "reclaimPolicy">,
  tags: Context["tags"],
  keys: KeyArns,
): pulumi.Resource =>
  new k8s.storage.v1.StorageClass(
    parent.child(key),
    {
      ...given,
      provisioner: "ebs.csi.eks.amazonaws.com",
      parameters: { type: "gp3", encrypted: "true", kmsKeyId: keys.cluster, ...tagParameters(tags) },
      // Creates the volume in the zone where its pod is scheduled.
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
    },
    parent.inside,
  );

/** Tags of the volumes in the EBS driver's form: one numbered parameter each. */
const tagParameters = (tags: Context["tags"]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags).map(([key, value], index) => [`tagSpecification_${index + 1}`, `${key}=${value}`]),
  );
