import assert from "node:assert/strict";
import type { Document } from "yaml";
import { foundations, foundationWith } from "../support/foundations";

const set =
  (path: string, value: unknown) =>
  (file: Document): void =>
    file.setIn(
      ["config", ...path.split("/").map((part, index) => (index === 0 ? `plinth-foundation:${part}` : part))],
      value,
    );

const prod = "pipelines/environments/prod";

const refusals: readonly [what: string, path: string, value: unknown, message: RegExp][] = [
  ["the first region as the second", "secondRegion", "ap-northeast-2", /secondRegion: .*another region than/],
  [
    "a second region of another partition",
    "secondRegion",
    "us-gov-west-1",
    /secondRegion: .*of the partition aws/,
  ],
  [
    "a subject of any repository",
    "pipelines/repository",
    "acme/*",
    /pipelines.repository: .*a wildcard would admit other repositories and forks/,
  ],
  [
    "a repository with one of its ids only",
    "pipelines/repository",
    "acme@1000001/plinth",
    /pipelines.repository: found "acme@1000001\/plinth"; allowed is owner@id\/name@id/,
  ],
  ["a subject of any branch", `${prod}/branches`, ["*"], /branches.0: .*a wildcard would admit anyone/],
  [
    "a subject of some branches",
    `${prod}/branches`,
    ["release/*"],
    /branches.0: .*a wildcard would admit anyone/,
  ],
  ["releases of any tag", `${prod}/releaseTags`, ["*"], /releaseTags.0: .*how it begins and \*/],
  [
    "pushes from any repository",
    "pipelines/push",
    { role: "push", repositories: ["acme/*"] },
    /push.repositories.0: .*a wildcard would admit other repositories and forks/,
  ],
  [
    "one role for deploying and pushing",
    "pipelines/push",
    { role: "plinth-deploy", repositories: ["acme@1000001/ams@2000002"] },
    /push.role: found "plinth-deploy"; allowed is a role of its own/,
  ],
  [
    "a rule of AWS Config that there isn't",
    "detectors/config",
    { rules: ["MY_RULE"] },
    /detectors.config.rules.0: .*"ACCESS_KEYS_ROTATED"/,
  ],
  ["a branch as a ref", `${prod}/branches`, ["refs/heads/main"], /branches.0: .*without refs\/heads\//],
  [
    "a branch of pull requests",
    `${prod}/branches`,
    ["refs/pull/1/merge"],
    /branches.0: .*without refs\/heads\//,
  ],
  ["no branch at all", `${prod}/branches`, [], /branches: .*at least 1/],
  ["previews of any branch", `${prod}/previewBranches`, ["refs/*"], /previewBranches.0: /],
  [
    "an environment's name with a wildcard",
    "pipelines/environments",
    { "pro*": {} },
    /pipelines.environments/,
  ],
  [
    "one role for two environments",
    "pipelines/environments",
    {
      dev: { deployRole: "one", previewRole: "two", branches: ["main"] },
      prod: { deployRole: "one", previewRole: "three", branches: ["main"] },
    },
    /environments.prod.deployRole: found "one"; allowed is a role of its own/,
  ],
  [
    "a cache without the login that its registry asks for",
    "images/caches",
    { "ghcr.io": { prefix: "ghcr" } },
    /caches.ghcr.io.login: found nothing; .*ecr-pullthroughcache/,
  ],
  [
    "a login for a registry that takes none",
    "images/caches",
    {
      "quay.io": {
        prefix: "quay",
        login: "arn:aws:secretsmanager:ap-northeast-2:333333333333:secret:ecr-pullthroughcache/quay-AbCdEf",
      },
    },
    /caches.quay.io.login: .*needs no login/,
  ],
  [
    "a login of another account",
    "images/caches",
    {
      "ghcr.io": {
        prefix: "ghcr",
        login: "arn:aws:secretsmanager:ap-northeast-2:444444444444:secret:ecr-pullthroughcache/ghcr-AbCdEf",
      },
    },
    /caches.ghcr.io.login: .*an entry in the account and region of the registry: 333333333333, ap-northeast-2/,
  ],
  [
    "receivers of alerts, which a cluster tells",
    "alarms/receivers",
    { chat: { kind: "pagerduty", entry: "plinth/pages" } },
    /alarms.receivers: .*; to do: remove it/,
  ],
  [
    "an account id without its consequences for logins",
    "account/id",
    1,
    /has 1 fault; .*\n.*account.id: found the number 1;/,
  ],
  [
    "two caches with one prefix",
    "images/caches",
    { "quay.io": { prefix: "one" }, "public.ecr.aws": { prefix: "one" } },
    /prefix: found "one"; allowed is a unique prefix: .*caches.\w+.* has it/,
  ],
  [
    "a copy of the images in their own region",
    "images/replicateTo",
    "ap-northeast-2",
    /images.replicateTo: .*a region other than the account's/,
  ],
  [
    "another account's monitor of costs",
    "costs/anomalies/monitor",
    "arn:aws:ce::999999999999:anomalymonitor/00000000-0000-0000-0000-000000000000",
    /costs.anomalies.monitor: .*; allowed is `create`, or a monitor of the foundation's account, \d{12}/,
  ],
  [
    "a number at the top level that is out of range",
    "accessLogDays",
    7,
    /accessLogDays: found the number 7; allowed is a whole number of days, 30 to 3650/,
  ],
  [
    "a zone's id that is a number",
    "zones/suresoft.com",
    5,
    /zones.suresoft.com: found the number 5; allowed is `create`, or the id of an existing hosted zone/,
  ],
  ["a registry that ECR can't cache", "images/caches", { "example.com": { prefix: "one" } }, /images.caches/],
  [
    "two foundations of one account",
    "account/id",
    "222222222222",
    /account.id: found "222222222222"; allowed is an account of its own: foundation\/Pulumi\.staging\.yaml/,
  ],
  [
    "an audit trail that is kept for less than a year",
    "audit/retentionDays",
    364,
    /audit.retentionDays: found the number 364; allowed is a whole number of days, 365 to 3650/,
  ],
  [
    "a lock of an unknown mode",
    "audit/lock",
    "NONE",
    /audit.lock: found "NONE"; allowed is one of "COMPLIANCE", "GOVERNANCE"/,
  ],
  [
    "a severity that there isn't",
    "detectors/notifyFrom",
    "LOW",
    /detectors.notifyFrom: .*one of "MEDIUM", "HIGH", "CRITICAL"/,
  ],
  [
    "an unknown key",
    "bucket",
    {},
    /plinth-foundation:bucket: found a key; allowed is one of the keys plinth-foundation:account/,
  ],
];

describe("the foundation's configuration", () => {
  it("is valid in every stack", async () => {
    assert.ok(foundations.length > 0);
    for (const stack of foundations) assert.equal((await foundationWith(stack)).settings.stack, stack);
  });

  it("accepts a number at the top level, which the engine passes as text", async () => {
    const { settings } = await foundationWith("prod", set("accessLogDays", 90));
    assert.equal(settings.accessLogDays, 90);
  });

  for (const [what, path, value, message] of refusals)
    it(`refuses ${what}`, async () => {
      const refused = foundationWith("prod", set(path, value));
      await assert.rejects(refused, message);
      // What opens from the repository's root.
      await assert.rejects(refused, /^\w*: ?foundation\/Pulumi\.prod\.yaml has /);
    });

  it("refuses a role that pushes to no repository", () =>
    assert.rejects(
      foundationWith("dev", set("images/repositories", [])),
      /images.repositories: found the list \[\]; allowed is at least one repository/,
    ));
});
