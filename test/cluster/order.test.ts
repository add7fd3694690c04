import assert from "node:assert/strict";
import fc from "fast-check";

import { factsOf, shop } from "./fixtures/shop";
import { keyOf } from "./manifests";
import { type Graph, hostileOrder, kindOrder } from "./order";
import type { KubeObject } from "./types";

const objects = shop();
const keys = objects.map(keyOf);

/** Any graph without circles: an edge leads from a later node to an earlier one. Some nodes are no objects. */
const graphs: fc.Arbitrary<Graph> = fc
  .tuple(
    fc.shuffledSubarray([...keys, "vpc", "cluster", "component"], { minLength: keys.length + 3 }),
    fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 60 }),
  )
  .map(([nodes, pairs]) => {
    const before = new Map<string, string[]>(nodes.map((node) => [node, []]));
    for (const [a, b] of pairs) {
      const [first, second] = [a % nodes.length, b % nodes.length].sort((x, y) => x - y);
      if (first !== second) before.get(nodes[second ?? 0] ?? "")?.push(nodes[first ?? 0] ?? "");
    }
    return { nodes, before };
  });

describe("the order of the first apply", () => {
  it("holds every object once, and each after all that it depends on, through other resources, too", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const order = hostileOrder(objects, graph).map(keyOf);
        assert.deepEqual([...order].sort(), [...keys].sort());
        for (const key of order) {
          for (const earlier of reach(graph, key)) {
            if (keys.includes(earlier))
              assert.ok(order.indexOf(earlier) < order.indexOf(key), `${earlier} before ${key}`);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it("puts last first where the graph lets it", () => {
    const order = hostileOrder(objects, { nodes: keys, before: new Map() });
    assert.equal(order[0]?.kind, "Ingress");
    assert.equal(order.at(-1)?.kind, "Namespace");
  });

  it("falls back on the conventional order for what the graph doesn't know", () => {
    const order = hostileOrder(objects, factsOf(objects).graph);
    assert.deepEqual(order, kindOrder(objects));
    assert.equal(order[0]?.kind, "Namespace");
  });

  it("refuses a graph that goes round in a circle, by name", () => {
    const [a, b] = objects as [KubeObject, KubeObject];
    const before = new Map([
      [keyOf(a), [keyOf(b)]],
      [keyOf(b), [keyOf(a)]],
    ]);
    assert.throws(
      () => hostileOrder([a, b], { nodes: [keyOf(a), keyOf(b)], before }),
      /go round in a circle: .*ServiceAccount/,
    );
  });
});

function reach({ before }: Graph, node: string): Set<string> {
  const seen = new Set<string>();
  const visit = (one: string): void => {
    for (const earlier of before.get(one) ?? []) {
      if (seen.has(earlier)) continue;
      seen.add(earlier);
      visit(earlier);
    }
  };
  visit(node);
  return seen;
}
