import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Component } from "../base/component";

/** Characters of a secret. Letters and digits need no escaping in a header; 64 of them have 381 bits. */
const length = 64;

/** Secrets that CDN and load balancer share: the one that the CDN sends, and its successor. */
export interface OriginSecrets {
  readonly current: pulumi.Output<string>;
  readonly next: pulumi.Output<string>;
}

/**
 * Secrets of a generation. The load balancer accepts both, so a rotation refuses no request while some edge locations
 * still send the old one: `next` of one generation is `current` of the following one.
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
