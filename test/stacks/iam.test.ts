import assert from "node:assert/strict";
import { covers, isOpenResource } from "../../policies/lib/statements";
import type { Recording } from "../../preview/run-program";
import { openGrants } from "../../standards/open-grants";
import { catalog } from "../../systems";
import type { SystemSpec } from "../../systems/spec";
import { conditionsOf, expand, resourcesOf } from "../support/iam/actions";
import { grantsOf, linesOf, unread, type Granted } from "../support/iam/grants";
import { identifiedFoundation, identifiedStack, type Identified } from "../support/iam/recordings";
import { foundations } from "../support/foundations";
import { largest, stacks } from "../support/stacks";
import { ofAudit } from "./iam/audit";
import { denialsIn, impliedDenials } from "./iam/denials";
import { ofDocuments } from "./iam/documents";
import { ofPlatform } from "./iam/platform";
import { ofStandby } from "./iam/standby";
import { ofWarmRegion } from "./iam/warm";
import { ofSystems } from "./iam/systems";

type Known = Awaited<ReturnType<typeof identifiedStack>>;
type Catalog = Readonly<Record<string, SystemSpec>>;

/** In both directions: grants that the wiring doesn't imply, and missing grants. */
async function differences(
  { recording, settings }: Known,
  { granted = grantsOf(recording), described = catalog as Catalog } = {},
): Promise<string[]> {
  const found = await linesOf(recording, granted);
  const implied = [
    ...ofSystems(settings, described),
    ...ofPlatform(settings),
    ...ofDocuments(settings),
    ...ofAudit(settings),
    ...ofStandby(settings, described),
    ...ofWarmRegion(settings, described),
  ];
  return [
    ...found.filter((one) => !implied.includes(one)).map((one) => `not implied: ${one}`),
    ...implied.filter((one) => !found.includes(one)).map((one) => `not granted: ${one}`),
  ];
}

/** Whether a statement allows more than named actions on named resources for named principals. */
function isOpen({ type, statement }: Granted): boolean {
  const { allows, actions, actionsInverted, resources, resourcesInverted, principals } = statement;
  // In a key's policy, `*` means the key.
  const anyResource = type !== "aws:kms/key:Key" && resources.some(isOpenResource);
  return (
    allows &&
    (actionsInverted ||
      resourcesInverted ||
      anyResource ||
      actions.some((action) => /[*?]/.test(action)) ||
      principals.some(({ value }) => value === "*"))
  );
}

const place = ({ name, sid, index }: Granted) => `${name}, ${sid ?? `statement ${index}`}`;

/** Open statements without a reason. */
const unexplained = (granted: readonly Granted[]): string[] =>
  granted
    .filter((one) => isOpen(one) && (one.sid === undefined || openGrants[one.sid] === undefined))
    .map(place);

/** Statements without effect: unknown actions, and resources or conditions that the actions don't support. */
async function ineffective(granted: readonly Granted[]): Promise<string[]> {
  const faults = await Promise.all(
    granted.flatMap((one) =>
      one.statement.actions
        .filter((pattern) => pattern !== "*")
        .map(async (pattern): Promise<string[]> => {
          const actions = await expand(pattern);
          if (actions.length === 0) return [`${place(one)}: there is no action ${pattern}`];
          // Each of a wildcard's actions can support other resources.
          if (/[*?]/.test(pattern)) return [];
          return (await Promise.all(actions.map((action) => ofAction(one, action)))).flat();
        }),
    ),
  );
  return [...new Set(faults.flat())];
}

async function ofAction(one: Granted, action: string): Promise<string[]> {
  const { resources, tests } = one.statement;
  const formats = await resourcesOf(action);
  // A wildcard can match several parts of an ARN.
  const taken = (resource: string) =>
    resource === "*" ||
    formats.some((format) => format.test(resource) || format.test(resource.replace(/\*$/, "*:log-stream:*")));
  const known = (await conditionsOf(action)).map((key) => key.toLowerCase().replace(/\$\{\w+\}|<key>/g, "*"));
  return [
    ...(resources.length > 0 && !resources.some(taken)
      ? [`${place(one)}: ${action} takes none of ${resources.join(", ")}`]
      : []),
    ...tests
      .filter(({ key }) => !key.startsWith("aws:") && !known.some((pattern) => covers(pattern, key)))
      // GitHub documents the claims of its tokens, which IAM's reference doesn't list.
      .filter(({ key }) => !/^token\.actions\.githubusercontent\.com:(aud|sub)$/.test(key))
      .map(({ key }) => `${place(one)}: ${action} knows no ${key}`),
  ];
}

const all = (): Promise<Identified[]> =>
  Promise.all([...stacks.map(identifiedStack), ...foundations.map(identifiedFoundation)]);

for (const stack of stacks)
  describe(`${stack}: IAM`, () => {
    it("grants what the wiring implies, and nothing else", async () => {
      assert.deepEqual(await differences(await identifiedStack(stack)), []);
    });
  });

describe("IAM of every stack and of the foundation", () => {
  it("has a reason for every open statement, and no unused reasons", async () => {
    const granted = (await all()).flatMap(({ recording }) => grantsOf(recording));
    assert.ok(granted.length > 100);
    assert.deepEqual([...new Set(unexplained(granted))], []);
    const open = new Set(granted.filter(isOpen).map(({ sid }) => sid));
    assert.deepEqual(
      Object.keys(openGrants).filter((sid) => !open.has(sid)),
      [],
    );
  });

  it("is read completely: every document and every other grant", async () => {
    for (const { recording } of await all()) assert.deepEqual(unread(recording), []);
  });

  it("denies plain HTTP, and keys chosen by uploads, in every policy that can", async () => {
    for (const { recording } of await all())
      assert.deepEqual(denialsIn(recording), impliedDenials(recording));
  });

  it("uses only combinations of actions, resources and condition keys that AWS documents", async () => {
    const granted = (await all()).flatMap(({ recording }) => grantsOf(recording));
    assert.deepEqual(await ineffective(granted), []);
  });
});

describe("IAM: what the checks find", () => {
  const changed = (recording: Recording, name: string, change: (one: Granted) => Granted): Granted[] => {
    const granted = grantsOf(recording);
    assert.ok(granted.some((one) => one.name === name));
    return granted.map((one) => (one.name === name ? change(one) : one));
  };
  const api = "primary-ams-access-api-policy";
  const having = (part: Partial<Granted["statement"]>) => (one: Granted) => ({
    ...one,
    statement: { ...one.statement, ...part },
  });

  it("a loosened action, resource, condition and trust", async () => {
    const known = await identifiedStack(largest);
    const { recording } = known;
    const found = async (name: string, change: (one: Granted) => Granted) =>
      (await differences(known, { granted: changed(recording, name, change) })).filter((one) =>
        one.startsWith("not implied"),
      );
    assert.match((await found(api, having({ actions: ["s3:Put*"] })))[0] ?? "", /ams-api may s3:Put/);
    assert.match(
      (await found(api, having({ resources: ["arn:aws:s3:::*"] })))[0] ?? "",
      /ams-api may .* on arn:aws:s3:::\*/,
    );
    assert.match((await found(api, having({ tests: [] })))[0] ?? "", /ams-api may kms:Decrypt on [^ ]+$/);
    assert.match(
      (await found("primary-ams-access-api-role", having({ tests: [] })))[0] ?? "",
      /pods\.eks\.amazonaws\.com may sts:AssumeRole on the role of [^ ]+ [^ ]+ [^ ]+$/,
    );
    assert.match((await found(api, having({ actionsInverted: true })))[0] ?? "", /may everything but kms:/);
    assert.match((await found(api, having({ resourcesInverted: true })))[0] ?? "", / on everything but arn:/);
    assert.match(
      (await found("primary-alarms-policy", (one) => ({ ...one, holders: ["AWS *"] })))[0] ?? "",
      /AWS \* may sns:Publish/,
    );
  });

  it("a grant that is missing, and one that a description no longer implies", async () => {
    const known = await identifiedStack(largest);
    const granted = grantsOf(known.recording).filter(({ name }) => name !== api);
    const missing = await differences(known, { granted });
    assert.ok(missing.length > 5);
    for (const each of missing) assert.match(each, /^not granted: pods of ams\/ams-api may/);
    const { S3_BUCKET, ...env } = catalog.ams.workloads.api.env;
    assert.ok(S3_BUCKET);
    const reduced = { ...catalog.ams.workloads.api, env };
    const ams = { ...catalog.ams, workloads: { ...catalog.ams.workloads, api: reduced } };
    const surplus = await differences(known, { described: { ...catalog, ams } as Catalog });
    assert.ok(surplus.length > 5);
    for (const each of surplus) assert.match(each, /^not implied: .*pods of ams\/ams-api/);
  });

  it("an open statement without a reason", async () => {
    const { recording } = await identifiedStack(largest);
    const loose = changed(recording, api, having({ resources: ["*"] }));
    assert.deepEqual(
      unexplained(loose),
      [0, 1, 2].map((index) => `${api}, statement ${index}`),
    );
  });

  it("a document, a managed policy and a permission that nothing reads", () => {
    const resourceOf = (type: string, inputs: object) =>
      unread({ resources: new Map([["", { type, name: "it", inputs }]]) } as unknown as Recording);
    const document = { Statement: { Effect: "Allow", Action: "*", Resource: "*" } };
    assert.deepEqual(resourceOf("aws:s3/bucket:Bucket", { policy: JSON.stringify(document) }), ["it.policy"]);
    assert.deepEqual(resourceOf("aws:iam/role:Role", { managedPolicyArns: [] }), ["it.managedPolicyArns"]);
    assert.deepEqual(resourceOf("aws:kms/grant:Grant", {}), ["it: aws:kms/grant:Grant"]);
  });

  it("an unknown action, a resource that it doesn't support, a condition key that it doesn't support", async () => {
    const { recording } = await identifiedStack(largest);
    const first = async (part: Partial<Granted["statement"]>) =>
      (await ineffective(changed(recording, api, having(part))))[0] ?? "";
    assert.match(await first({ actions: ["s3:ReadObject"] }), /there is no action s3:ReadObject/);
    assert.match(
      await first({ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::bucket"] }),
      /s3:GetObject takes none of arn:aws:s3:::bucket/,
    );
    assert.match(
      await first({ tests: [{ operator: "stringequals", key: "sqs:viaservice", values: ["x"] }] }),
      /knows no sqs:viaservice/,
    );
  });
});
