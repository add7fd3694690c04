import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";

export interface SharedVolumeArgs {
  /** Name of the volume, unique in the cluster. */
  readonly name: string;
  /** Name of the claim, by which pods of its namespace mount it. */
  readonly claim: string;
  readonly namespaceName: string;
  /** `<file system>::<access point>` of EFS. */
  readonly handle: pulumi.Input<string>;
  /** Dependencies: the namespace, the driver. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** EFS has no size, but Kubernetes requires one. */
const size = "1Gi";
const accessModes = ["ReadWriteMany"];

/** An existing file system as a volume that the pods of one namespace can mount, over TLS. */
export class SharedVolume extends Component {
  /** The claim: pods that mount it wait for it. */
  readonly claim: pulumi.Resource;

  constructor(name: string, args: SharedVolumeArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:workload:SharedVolume", name, opts);
    const { name: volumeName, claim, namespaceName: namespace, handle, waitsFor } = args;
    const within = { ...this.inside, dependsOn: [...waitsFor] };
    const volume = new k8s.core.v1.PersistentVolume(
      this.child("volume"),
      {
        metadata: { name: volumeName },
        spec: {
          capacity: { storage: size },
          volumeMode: "Filesystem",
          accessModes,
          // Deleting the volume keeps the file system.
          persistentVolumeReclaimPolicy: "Retain",
          // No class, so nothing is provisioned and no other claim binds the volume.
          storageClassName: "",
          claimRef: { namespace, name: claim },
          mountOptions: ["tls"],
          csi: { driver: "efs.csi.aws.com", volumeHandle: handle },
        },
      },
      within,
    );
    this.claim = new k8s.core.v1.PersistentVolumeClaim(
      this.child("claim"),
      {
        metadata: { name: claim, namespace },
        spec: {
          accessModes,
          storageClassName: "",
          volumeName,
          resources: { requests: { storage: size } },
        },
      },
      { ...this.inside, dependsOn: [...waitsFor, volume] },
    );
    this.registerOutputs();
  }
}
