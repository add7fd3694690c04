import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { type Control, onStack } from "./control";
import { byType, refersTo, sourcesOf } from "./joins";

/**
 * One row of a policy: the identifying property of A, the property of B that refers to it, what B does, and optionally a
 * filter of the As, which can read all resources of a type. A property follows its type: `aws:sqs/queue:Queue.url`.
 */
export type Companion = readonly [
  of: string,
  by: string,
  purpose: string,
  when?: (owner: PolicyResource, allOf: (type: string) => readonly PolicyResource[]) => boolean,
];

/** "Every A must have a B": a policy as rows of data. */
export function beside(control: Control, rows: readonly Companion[]): StackValidationPolicy {
  return onStack(control, (resources, report) => {
    const known = byType(resources);
    const allOf = (type: string): readonly PolicyResource[] => known.get(type) ?? [];
    for (const [of, by, purpose, when] of rows) {
      const [owner, name] = split(of);
      const [companion, property] = split(by);
      // This finds most: comparing each A with each B is too slow in a stack with hundreds of resources.
      const sources = new Set(
        allOf(companion)
          .flatMap((one) => sourcesOf(one, property))
          .map(({ urn }) => urn),
      );
      for (const one of allOf(owner)) {
        if (when?.(one, allOf) === false) continue;
        if (sources.has(one.urn)) continue;
        if (allOf(companion).some((candidate) => refersTo(candidate, property, one, name))) continue;
        report(`${one.name} has no ${companion.replace(/^.*:/, "")}, which ${purpose}.`, one.urn);
      }
    }
  });
}

const split = (text: string): [type: string, property: string] => {
  const dot = text.lastIndexOf(".");
  return [text.slice(0, dot), text.slice(dot + 1)];
};
