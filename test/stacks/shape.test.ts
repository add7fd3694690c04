import assert from "node:assert/strict";
import type { Registration } from "../../preview/monitor";
import type { Recording } from "../../preview/run-program";
import { warmSystems } from "../../config";
import { recordingOf } from "../support/recordings";
import { settingsOf, stacks } from "../support/stacks";

/** Types that hold data: none of them may wait for the cluster. */
const dataTypes = [
  "aws:rds/instance:Instance",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:s3/bucket:Bucket",
  "aws:sqs/queue:Queue",
  "aws:efs/fileSystem:FileSystem",
  "aws:secretsmanager/secretVersion:SecretVersion",
];

/** Longest auto-generated name by type, including Pulumi's suffix of eight characters. */
const autonamed: Record<string, number> = {
  "aws:iam/role:Role": 64,
  "aws:iam/user:User": 64,
  "aws:ec2/securityGroup:SecurityGroup": 255,
  "aws:rds/parameterGroup:ParameterGroup": 255,
};

/**
 * Longest chain of resources that wait for each other, in resources, which determines the time of a first `up`. Up to
 * the jobs that create the databases' roles it is 13; then follow the stages of a release: checks, backup, migration,
 * verification, core, API, UI, smoke test. An autoscaler comes after its workload, since KEDA refuses a missing target.
 * A warm standby gets the release then: its API, UI and smoke test are last.
 */
const longestAllowed = 22;
/** The same for data stores, which wait for no release. */
const longestData = 6;

/** Everything that a resource waits for: inputs, options, its provider, and its parents' dependencies. */
function waitsFor(recording: Recording, resource: Registration): Registration[] {
  const urns = [...resource.dependencies];
  const providers = [resource.provider, ...Object.values(resource.options.providers ?? {})];
  for (const reference of providers)
    if (reference !== undefined) urns.push(reference.replace(/::[^:]*$/, ""));
  if (resource.parent !== undefined) urns.push(resource.parent);
  return urns.flatMap((urn) => recording.resources.get(urn) ?? []);
}

function closure(recording: Recording, start: Registration): Set<string> {
  const seen = new Set<string>();
  const queue = [start];
  for (let next = queue.pop(); next !== undefined; next = queue.pop())
    for (const each of waitsFor(recording, next))
      if (!seen.has(each.urn)) {
        seen.add(each.urn);
        queue.push(each);
      }
  return seen;
}

function depths(recording: Recording): Map<string, number> {
  const known = new Map<string, number>();
  const depth = (resource: Registration): number => {
    const found = known.get(resource.urn);
    if (found !== undefined) return found;
    const before = waitsFor(recording, resource).map(depth);
    const own = (resource.custom ? 1 : 0) + Math.max(0, ...before);
    known.set(resource.urn, own);
    return own;
  };
  for (const resource of recording.resources.values()) depth(resource);
  return known;
}

const simpleName = (urn: string) => urn.split("::").at(-1) ?? "";

for (const stack of stacks)
  describe(`${stack}: shape`, () => {
    it("names each child after its parent, and each component by layer and class", async () => {
      const { resources } = await recordingOf(stack);
      for (const { urn, type, name, parent, custom } of resources.values()) {
        if (parent === undefined) continue;
        const above = resources.get(parent);
        assert.ok(above, `${urn} has an unknown parent`);
        if (above.type !== "pulumi:pulumi:Stack")
          assert.ok(name.startsWith(`${above.name}-`), `${name} in ${above.name}`);
        if (!custom) assert.match(type, /^plinth:[a-z]+:[A-Z][A-Za-z]+$/);
      }
    });

    it("leaves room in every name for Pulumi's suffix", async () => {
      const { resources } = await recordingOf(stack);
      for (const { type, name } of resources.values())
        assert.ok(name.length + 8 <= (autonamed[type] ?? Infinity), `${name} is too long for a ${type}`);
    });

    it("has everything below the environment's components", async () => {
      const { resources } = await recordingOf(stack);
      const top = [...resources.values()].filter(
        ({ parent }) => parent !== undefined && resources.get(parent)?.type === "pulumi:pulumi:Stack",
      );
      const { edge, standby } = await settingsOf(stack);
      const second = standby === undefined ? [] : ["standby"];
      assert.deepEqual(top.map(({ type, name }) => `${type} ${name}`).sort(), [
        "aws:budgets/budget:Budget budget",
        // An environment has CloudFront once, with what it needs in us-east-1.
        ...(edge.cdn === undefined ? [] : ["plinth:edge:Cdn cdn"]),
        ...(warmSystems(standby).length === 0 ? [] : ["plinth:edge:FailoverRecords failover"]),
        "plinth:region:Region primary",
        ...second.map((name) => `plinth:region:Region ${name}`),
        "pulumi:providers:aws primary",
        ...second.map((name) => `pulumi:providers:aws ${name}`),
        ...(edge.cdn === undefined ? [] : ["pulumi:providers:aws us-east-1"]),
        "pulumi:providers:random random",
      ]);
    });

    it("lets no data store wait for the cluster, its provider or anything in it", async () => {
      const recording = await recordingOf(stack);
      let checked = 0;
      for (const resource of recording.resources.values()) {
        if (!dataTypes.includes(resource.type)) continue;
        checked += 1;
        const late = [...closure(recording, resource)].filter((urn) => /aws:eks\/|kubernetes/.test(urn));
        assert.deepEqual(late.map(simpleName), [], `${resource.name} waits for the cluster`);
      }
      assert.ok(checked > 10, `only ${checked} data resources`);
    });

    it("limits the longest dependency chain", async () => {
      const recording = await recordingOf(stack);
      const [longest] = [...depths(recording)].sort(([, one], [, other]) => other - one);
      assert.ok(
        longest && longest[1] <= longestAllowed,
        `${longest?.[0]} is number ${longest?.[1]} of its chain`,
      );
      const data = [...depths(recording)].filter(([urn]) =>
        dataTypes.includes(recording.resources.get(urn)?.type ?? ""),
      );
      for (const [urn, depth] of data) assert.ok(depth <= longestData, `${simpleName(urn)}: ${depth}`);
    });

    it("gives every resource an explicit provider, and AWS's the one account", async () => {
      const recording = await recordingOf(stack);
      for (const { urn, custom, provider, type } of recording.resources.values())
        if (custom && !type.startsWith("pulumi:providers:")) assert.ok(provider, urn);
      for (const { inputs } of recording.ofType("pulumi:providers:aws"))
        assert.match(JSON.stringify(inputs.allowedAccountIds), /^"?\[\\?"\d{12}\\?"\]"?$/);
    });
  });
