import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Component } from "../base/component";

/** Random bytes in the name, one value per incarnation of a database: six hexadecimal characters. */
const byteLength = 3;

/**
 * Name of the final snapshot of a database or cache. A replacement gets another name, since the snapshot of its
 * predecessor may still exist. `keepers` are the instance's identity: when they change, the instance is replaced.
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
