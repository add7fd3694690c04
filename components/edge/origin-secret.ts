import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Component } from "../base/component";

/** Characters of a secret: letters and digits, which a header takes as they are; 64 of them are 381 bits. */
const length = 64;

/** The secret between CDN and load balancer: the one that the CDN sends, and the one that it sends next. */
export interface OriginSecrets {
  readonly current: pulumi.Output<string>;
  readonly next: pulumi.Output<string>;
}

/**
 * Secrets of a generation. The load balancer takes both, so that the CDN can change from one to the other while its edge
 * locations still send the first: the secret that is next in one generation is the current one of the generation after.
 */
export function originSecrets(parent: Component, generation: number): OriginSecrets {
  const of = (number: number) =>
    new random.RandomPassword(
      parent.child("origin-secret", number),
      { length, special: false },
      parent.inside,
    ).result;
  return { current: of(generation), next: of(generation + 1) };
}
