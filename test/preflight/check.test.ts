import assert from "node:assert/strict";
import type { Document } from "yaml";
import { check } from "../../preflight/check";
import type { Finding } from "../../preflight/finding";
import { planOf, type Plan } from "../../preflight/plan";
import { AwsError, type World } from "../../preflight/world";
import { set } from "../support/edits";
import { recordingOf, recordingWith, settingsOf, type Stack } from "../support/frozen";

type Answers = Readonly<Record<string, unknown>>;

/** The plan of a stack, as the command reads it. */
const plan = async (stack: Stack, edit?: (file: Document) => void): Promise<Plan> =>
  planOf(
    await settingsOf(stack, edit),
    await (edit === undefined ? recordingOf(stack) : recordingWith(stack, edit)),
  );

/** Answers of an account without faults, by the beginning of the command. */
function good({ settings, ofType }: Plan): Answers {
  const addons = ofType("aws:eks/addon:Addon").map(({ addonName, addonVersion }) => [
    `eks describe-addon-versions --kubernetes-version ${settings.cluster.version} --addon-name ${String(addonName)}`,
    { addons: [{ addonVersions: [{ addonVersion, compatibilities: [] }] }] },
  ]);
  const zones = Object.entries(settings.edge.zones).map(([domain, id]) => [
    `route53 get-hosted-zone --id ${id}`,
    {
      HostedZone: { Name: `${domain}.`, Config: { PrivateZone: false } },
      DelegationSet: { NameServers: ["ns-1.awsdns-00.com", "ns-2.awsdns-00.net"] },
    },
  ]);
  return {
    "sts get-caller-identity": {
      Account: settings.account.id,
      Arn: `arn:aws:sts::${settings.account.id}:assumed-role/plinth-deploy/me`,
    },
    "iam get-role": {},
    "eks describe-cluster-versions": {
      clusterVersions: [{ clusterVersion: settings.cluster.version, versionStatus: "STANDARD_SUPPORT" }],
    },
    // A schema without a word on keys.
    "eks describe-addon-configuration": { configurationSchema: "{}" },
    "route53 list-resource-record-sets": { ResourceRecordSets: [] },
    "service-quotas get-service-quota": { Quota: { Value: 1000 } },
    "ec2 describe-addresses": { Addresses: [] },
    "ec2 describe-vpcs": { Vpcs: [] },
    "ec2 describe-instances": { Reservations: [] },
    "rds describe-account-attributes": {
      AccountQuotas: [
        { AccountQuotaName: "DBInstances", Used: 0, Max: 40 },
        { AccountQuotaName: "ManualSnapshots", Used: 0, Max: 100 },
      ],
    },
    "ecr describe": {},
    "logs describe-log-groups": { logGroups: [] },
    "sesv2 get-account": { ProductionAccessEnabled: true },
    "secretsmanager describe-secret": {},
    ...Object.fromEntries([...addons, ...zones]),
  };
}

const refused = (code: string) => new AwsError(code, `message of ${code}`);

/** Services with these answers. The answer with the longest matching beginning applies. */
const worldOf = (answers: Answers, more: Partial<World> = {}): World => ({
  aws: (...args) => {
    const command = args.join(" ");
    const [key] = Object.keys(answers)
      .filter((start) => command.startsWith(start))
      .sort((one, other) => other.length - one.length);
    assert.ok(key !== undefined, `unexpected: ${command}`);
    const answer = answers[key];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as never);
  },
  nameServers: () => Promise.resolve(["ns-2.awsdns-00.net", "ns-1.awsdns-00.com"]),
  dockerHubPulls: () => Promise.resolve({ left: 76, limit: 100, seconds: 21600 }),
  ...more,
});

const texts = (findings: readonly Finding[]) =>
  findings
    .filter(({ about }) => about !== "Docker Hub")
    .map(({ level, about, found, todo }) => `${level} ${about}: ${found}. ${todo}`);

describe("preflight", function () {
  const plans = new Map<Stack, Promise<Plan>>();
  const planFor = (stack: Stack) => {
    const made = plans.get(stack) ?? plan(stack);
    plans.set(stack, made);
    return made;
  };
  /** Findings in an account that differs from a good one only in these answers. */
  const found = async (stack: Stack, answers: Answers = {}, more: Partial<World> = {}) => {
    const wanted = await planFor(stack);
    return check(wanted, worldOf({ ...good(wanted), ...answers }, more));
  };

  for (const stack of ["dev", "staging", "prod"] as const)
    it(`${stack}: finds nothing in a good account`, async () => {
      assert.deepEqual(texts(await found(stack)), []);
    });

  const zone = "Z0000000000SURESOFT1";
  const cases: readonly [what: string, stack: Stack, answers: Answers, says: RegExp][] = [
    [
      "credentials without access to the cluster",
      "dev",
      { "sts get-caller-identity": { Account: "111111111111", Arn: "arn:aws:iam::111111111111:user/me" } },
      /^stops credentials: arn:aws:iam::111111111111:user\/me isn't in plinth:cluster\.access\.admin/,
    ],
    [
      "a missing role",
      "prod",
      { "iam get-role --role-name platform-viewer": refused("NoSuchEntity") },
      /^stops role arn:aws:iam::\d+:role\/platform-viewer: it doesn't exist\./,
    ],
    [
      "a log group that RDS has made again after a destruction",
      "dev",
      {
        "logs describe-log-groups --log-group-name-pattern plinth-dev": {
          logGroups: [
            { logGroupName: "/aws/rds/instance/plinth-dev-ams/postgresql" },
            { logGroupName: "/aws/lambda/plinth-dev-of-somebody-else" },
          ],
        },
      },
      /^stops log group \/aws\/rds\/instance\/plinth-dev-ams\/postgresql: it already exists, .* aws logs delete-log-group --log-group-name \/aws\/rds\/instance\/plinth-dev-ams\/postgresql$/,
    ],
    [
      "an account without the role for spot instances",
      "dev",
      { "iam get-role --role-name AWSServiceRoleForEC2Spot": refused("NoSuchEntity") },
      /^stops spot instances: .* create-service-linked-role/,
    ],
    [
      "a Kubernetes version that isn't offered",
      "dev",
      {
        "eks describe-cluster-versions": {
          clusterVersions: [{ clusterVersion: "1.35", versionStatus: "STANDARD_SUPPORT" }],
        },
      },
      /^stops Kubernetes 1\.36: EKS doesn't offer it\. set plinth:cluster\.version to one of 1\.35$/,
    ],
    [
      "a Kubernetes version in extended support",
      "dev",
      {
        "eks describe-cluster-versions": {
          clusterVersions: [{ clusterVersion: "1.36", versionStatus: "EXTENDED_SUPPORT" }],
        },
      },
      /^advice Kubernetes 1\.36: it is in extended support/,
    ],
    [
      "an add-on version that isn't offered",
      "dev",
      {
        "eks describe-addon-versions --kubernetes-version 1.36 --addon-name metrics-server": {
          addons: [
            {
              addonVersions: [
                {
                  addonVersion: "v9.2.0-eksbuild.1",
                  compatibilities: [{ clusterVersion: "1.36", defaultVersion: false }],
                },
                {
                  addonVersion: "v9.1.0-eksbuild.7",
                  compatibilities: [{ clusterVersion: "1.36", defaultVersion: true }],
                },
              ],
            },
          ],
        },
      },
      /^stops add-on metrics-server: EKS has no v\S+ for Kubernetes 1\.36\. use v9\.1\.0-eksbuild\.7, EKS' default, or one of v9\.2\.0/,
    ],
    [
      "an add-on's version that doesn't support such settings",
      "dev",
      {
        "eks describe-addon-configuration --addon-name cert-manager": {
          configurationSchema: JSON.stringify({
            $ref: "#/definitions/CertManager",
            definitions: {
              CertManager: {
                additionalProperties: false,
                properties: {
                  global: { type: "object" },
                  replicaCount: { type: "integer" },
                  resources: { $ref: "#/definitions/Resources" },
                  podDisruptionBudget: {},
                  webhook: {
                    additionalProperties: false,
                    properties: { replicaCount: {}, resources: { $ref: "#/definitions/Resources" } },
                  },
                },
              },
              Resources: { additionalProperties: false, properties: { limits: {}, requests: {} } },
            },
          }),
        },
      },
      /^stops add-on cert-manager: v\S+ doesn't support webhook\.podDisruptionBudget, cainjector\. remove them /,
    ],
    [
      "a zone of another account",
      "dev",
      { [`route53 get-hosted-zone --id ${zone}`]: refused("NoSuchHostedZone") },
      /^stops zone suresoft\.com: Z0000000000SURESOFT1 doesn't exist in this account/,
    ],
    [
      "a private zone",
      "dev",
      {
        [`route53 get-hosted-zone --id ${zone}`]: {
          HostedZone: { Name: "suresoft.com.", Config: { PrivateZone: true } },
        },
      },
      /^stops zone suresoft\.com: .* is a private zone/,
    ],
    [
      "an existing record of a host",
      "dev",
      {
        [`route53 list-resource-record-sets --hosted-zone-id ${zone}`]: {
          ResourceRecordSets: [
            { Name: "ams.dev.suresoft.com.", Type: "CNAME", ResourceRecords: [{ Value: "old.example.com" }] },
          ],
        },
      },
      /^stops record ams\.dev\.suresoft\.com CNAME: CNAME exists already: old\.example\.com\./,
    ],
    [
      "CAA records that exclude Amazon",
      "dev",
      {
        [`route53 list-resource-record-sets --hosted-zone-id ${zone}`]: {
          ResourceRecordSets: [
            { Name: "suresoft.com.", Type: "CAA", ResourceRecords: [{ Value: '0 issue "letsencrypt.org"' }] },
          ],
        },
      },
      /^stops zone suresoft\.com: its CAA records allow only other authorities/,
    ],
    [
      "too few vCPUs in addition to the running ones",
      "dev",
      {
        "service-quotas get-service-quota --service-code ec2 --quota-code L-34B43A08": {
          Quota: { Value: 20 },
        },
        "ec2 describe-instances": {
          Reservations: [
            {
              Instances: [
                { InstanceLifecycle: "spot", CpuOptions: { CoreCount: 4, ThreadsPerCore: 2 } },
                { CpuOptions: { CoreCount: 32, ThreadsPerCore: 2 } },
              ],
            },
          ],
        },
      },
      /^stops quota of vCPUs of spot instances: 20; 8 are in use and 16 more are needed\. .*--quota-code L-34B43A08 --desired-value 24$/,
    ],
    [
      "too few addresses by the default quota",
      "prod",
      {
        "service-quotas get-service-quota --service-code ec2 --quota-code L-0263D0A3":
          refused("NoSuchResourceException"),
        "service-quotas get-aws-default-service-quota --service-code ec2 --quota-code L-0263D0A3": {
          Quota: { Value: 5 },
        },
        "ec2 describe-addresses": { Addresses: [{}, {}, {}] },
      },
      /^stops quota of Elastic IP addresses: 5; 3 are in use and 3 more are needed/,
    ],
    [
      "too few snapshots",
      "prod",
      {
        "rds describe-account-attributes": {
          AccountQuotas: [{ AccountQuotaName: "ManualSnapshots", Used: 98, Max: 100 }],
        },
      },
      /^stops quota of ManualSnapshots: 100; 98 are in use and 4 more/,
    ],
    [
      "a missing image",
      "prod",
      {
        "ecr describe-images --registry-id 333333333333 --repository-name ams-api":
          refused("ImageNotFoundException"),
      },
      /^stops image 333333333333\.dkr\.ecr\S+\/ams-api:\S+: its repository doesn't contain it\./,
    ],
    [
      "SES in its sandbox",
      "prod",
      { "sesv2 get-account": { ProductionAccessEnabled: false } },
      /^advice SES: the account is in the sandbox/,
    ],
    [
      "missing SMTP credentials",
      "staging",
      { "secretsmanager describe-secret": refused("ResourceNotFoundException") },
      /^stops secret plinth-staging\/smtp: it doesn't exist\. aws secretsmanager create-secret --name plinth-staging\/smtp/,
    ],
    [
      "missing read access",
      "dev",
      { "rds describe-account-attributes": refused("AccessDenied") },
      /^stops the databases' quotas: couldn't be checked: message of AccessDenied\./,
    ],
  ];
  for (const [what, stack, answers, says] of cases)
    it(`finds ${what}`, async () => {
      const all = texts(await found(stack, answers));
      assert.equal(all.length, 1, all.join("\n"));
      assert.match(all[0] ?? "", says);
    });

  it("finds an existing _dmarc record, since the program creates one", async () => {
    const wanted = await planFor("prod");
    const records = wanted.ofType("aws:route53/record:Record");
    const { name, zoneId } =
      records.find((record) => String(record.name).startsWith("_dmarc.")) ?? assert.fail();
    const there = {
      Name: `${String(name)}.`,
      Type: "TXT",
      ResourceRecords: [{ Value: '"v=DMARC1; p=none"' }],
    };
    const command = `route53 list-resource-record-sets --hosted-zone-id ${String(zoneId)}`;
    const [text = ""] = texts(await found("prod", { [command]: { ResourceRecordSets: [there] } }));
    assert.match(
      text,
      /^stops record _dmarc\.\S+ TXT: TXT exists already: "v=DMARC1; p=none"\. other mail may depend on it/,
    );
  });

  it("finds a domain without a delegation, or with a wrong one", async () => {
    const none = texts(await found("dev", {}, { nameServers: () => Promise.resolve([]) }));
    assert.equal(none.length, 3);
    assert.match(none[0] ?? "", /it has no name servers\. .* delegate it to ns-1\.awsdns-00\.com/);
    const other = texts(
      await found("dev", {}, { nameServers: () => Promise.resolve(["ns.other.example."]) }),
    );
    assert.match(other[0] ?? "", /it is delegated to ns\.other\.example\./);
  });

  it("reports all findings at once", async () => {
    const answers = {
      "iam get-role": refused("NoSuchEntity"),
      "ec2 describe-vpcs": refused("UnauthorizedOperation"),
      "eks describe-cluster-versions": { clusterVersions: [] },
    };
    const about = new Set((await found("dev", answers)).map((each) => each.about));
    for (const each of ["spot instances", "the quotas", "Kubernetes 1.36"]) assert.ok(about.has(each), each);
  });

  it("stops after the first check in the wrong account", async () => {
    const wanted = await planFor("dev");
    const only = {
      "sts get-caller-identity": { Account: "999999999999", Arn: "arn:aws:iam::999999999999:role/x" },
    };
    assert.deepEqual(texts(await check(wanted, worldOf(only))), [
      "stops credentials: they belong to account 999999999999. sign in to 111111111111, the account of plinth:account",
    ]);
  });

  it("finds an organisation that allows no copies in another account, and an account in none", async () => {
    const vault = "arn:aws:backup:ap-northeast-2:444444444444:backup-vault:copies";
    const wanted = await plan("prod", set("backups.vault.copyTo", vault));
    const command = "backup describe-global-settings";
    const of = async (answer: unknown) =>
      texts(await check(wanted, worldOf({ ...good(wanted), [command]: answer })));
    const answer = (value: string) => ({ GlobalSettings: { isCrossAccountBackupEnabled: value } });
    assert.deepEqual(await of(answer("true")), []);
    assert.match(
      (await of(answer("false"))).join(),
      /^stops plinth:backups\.vault\.copyTo: the organisation/,
    );
    assert.match((await of(refused("InvalidRequestException"))).join(), /: no organisation: /);
  });

  it("compares the images with Docker Hub's rate limit", async () => {
    const [finding] = (await found("dev")).filter(({ about }) => about === "Docker Hub");
    const fromThere = (await planFor("dev")).images.some((image) => image.startsWith("docker.io/"));
    if (!fromThere) return assert.equal(finding, undefined);
    assert.equal(finding?.level, "advice");
    assert.match(
      finding?.found ?? "",
      /its limit is 100 pulls in 6 hours, of which this machine has 76 left/,
    );
  });

  it("requires only a repository for an image that the stack builds", async () => {
    const build = { context: "test/components/workload/fixtures/app" };
    const wanted = await plan("prod", set("systems.ams.workloads.web.build", build));
    const answers = {
      ...good(wanted),
      "ecr describe-images --registry-id 333333333333 --repository-name ams-web":
        refused("ImageNotFoundException"),
      "ecr describe-repositories": refused("RepositoryNotFoundException"),
    };
    const [text = "", ...more] = texts(await check(wanted, worldOf(answers)));
    assert.deepEqual(more, []);
    assert.match(
      text,
      /ams-web:\S+, which this stack builds: .* aws ecr create-repository .*--repository-name ams-web$/,
    );
  });
});
