import assert from "node:assert/strict";
import { schemaOf } from "./fixture";
import type { Rule, Rules } from "./rule";
import { awsRules } from "./rules/aws";
import { dockerRules } from "./rules/docker";
import { randomRules } from "./rules/random";

const tables: Readonly<Record<string, Rules>> = { aws: awsRules, docker: dockerRules, random: randomRules };

/** Inputs whose documentation says that a change sometimes replaces; in the cases that the program is in, it doesn't. */
const sometimes: Readonly<Record<string, readonly string[]>> = {
  // Only for Redis OSS before 7.0.5.
  "aws:elasticache/replicationGroup:ReplicationGroup": ["transitEncryptionEnabled"],
  // Only for network load balancers that had none.
  "aws:lb/loadBalancer:LoadBalancer": ["securityGroups", "subnets", "secondaryIpsAutoAssignedPerSubnet"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["privateDnsEnabled"],
  // Only where a domain moves into the VPC, or out of it.
  "aws:opensearch/domain:Domain": ["vpcOptions"],
};

const first = (path: string) => path.split(".")[0] ?? "";

/** The inputs that a rule names. */
const inputsOf = (rule: Rule) => [
  ...(rule.replace ?? []),
  ...Object.keys(rule.defaults ?? {}),
  ...(rule.documents ?? []),
  ...Object.keys(rule.refs ?? {}),
  ...(rule.name === undefined ? [] : [rule.name.property]),
];

/** The properties that a rule names, inputs or outputs. */
const propertiesOf = (rule: Rule) => [
  ...(rule.unordered ?? []),
  ...(rule.lower ?? []),
  ...Object.keys(rule.outputs ?? {}),
];

for (const [name, rules] of Object.entries(tables))
  describe(`the table of ${name}`, () => {
    it("names only what the installed SDK has", () => {
      const wrong = Object.entries(rules).flatMap(([type, rule]) => {
        const { inputs = {}, outputs = {} } = schemaOf(name).resources[type] ?? {};
        const missing = inputsOf(rule).filter((path) => inputs[first(path)] === undefined);
        const unknown = propertiesOf(rule).filter((path) => outputs[first(path)] === undefined);
        return [...missing, ...unknown].map((path) => `${type} ${path}`);
      });
      assert.deepEqual(wrong, []);
    });

    it("replaces for every input whose documentation says so", () => {
      const wrong = Object.entries(rules).flatMap(([type, rule]) => {
        const documented = schemaOf(name).resources[type]?.replaceDocumented ?? [];
        const listed = [...(rule.replace ?? []), ...(sometimes[type] ?? [])];
        return documented
          .filter((property) => !listed.includes(property))
          .map((property) => `${type} ${property}`);
      });
      assert.deepEqual(wrong, []);
    });

    it("refers only to types that it has", () => {
      const types = Object.values(rules).flatMap(({ refs }) => Object.values(refs ?? {}));
      assert.deepEqual(
        types.filter((type) => rules[type] === undefined),
        [],
      );
    });
  });
