import assert from "node:assert/strict";
import { specialArchiveSig, specialAssetSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import { compare, describe as inWords } from "./compare";
import { aliasUrn, planOfEngine, planOfPreview, type OfflineResource } from "./plan";
import { secret, UNKNOWN, type Values } from "./providers/wire";

const stackUrn = "urn:pulumi:dev::plinth::pulumi:pulumi:Stack::plinth-dev";
const parent = "urn:pulumi:dev::plinth::plinth:network:Network::net";
const urn = "urn:pulumi:dev::plinth::plinth:network:Network$aws:ec2/vpc:Vpc::net-vpc";
const provider = "urn:pulumi:dev::plinth::pulumi:providers:aws::aws";
const type = "aws:ec2/vpc:Vpc";

/** The same resource as each of the two describes it. */
const received = {
  urn,
  type,
  custom: true,
  parent,
  provider: `${provider}::${UNKNOWN}`,
  dependencies: ["urn:b", "urn:a"],
  inputs: { cidrBlock: "10.0.0.0/16", note: "filled in by the check" } as Values,
  propertyDependencies: { cidrBlock: [], tags: ["urn:b", "urn:a"] },
  ignoreChanges: ["tags"],
  customTimeouts: { create: 1800 },
};
const offline: OfflineResource = {
  urn,
  type,
  name: "net-vpc",
  parent,
  provider: `${provider}::[unknown]`,
  custom: true,
  protect: false,
  dependencies: ["urn:a", "urn:b"],
  inputs: { cidrBlock: "10.0.0.0/16" },
  options: {
    propertyDependencies: { tags: ["urn:a", "urn:b"] },
    ignoreChanges: ["tags"],
    customTimeouts: { create: "30m" },
    version: "7.48.0",
  },
};
const checked = (news: Values) => [{ note: "check", urn, news }] as const;
const fromEngine = (state: object, notes: Parameters<typeof planOfEngine>[1]) =>
  planOfEngine({ steps: [{ newState: { ...received, ...state } }] }, notes);
const fromPreview = (change: Partial<OfflineResource>) => planOfPreview([{ ...offline, ...change }]);

describe("the plans of the engine and of the offline preview", () => {
  it("are the same for the same resource", () => {
    const engine = fromEngine({}, checked({ cidrBlock: "10.0.0.0/16" }));
    assert.deepEqual(compare(engine, fromPreview({})), []);
  });

  it("hold what the provider was asked to check, not what it made of it", () => {
    const [resource] = fromEngine({}, checked({ cidrBlock: "10.0.0.0/16" }));
    assert.deepEqual(resource?.inputs, { cidrBlock: "10.0.0.0/16" });
  });

  it("name secrets and unknowns alike", () => {
    const inputs = { a: secret("s3cret"), b: UNKNOWN, c: [{ d: UNKNOWN }] };
    const [resource] = fromEngine({}, checked(inputs));
    assert.deepEqual(resource?.inputs, { a: "[secret]", b: "[unknown]", c: [{ d: "[unknown]" }] });
    assert.doesNotMatch(JSON.stringify(resource), /s3cret/);
  });

  it("name files by where they come from, not by what is in them", () => {
    const asset = { [specialSigKey]: specialAssetSig, hash: "b1", path: "out/index.js" };
    const archive = { [specialSigKey]: specialArchiveSig, hash: "a1", assets: { "index.js": asset } };
    const printed = {
      __pulumiArchive: true,
      assets: { "index.js": { __pulumiAsset: true, path: "out/index.js" } },
    };
    const engine = fromEngine({}, checked({ code: archive }));
    assert.deepEqual(engine[0]?.inputs, { code: { assets: { "index.js": { path: "out/index.js" } } } });
    assert.deepEqual(compare(engine, fromPreview({ inputs: { code: printed } })), []);
    const other = JSON.parse(JSON.stringify(printed).replace("out/", "in/")) as typeof printed;
    assert.equal(compare(engine, fromPreview({ inputs: { code: other } })).length, 1);
  });

  it("take a name that a provider made up for unknown", () => {
    const notes = [
      ...checked({ role: "net-role-0a1b2c3" }),
      { note: "name", urn: "urn:role", name: "net-role-0a1b2c3" },
    ] as const;
    assert.deepEqual(fromEngine({}, notes)[0]?.inputs, { role: "[unknown]" });
  });

  it("leave out of a provider's inputs what the engine adds", () => {
    const inputs = { region: "eu-west-1", version: "7.48.0", __internal: {} };
    const [resource] = fromEngine({ type: "pulumi:providers:aws", inputs }, []);
    assert.deepEqual(resource?.inputs, { region: "eu-west-1" });
  });

  const cases: [what: string, change: Partial<OfflineResource>, path: string][] = [
    ["a parent", { parent: stackUrn }, "parent"],
    ["a provider", { provider: null }, "provider"],
    ["protection", { protect: true }, "protect"],
    ["a dependency", { dependencies: ["urn:a"] }, "dependencies"],
    ["an input", { inputs: { cidrBlock: "10.1.0.0/16" } }, "inputs.cidrBlock"],
    ["an input that only one has", { inputs: {} }, "inputs.cidrBlock"],
    [
      "an option",
      { options: { ...offline.options, ignoreChanges: ["tags", "cidrBlock"] } },
      "options.ignoreChanges",
    ],
    [
      "what it is replaced with",
      { options: { ...offline.options, replaceWith: ["urn:proxy"] } },
      "options.replaceWith",
    ],
    [
      "a timeout",
      { options: { ...offline.options, customTimeouts: { create: "1h30m" } } },
      "options.customTimeouts.create",
    ],
  ];
  for (const [what, change, path] of cases)
    it(`differ in ${what}`, () => {
      const differences = compare(fromEngine({}, checked({ cidrBlock: "10.0.0.0/16" })), fromPreview(change));
      assert.deepEqual(
        differences.map((difference) => [difference.urn, difference.path]),
        [[urn, path]],
      );
    });

  it("differ in a resource that only one has", () => {
    const engine = fromEngine({}, checked({ cidrBlock: "10.0.0.0/16" }));
    assert.deepEqual(compare(engine, []), [{ urn, path: "", engine: "present", offline: "absent" }]);
    assert.match(inWords(compare([], engine)), /engine: {2}absent\n {4}offline: present/);
  });

  it("print only the first of many differences", () => {
    const differences = Array.from({ length: 30 }, (_, i) => ({
      urn: `urn:${i}`,
      path: "inputs",
      engine: 1,
      offline: 2,
    }));
    const text = inWords(differences, 3);
    assert.match(text, /urn:2\n/);
    assert.doesNotMatch(text, /urn:3\n/);
    assert.match(text, /and 27 more$/);
  });
});

describe("the URN of an alias", () => {
  it("differs from the resource's own in what the alias says", () => {
    assert.equal(aliasUrn("urn:as:it:is", offline), "urn:as:it:is");
    assert.equal(aliasUrn({ name: "old" }, offline), urn.replace("::net-vpc", "::old"));
    assert.equal(aliasUrn({ noParent: true }, offline), "urn:pulumi:dev::plinth::aws:ec2/vpc:Vpc::net-vpc");
    assert.equal(
      aliasUrn({ parent: stackUrn, name: "v" }, offline),
      "urn:pulumi:dev::plinth::aws:ec2/vpc:Vpc::v",
    );
    assert.equal(
      aliasUrn({ type: "aws:ec2/old:Old", project: "p", stack: "s" }, offline),
      "urn:pulumi:s::p::plinth:network:Network$aws:ec2/old:Old::net-vpc",
    );
  });
});
