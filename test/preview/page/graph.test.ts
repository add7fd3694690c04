import assert from "node:assert/strict";
import { graphOf } from "../../../preview/report/page/graph";
import type { Graph } from "../../../preview/report/page/picture";
import { layOut } from "../../../preview/report/page/layout";
import { page } from "../../../preview/report/page/page";
import { timelineOf } from "../../../preview/report/page/timeline";
import { document, type Plan, type PlannedResource } from "../../../preview/report/json";
import { fits } from "../../../preview/report/trace";
import { recordingOf } from "../../support/frozen";

const verdicts = { pack: { name: "pack", version: "1" }, policies: [], violations: [] };
const planOf = async () => document("prod", await recordingOf("prod"), verdicts);

const nameOf = ({ items }: Graph, id: string) => {
  const item = items.find((each) => each.id === id) ?? assert.fail(id);
  return `${item.system} ${item.label}`.trim();
};

describe("the picture of a plan", () => {
  it("has workloads in their namespaces, stores in their subnets", async () => {
    const graph = graphOf((await planOf()).resources);
    const boxOf = (system: string, label: string) => {
      const item = graph.items.find((each) => each.system === system && each.label === label);
      return graph.boxes.find(({ id }) => id === item?.parent)?.label;
    };
    assert.equal(boxOf("ams", "api"), "namespace ams");
    assert.equal(boxOf("ams", "postgres"), "isolated ams subnets");
    assert.equal(boxOf("opmas", "nats"), "namespace opmas-core");
    assert.match(boxOf("ams", "ams objects") ?? "", /^Region /);
  });

  it("has an edge where a policy, a route or a role allows access, and no others", async () => {
    const graph = graphOf((await planOf()).resources);
    const edges = graph.edges.map(
      ({ from, to, kind }) => `${nameOf(graph, from)} -> ${nameOf(graph, to)} ${kind}`,
    );
    for (const edge of [
      "Internet -> application load balancer route",
      "application load balancer -> ams api route",
      "ams api -> ams postgres network",
      "opmas core -> opmas nats network",
      "ams api -> ams ams objects iam",
    ])
      assert.ok(edges.includes(edge), `${edge} isn't among:\n${edges.join("\n")}`);
    const across = edges.filter((edge) => /^ams .* -> (opmas|tapwork|asset-management) /.test(edge));
    assert.deepEqual(across, []);
    assert.ok(
      !edges.some((edge) => /^ams web -> ams postgres/.test(edge)),
      "the front end reaches the database",
    );
  });

  it("is laid out without overlaps within a box", async () => {
    const { items, edges, boxes } = await layOut(graphOf((await planOf()).resources));
    for (const one of items)
      for (const other of items) {
        if (one === other || one.parent !== other.parent) continue;
        const apart =
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y;
        assert.ok(apart, `${one.id} and ${other.id}`);
      }
    assert.ok(edges.every(({ points }) => points.length >= 2));
    for (const item of items) {
      const box = boxes.find(({ id }) => id === item.parent);
      if (box !== undefined) assert.ok(item.x >= box.x && item.y >= box.y, item.label);
    }
  });

  it("is empty for a program without regions", async () => {
    const plan = { ...(await planOf()), resources: [] };
    assert.deepEqual(graphOf([]), { boxes: [], items: [], edges: [] });
    assert.match(await page(plan, { keys: {}, trace: [] }), /^<!doctype html>/);
  });
});

describe("the page", () => {
  it("shows text of the plan as text", async () => {
    const plan: Plan = { ...(await planOf()), stack: "<b>x</b>", resources: [] };
    const html = await page(plan, { keys: { systems: { "<i>": { objectives: { a: "<u>" } } } }, trace: [] });
    for (const tag of ["<b>x", "<i>", "<u>"]) assert.ok(!html.includes(tag), tag);
  });
});

describe("the page's costs", () => {
  it("are summed by system and by component", async () => {
    const cost = [
      { component: "primary-ams-stores-postgres", resource: "one", usd: 100, assumption: "" },
      { component: "primary-ams-stores-cache", resource: "two", usd: 20.5, assumption: "" },
      { component: "primary-network", resource: "three", usd: 30, assumption: "" },
    ];
    const html = await page(await planOf(), { keys: {}, trace: [], cost });
    for (const row of [
      "ams</th><td>120.50",
      "shared</th><td>30.00",
      "primary-ams-stores-cache</th><td>20.50",
    ])
      assert.ok(html.includes(row), row);
    assert.match(html, /USD 150\.50 at list prices/);
  });
});

describe("the timeline", () => {
  const resource = (name: string, type: string, dependencies: string[] = []): PlannedResource => ({
    urn: name,
    type,
    name,
    parent: null,
    provider: null,
    custom: true,
    protect: false,
    dependencies,
    inputs: {},
    options: {},
  });

  it("starts each resource after what it depends on; the critical path is the longest", () => {
    const { total, critical } = timelineOf([
      resource("cluster", "aws:eks/cluster:Cluster"),
      resource("database", "aws:rds/instance:Instance"),
      resource("replica", "aws:rds/instance:Instance", ["database"]),
      resource("job", "kubernetes:batch/v1:Job", ["cluster", "replica"]),
    ]);
    assert.deepEqual(
      critical.map(({ urn, start }) => [urn, start]),
      [
        ["database", 0],
        ["replica", 15],
        ["job", 30],
      ],
    );
    assert.equal(total, 31);
  });

  it("of prod takes tens of minutes, and has the source of each time", async () => {
    const { total, bars, critical } = timelineOf((await planOf()).resources);
    assert.ok(total > 15 && total < 120, `${total} minutes`);
    assert.ok(bars.length > 20 && critical.length > 3);
    for (const { source, urn } of critical) assert.ok(source !== "" || !urn.includes("aws:"), urn);
  });
});

describe("a mark of a requirement", () => {
  it("fits a type, or a type and a pattern of names", () => {
    const bucket = { type: "aws:s3/bucket:Bucket", name: "primary-ams-stores-objects-bucket" };
    assert.ok(fits("aws:s3/bucket:Bucket", bucket));
    assert.ok(fits("aws:s3/bucket:Bucket primary-ams-*", bucket));
    assert.ok(!fits("aws:s3/bucket:Bucket primary-opmas-*", bucket));
    assert.ok(!fits("aws:s3/bucket", bucket));
  });
});
