import assert from "node:assert/strict";
import fc from "fast-check";

import { factsOf, shop } from "./fixtures/shop";
import { keyOf } from "./manifests";
import { type Graph, hostileOrder, kindOrder } from "./order";
import type { KubeObject } from "./types";

const objects = shop();
const keys = objects.map(keyOf);

/** Any acyclic graph: edges lead from later nodes to earlier ones. Some nodes aren't objects. */
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
  it("contains every object once, after its direct and indirect dependencies", () => {
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

  it("reverses the conventional order if the graph allows it", () => {
    const order = hostileOrder(objects, { nodes: keys, before: new Map() });
    assert.equal(order[0]?.kind, "Ingress");
    assert.equal(order.at(-1)?.kind, "Namespace");
  });

  it("uses the conventional order for objects that aren't in the graph", () => {
    const order = hostileOrder(objects, factsOf(objects).graph);
    assert.deepEqual(order, kindOrder(objects));
    assert.equal(order[0]?.kind, "Namespace");
  });

  it("refuses a cyclic graph with the names in it", () => {
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
