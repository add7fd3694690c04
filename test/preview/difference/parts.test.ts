import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { changesOf } from "../../../preview/difference/changes";
import { compare } from "../../../preview/difference/compare";
import { differenceOf } from "../../../preview/difference/document";
import { humanDifference } from "../../../preview/difference/human";
import { markdownDifference } from "../../../preview/difference/markdown";
import { checked } from "../../../preview/difference/other-plan";
import { replaces, replacingPaths } from "../../../preview/difference/replacing";
import { checkOut } from "../../../preview/difference/revision";
import type { Plan, PlannedResource } from "../../../preview/report/json";
import { conditions } from "../../../preview/difference/conditions";
import { current, disagreements, table, target, text, type Table } from "../../engine/providers/replacements";

const root = process.cwd();
const head = "urn:pulumi:dev::plinth::";

function resource(type: string, name: string, more: Partial<PlannedResource> = {}): PlannedResource {
  const urn = more.urn ?? `${head}${type}::${name}`;
  const fixed = { parent: null, provider: null, custom: true, protect: false, dependencies: [] };
  return { ...fixed, inputs: {}, options: {}, ...more, urn, type, name };
}

const plan = (...resources: PlannedResource[]): Plan => ({
  stack: "dev",
  resources,
  outputs: {},
  policies: [],
  violations: [],
  policyPack: { name: "pack", version: "1" },
});

describe("changes of inputs", () => {
  const paths = (before: object, after: object) =>
    changesOf(before as never, after as never, () => false).map(({ path }) => path);

  it("identifies items by name, if both lists have names", () => {
    const env = (value: string) => ({
      env: [
        { name: "B", value: "1" },
        { name: "A", value },
      ],
    });
    assert.deepEqual(paths(env("1"), { env: [...env("2").env].reverse() }), ["env[A].value"]);
    assert.deepEqual(paths({ list: [1, 2] }, { list: [1] }), ["list"]);
    assert.deepEqual(paths({ list: [{ a: 1 }] }, { list: [{ a: 2 }] }), ["list[0].a"]);
  });

  it("compares JSON documents by content", () => {
    assert.deepEqual(paths({ policy: '{"a":1,"b":2}' }, { policy: '{ "b": 2, "a": 1 }' }), []);
    assert.deepEqual(paths({ policy: '{"a":{"b":1}}' }, { policy: '{"a":{"b":2}}' }), ["policy.a.b"]);
  });
});

const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
const balancer = "aws:lb/loadBalancer:LoadBalancer";
const domain = "aws:opensearch/domain:Domain";
const encrypted = (transitEncryptionEnabled: boolean) => ({
  engine: "redis",
  engineVersion: "7.1",
  transitEncryptionEnabled,
});
const nlb = (subnet: string) => ({ loadBalancerType: "network", subnets: [subnet] });
const atRest = (enabled: boolean) => ({ encryptAtRest: { enabled } });

describe("what replaces a resource", () => {
  it("is a property of the table, a part of it, or its parent", () => {
    const paths = replacingPaths(resource("aws:eks/cluster:Cluster", "one"));
    for (const path of ["name", "kubernetesNetworkConfig.serviceIpv4Cidr", "kubernetesNetworkConfig"])
      assert.ok(replaces(path, paths), path);
    assert.ok(!replaces("version", paths));
    assert.ok(replaces("spec.template.spec.containers[api].image", ["spec.template"]));
  });

  it("depends on the Kubernetes provider's settings, and on the resource's own option", () => {
    const config = resource("kubernetes:core/v1:ConfigMap", "one");
    assert.ok(replaces("data.key", replacingPaths(config)));
    assert.ok(!replaces("data.key", replacingPaths(config, { enableConfigMapMutable: "true" })));
    const own = resource("aws:s3/bucket:Bucket", "one", { options: { replaceOnChanges: ["tags.a"] } });
    assert.ok(replaces("tags.a", replacingPaths(own)));
  });

  it("of Kubernetes and random is what the in-memory providers' rules say: npm run replacements", async () => {
    assert.equal(readFileSync(target, "utf8"), await text(table(current())));
  });

  it("is an added or removed block, but not a change inside it", () => {
    const domain = (inputs: PlannedResource["inputs"]) =>
      resource("aws:opensearch/domain:Domain", "one", { inputs });
    const vpc = (subnet: string) => domain({ vpcOptions: { subnetIds: [subnet] } });
    const actions = (before: PlannedResource, after: PlannedResource) =>
      compare(plan(before), plan(after)).rows.map(({ action }) => action);
    assert.deepEqual(actions(domain({}), vpc("a")), ["replaced"]);
    assert.deepEqual(actions(vpc("a"), vpc("b")), ["changed"]);
  });

  it("depends on values if the provider says so", () => {
    const cases: [
      type: string,
      before: PlannedResource["inputs"],
      after: PlannedResource["inputs"],
      action: string,
    ][] = [
      [cache, { engineVersion: "8.2" }, { engineVersion: "8.10" }, "changed"],
      [cache, { engineVersion: "9.0" }, { engineVersion: "8.2" }, "replaced"],
      [cache, { engine: "redis" }, { engine: "valkey" }, "changed"],
      [cache, { engine: "valkey" }, { engine: "redis" }, "replaced"],
      [cache, encrypted(false), encrypted(true), "changed"],
      [
        cache,
        { ...encrypted(false), engineVersion: "6.2" },
        { ...encrypted(true), engineVersion: "6.2" },
        "replaced",
      ],
      [balancer, { subnets: ["a"] }, { subnets: ["b"] }, "changed"],
      [balancer, nlb("a"), nlb("b"), "replaced"],
      [domain, { engineVersion: "OpenSearch_2.19" }, { engineVersion: "OpenSearch_3.1" }, "changed"],
      [domain, atRest(true), atRest(false), "replaced"],
      [domain, atRest(false), atRest(true), "changed"],
      // Without a condition, every change counts.
      ["aws:ec2/vpc:Vpc", { instanceTenancy: "default" }, { instanceTenancy: "dedicated" }, "replaced"],
    ];
    for (const [type, before, after, action] of cases) {
      const { rows } = compare(
        plan(resource(type, "one", { inputs: before })),
        plan(resource(type, "one", { inputs: after })),
      );
      assert.deepEqual(
        rows.map((row) => row.action),
        [action],
        `${type} ${JSON.stringify(after)}`,
      );
    }
  });

  it("has conditions only for properties that depend on values", () => {
    const { sometimes } = current();
    for (const [type, paths] of Object.entries(conditions))
      for (const path of Object.keys(paths)) assert.ok(sometimes[type]?.includes(path), `${type} ${path}`);
  });

  it("is checked against a provider's schema", () => {
    const type = "aws:x/y:Y";
    const schema = {
      resources: { [type]: { inputProperties: { a: { willReplaceOnChanges: true }, b: {}, c: {} } } },
    };
    const ours = (paths: string[]): Table => ({ sources: {}, types: { [type]: paths }, sometimes: {} });
    assert.deepEqual(disagreements(schema, ours(["a"]), [type]), []);
    assert.equal(disagreements(schema, ours(["b"]), [type]).length, 2);
    assert.match(disagreements(schema, ours([]), ["aws:n/o:No"]).join(""), /the schema has no such type/);
  });
});

describe("a comparison", () => {
  it("follows an alias, and a parent's to its children", () => {
    const child = (parent: string, name: string) =>
      resource("aws:s3/bucket:Bucket", name, {
        urn: `${head}a:b:Store$aws:s3/bucket:Bucket::${name}`,
        parent: `${head}a:b:Store::${parent}`,
      });
    const component = { custom: false };
    const before = plan(resource("a:b:Store", "old", component), child("old", "old-bucket"));
    const aliases = { ...component, options: { aliases: [{ name: "old" }] } };
    const after = plan(resource("a:b:Store", "new", aliases), child("new", "new-bucket"));
    assert.deepEqual(compare(before, after).rows, []);
    const without = plan(resource("a:b:Store", "new", component), child("new", "new-bucket"));
    const { rows, renames } = compare(before, without);
    assert.deepEqual(
      rows.map(({ action, loses }) => [action, loses]),
      [
        ["deleted", true],
        ["added", false],
      ],
    );
    assert.deepEqual(
      renames.map(({ alias, keepsStateful }) => [alias, keepsStateful]),
      [[{ name: "old" }, 1]],
    );
  });

  it("doesn't count retained resources or read replicas as lost", () => {
    const gone = (inputs: PlannedResource["inputs"], options: PlannedResource["options"] = {}) =>
      compare(plan(resource("aws:rds/instance:Instance", "db", { inputs, options })), plan()).rows[0]?.loses;
    assert.equal(gone({}), true);
    assert.equal(gone({}, { retainOnDelete: true }), false);
    assert.equal(gone({ replicateSourceDb: "[unknown]" }), false);
  });

  it("ignores what ignoreChanges names, and shows protect", () => {
    const bucket = (size: number, protect: boolean) =>
      resource("aws:s3/bucket:Bucket", "one", {
        inputs: { size },
        protect,
        options: { ignoreChanges: ["size"] },
      });
    const [row] = compare(plan(bucket(1, true)), plan(bucket(2, false))).rows;
    assert.deepEqual(
      row?.changes.map(({ path }) => path),
      ["option protect"],
    );
  });

  it("separates new policy violations from old ones", () => {
    const finding = (policy: string) => ({
      policy,
      level: "mandatory" as const,
      urn: `${head}a:b:C::one`,
      message: "",
      remediation: "",
      stackKey: null,
    });
    const [before, after] = [plan(), plan()];
    before.violations = [finding("old"), finding("both")];
    after.violations = [finding("both"), finding("new")];
    const { newFindings, oldFindings } = compare(before, after);
    assert.deepEqual(
      [newFindings, oldFindings].map((all) => all.map(({ policy }) => policy)),
      [["new"], ["old"]],
    );
  });
});

describe("the difference of costs", () => {
  const row = (component: string, usd: number) => ({ component, resource: "one", usd, assumption: "" });

  it("sums by component, omits what is unchanged, and fits in one line", () => {
    const before = [row("db", 100), row("db", 50), row("nat", 30)];
    const cost = { before, after: [row("db", 300), row("nat", 30)] };
    const found = differenceOf(plan(), plan(), { name: "main", sameStack: true, accepted: [], cost });
    assert.deepEqual(found.cost, {
      before: 180,
      after: 330,
      components: [{ component: "db", before: 150, after: 300 }],
    });
    assert.match(
      humanDifference(found, false),
      /^Cost a month USD 180 → 330 \(\+150\)\n {2}db: USD 150 → 300/m,
    );
    // A longer night changes no resource.
    assert.match(
      markdownDifference(found),
      /No resource differs\.\n\nCost a month at list price: USD 180 → 330/,
    );
    const same = differenceOf(plan(), plan(), {
      name: "main",
      sameStack: true,
      accepted: [],
      cost: { before, after: before },
    });
    assert.doesNotMatch(markdownDifference(same), /Cost/);
    const added = resource("aws:s3/bucket:Bucket", "one");
    const changed = differenceOf(plan(), plan(added), { name: "main", sameStack: true, accepted: [], cost });
    assert.match(markdownDifference(changed), /^Cost a month at list price: USD 180 → 330 \(\+150\)$/m);
  });
});

describe("the difference in Markdown", () => {
  it("shows backticks unchanged", () => {
    const made = (text: string) => plan(resource("a:b:C", "one", { inputs: { text } }));
    const options = { name: "main", sameStack: true, accepted: [], cost: undefined };
    const shown = markdownDifference(differenceOf(made("a"), made("`` b ` c"), options));
    assert.ok(shown.includes('``` a → "`` b ` c" ```'), shown);
  });
});

describe("the other plan", () => {
  it("is refused if it has another format", () => {
    const form = /The preview of prod at v1 prints .* Compare with a later revision\.$/;
    for (const text of ["no JSON", "{}", '{"resources":[{"urn":1}],"violations":[]}'])
      assert.throws(() => checked(text, "prod at v1"), form, text);
    const good = plan(resource("a:b:C", "one"));
    assert.deepEqual(checked(JSON.stringify(good), "prod at v1"), good);
  });

  it("is refused if the git revision doesn't exist, with what to do", () => {
    for (const revision of ["no-such-branch", "--help", "HEAD:README.md", ""])
      assert.throws(
        () => checkOut(root, revision),
        /the repository has no such revision\. Name a branch, /,
        revision,
      );
  });
});
