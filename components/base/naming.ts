import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * Longest physical name by type, in characters, for names that Plinth chooses.
 *
 * Sources: the services' own API references (identifier constraints).
 */
const limits = {
  backupPlan: 50,
  backupVault: 50,
  bucket: 63,
  cacheReplicationGroup: 40,
  cacheUser: 40,
  cacheSubnetGroup: 255,
  cluster: 100,
  databaseInstance: 63,
  databaseProxy: 63,
  databaseSubnetGroup: 255,
  deliveryStream: 64,
  function: 64,
  kubernetes: 63,
  loadBalancer: 32,
  logDelivery: 60,
  logGroup: 512,
  queue: 80,
  rolePrefix: 37,
  schedule: 64,
  searchDomain: 28,
  secret: 512,
  targetGroup: 32,
  topic: 256,
  webAcl: 128,
} as const;

export type NamedType = keyof typeof limits;

const hashLength = 6;

/**
 * Physical name of a resource: the parts joined by `-`. A name that is too long for its type is cut and ends in a hash
 * of the whole name, so two long names never collide.
 */
export function physicalName(type: NamedType, ...parts: readonly string[]): string {
  const name = parts.join("-");
  const limit = limits[type];
  if (name.length <= limit) return name;
  const tail = createHash("sha256").update(name).digest("hex").slice(0, hashLength);
  return `${name.slice(0, limit - hashLength - 1).replace(/-+$/, "")}-${tail}`;
}

/**
 * Name prefix of an IAM role. IAM allows 64 characters, of which the AWS provider's suffix takes 26. Pulumi's
 * auto-naming has a shorter suffix but fails when a name is too long, which a slightly longer system or store name
 * would cause.
 */
export const rolePrefix = (name: string): string => `${physicalName("rolePrefix", name)}-`;

/** A name that others look up, so it can't be cut. Throws when it is too long for its type. */
export function exactName(type: NamedType, name: string): string {
  const limit = limits[type];
  if (name.length > limit)
    throw new pulumi.RunError(
      `The name "${name}" has ${name.length} characters; a ${type} name has at most ${limit}. Choose a shorter one.`,
    );
  return name;
}
