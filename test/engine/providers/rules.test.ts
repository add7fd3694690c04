import assert from "node:assert/strict";
import { schemaOf } from "./fixture";
import { current } from "./replacements";
import type { Rule, Rules } from "./rule";
import { awsRules } from "./rules/aws";
import { dockerRules } from "./rules/docker";
import { randomRules } from "./rules/random";

const tables: Readonly<Record<string, Rules>> = { aws: awsRules, docker: dockerRules, random: randomRules };

/** Inputs whose change, according to the documentation, replaces only in cases that the program doesn't have. */
const sometimes: Readonly<Record<string, readonly string[]>> = {
  // Only for Redis OSS before 7.0.5.
  "aws:elasticache/replicationGroup:ReplicationGroup": ["transitEncryptionEnabled"],
  // Only for network load balancers that had none.
  "aws:lb/loadBalancer:LoadBalancer": ["securityGroups", "subnets", "secondaryIpsAutoAssignedPerSubnet"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["privateDnsEnabled"],
  // Only if a domain moves into or out of a VPC.
  "aws:opensearch/domain:Domain": ["vpcOptions"],
};

const first = (path: string) => path.split(".")[0] ?? "";

/** Inputs in a rule. */
const inputsOf = (rule: Rule) => [
  ...(rule.replace ?? []),
  ...Object.keys(rule.defaults ?? {}),
  ...(rule.documents ?? []),
  ...Object.keys(rule.refs ?? {}),
  ...(rule.name === undefined ? [] : [rule.name.property]),
];

/** Properties in a rule, inputs or outputs. */
const propertiesOf = (rule: Rule) => [
  ...(rule.unordered ?? []),
  ...(rule.lower ?? []),
  ...Object.keys(rule.outputs ?? {}),
];

/** Whether a path is one of those, or inside one. */
const within = (path: string, paths: readonly string[]) =>
  paths.some((each) => path === each || path.startsWith(`${each}.`));

describe("the table of aws", () => {
  const { types, sometimes: conditional } = current();
  /** Every stack has one region, and the rules needn't know it. `conditions.#` is whether there are conditions. */
  const always = (type: string) => (types[type] ?? []).filter((path) => !/^region$|\.#$/.test(path));
  const all = (type: string) =>
    [...(types[type] ?? []), ...(conditional[type] ?? [])].map((path) => path.replace(/\.#$/, ""));

  it("has every type that the table of replacements must have", () => {
    assert.deepEqual(
      Object.keys(awsRules).filter((type) => types[type] === undefined),
      [],
      "read them: npm run replacements -- <checkout of terraform-provider-aws> <version> (docs/difference.md)",
    );
  });

  it("replaces as the Terraform provider does", () => {
    const wrong = Object.entries(awsRules).flatMap(([type, { replace = [] }]) => [
      ...always(type).flatMap((path) => (within(path, replace) ? [] : [`${type} ${path}: replaces`])),
      ...replace.flatMap((path) =>
        within(path, all(type)) || all(type).some((each) => within(each, [path]))
          ? []
          : [`${type} ${path}: doesn't replace`],
      ),
    ]);
    assert.deepEqual(wrong, []);
  });
});

for (const [name, rules] of Object.entries(tables))
  describe(`the table of ${name}`, () => {
    it("contains only properties of the installed SDK", () => {
      const wrong = Object.entries(rules).flatMap(([type, rule]) => {
        const { inputs = {}, outputs = {} } = schemaOf(name).resources[type] ?? {};
        const missing = inputsOf(rule).filter((path) => inputs[first(path)] === undefined);
        const unknown = propertiesOf(rule).filter((path) => outputs[first(path)] === undefined);
        return [...missing, ...unknown].map((path) => `${type} ${path}`);
      });
      assert.deepEqual(wrong, []);
    });

    it("replaces on every input that is documented to replace", () => {
      const wrong = Object.entries(rules).flatMap(([type, rule]) => {
        const documented = schemaOf(name).resources[type]?.replaceDocumented ?? [];
        const listed = [...(rule.replace ?? []), ...(sometimes[type] ?? [])];
        return documented
          .filter((property) => !listed.includes(property))
          .map((property) => `${type} ${property}`);
      });
      assert.deepEqual(wrong, []);
    });

    it("refers only to its own types", () => {
      const types = Object.values(rules).flatMap(({ refs }) => Object.values(refs ?? {}).flat());
      assert.deepEqual(
        types.filter((type) => rules[type] === undefined),
        [],
      );
    });
  });
