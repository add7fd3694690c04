import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Component } from "../base/component";

/** Bytes of the part that differs from one life of a database to the next: six characters of its name. */
const byteLength = 3;

/**
 * Name of the snapshot that is left when a database or cache goes. It stays the same for one life of it, and is another
 * for the next, since the snapshot of the life before may still have its name. `keepers` are the instance's identity: a
 * replacement is a new life.
 */
export function finalSnapshot(
  parent: Component,
  key: string,
  identifier: string,
  keepers: Readonly<Record<string, string>>,
): pulumi.Output<string> {
  const { hex } = new random.RandomId(
    parent.child(key),
    { byteLength, keepers: { identifier, ...keepers } },
    parent.inside,
  );
  return hex.apply((life) => `${identifier}-final-${life}`);
}
