import type { Component } from "../../base/component";
import type { Namespace } from "../namespace";
import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { trustPath, type Authority } from "../../base/store";
import { amazonAuthorities } from "./authorities-amazon";
import { rdsAuthorities } from "./authorities-rds";

/** Volume and mount of the certificates. `name` is the ConfigMap's. */
export const trustVolume = (name: string): k8s.types.input.core.v1.Volume => ({
  name: "trust",
  configMap: { name },
});
export const trustMount: k8s.types.input.core.v1.VolumeMount = {
  name: "trust",
  mountPath: trustPath,
  readOnly: true,
};

/**
 * Volume of a store's own authority: only its certificate, whatever else its Secret contains. It is updated on
 * renewals.
 */
export const authorityVolume = ({ secret, key }: Authority): k8s.types.input.core.v1.Volume => ({
  name: secret,
  secret: { secretName: secret, items: [{ key, path: key }] },
});
export const authorityMount = ({ secret, path }: Authority): k8s.types.input.core.v1.VolumeMount => ({
  name: secret,
  mountPath: path,
  readOnly: true,
});

/**
 * The files: all authorities for clients that read several certificates, and the current one for clients that read only
 * one. Throws for a region without an entry.
 */
export function trustFiles(region: string): Record<"bundle.pem" | "rds.pem" | "amazon.pem", string> {
  const rds = rdsAuthorities[region];
  if (rds === undefined)
    throw new pulumi.RunError(
      `No RDS certificate authorities for ${region}; known regions are ${Object.keys(rdsAuthorities).join(", ")}. ` +
        "Add the region's bundle to components/workload/trust/authorities-rds.ts, which says where it is.",
    );
  return {
    "bundle.pem": [...rds, ...amazonAuthorities].join(""),
    "rds.pem": rds[0],
    "amazon.pem": amazonAuthorities[0],
  };
}

/** Certificate authorities of databases for a namespace's pods. */
export interface Trust {
  readonly name: string;
  readonly resource: pulumi.Resource;
}

/** Creates the certificates' ConfigMap in a namespace. Its name changes with them, so pods restart. */
export function trust(
  parent: Component,
  key: string,
  args: { readonly region: string; readonly namespace: Pick<Namespace, "namespaceName" | "resource"> },
): Trust {
  const data = trustFiles(args.region);
  const digest = createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 8);
  const objectName = `trust-${digest}`;
  const metadata = {
    name: objectName,
    namespace: args.namespace.namespaceName,
    labels: { "app.kubernetes.io/managed-by": "pulumi" },
  };
  const resource = new k8s.core.v1.ConfigMap(
    parent.child(key),
    { metadata, data, immutable: true },
    { ...parent.inside, dependsOn: [args.namespace.resource] },
  );
  return { name: objectName, resource };
}
