import type { ELK, ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api";

import type { Box, Edge, Graph, Item } from "./picture";

interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A graph with a place for each of its parts, in pixels from the upper left corner. */
export interface Picture {
  width: number;
  height: number;
  /** From the outside in. */
  boxes: (Box & Place)[];
  items: (Item & Place)[];
  edges: (Edge & { points: { x: number; y: number }[] })[];
}

/** Pixels of a character, on average, in the picture's font. */
export const CHARACTER = 7.4;

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.layered.spacing.nodeNodeBetweenLayers": "70",
  "elk.spacing.nodeNode": "14",
  "elk.spacing.edgeNode": "12",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.json.shapeCoords": "ROOT",
  "elk.json.edgeCoords": "ROOT",
};

/** Lays out a graph in layers, from source to target. */
export async function layOut({ boxes, items, edges }: Graph): Promise<Picture> {
  const { default: Elk } = (await import("elkjs/lib/elk.bundled.js")) as unknown as {
    default: new () => ELK;
  };
  const below = (parent: string | undefined): ElkNode[] => [
    ...boxes
      .filter((box) => box.parent === parent)
      .map(({ id, label }) => ({
        id,
        children: below(id),
        layoutOptions: {
          "elk.padding": "[top=34,left=14,bottom=14,right=14]",
          "elk.nodeSize.constraints": "MINIMUM_SIZE",
          "elk.nodeSize.minimum": `(${Math.ceil(label.length * CHARACTER) + 24}, 0)`,
        },
      })),
    ...items.filter((item) => item.parent === parent).map(({ id, kind }) => ({ id, ...sizeOf(kind) })),
  ];
  const root: ElkNode = await new Elk().layout({
    id: "root",
    layoutOptions: OPTIONS,
    children: below(undefined),
    edges: edges.map(({ from, to }, index) => ({ id: `edge ${index}`, sources: [from], targets: [to] })),
  });
  const places = new Map<string, Place>();
  const drawn = new Map<string, ElkExtendedEdge>();
  const order: string[] = [];
  const visit = (node: ElkNode) => {
    const { id, x = 0, y = 0, width = 0, height = 0 } = node;
    places.set(id, { x, y, width, height });
    order.push(id);
    for (const edge of node.edges ?? []) drawn.set(edge.id, edge);
    node.children?.forEach(visit);
  };
  visit(root);
  const placed = <T extends { id: string }>(parts: readonly T[]) =>
    parts.flatMap((part) => {
      const place = places.get(part.id);
      return place === undefined ? [] : [{ ...part, ...place }];
    });
  return {
    width: root.width ?? 0,
    height: root.height ?? 0,
    boxes: placed(boxes).sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id)),
    items: placed(items),
    edges: edges.map((edge, index) => ({
      ...edge,
      points: (drawn.get(`edge ${index}`)?.sections ?? []).flatMap(
        ({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint],
      ),
    })),
  };
}

const sizeOf = (kind: Item["kind"]) =>
  kind === "subnet" ? { width: 130, height: 36 } : { width: 206, height: 44 };
