import assert from "node:assert/strict";
import { describeFault } from "../../config/reading/errors";
import type { Document } from "yaml";
import { drop, faultsOf, set, unquoted } from "../support/edits";
import { settingsOf, stacks } from "../support/frozen";

interface Case {
  readonly what: string;
  readonly edit: (file: Document) => void;
  /** Path of the fault, without the project's prefix. */
  readonly path: string;
  /** Part of what the message must say. */
  readonly says: RegExp;
}

const postgres = "systems.ams.stores.postgres";
const api = "systems.ams.workloads.api";

const cases: Case[] = [
  {
    what: "an unknown top-level key",
    edit: set("netwrok", {}),
    path: "netwrok",
    says: /did you mean plinth:network/,
  },
  {
    what: "an unknown key deep inside",
    edit: set(`${api}.replica`, 3),
    path: `${api}.replica`,
    says: /allowed is one of the keys/,
  },
  {
    what: "a key that every object has",
    edit: set("systems.constructor", {}),
    path: "systems.constructor",
    says: /every object in JavaScript has this one; to do: rename it/,
  },
  {
    what: "a missing key",
    edit: drop(`${postgres}.class`),
    path: `${postgres}.class`,
    says: /found nothing; .*to do: add/,
  },
  {
    what: "a value out of range",
    edit: set(`${postgres}.backupDays`, 36),
    path: `${postgres}.backupDays`,
    says: /1 to 35/,
  },
  {
    what: "the wrong unit",
    edit: set("systems.ams.workloads.worker.resources.requests.memory", "256MB"),
    path: "systems.ams.workloads.worker.resources.requests.memory",
    says: /512Mi/,
  },
  {
    what: "a request over its limit",
    edit: set("systems.ams.workloads.worker.resources.requests.cpu", "600m"),
    path: "systems.ams.workloads.worker.resources.requests.cpu",
    says: /at most the limit \(500m\)/,
  },
  {
    what: "overlapping ranges",
    edit: set("network.serviceCidr", "10.30.128.0/18"),
    path: "network.serviceCidr",
    says: /doesn't overlap cidr \(10\.30\.0\.0\/16\)/,
  },
  {
    what: "a reserved range that overlaps",
    edit: set("network.reservedCidrs.0", "10.30.4.0/24"),
    path: "network.reservedCidrs.0",
    says: /doesn't overlap/,
  },
  {
    what: "an invalid range",
    edit: set("network.cidr", "10.30.0.0"),
    path: "network.cidr",
    says: /an IPv4 range such as/,
  },
  {
    what: "a range too small",
    edit: set("network.cidr", "10.30.0.0/22"),
    path: "network.cidr",
    says: /\/16 to \/20/,
  },
  {
    what: "a range not written with its first address",
    edit: set("network.cidr", "10.30.1.0/16"),
    path: "network.cidr",
    says: /first address/,
  },
  {
    what: "fewer zones than subnets need",
    edit: set("network.zones", ["ap-northeast-2a"]),
    path: "network.zones",
    says: /2 to 4 zones/,
  },
  {
    what: "a zone of another region",
    edit: set("network.zones.0", "us-east-1a"),
    path: "network.zones.0",
    says: /ap-northeast-2a/,
  },
  {
    what: "a system that doesn't exist",
    edit: set("systems.payroll", {}),
    path: "systems.payroll",
    says: /allowed is one of the keys/,
  },
  {
    what: "a workload that doesn't exist",
    edit: set("systems.ams.workloads.batch", {}),
    path: "systems.ams.workloads.batch",
    says: /allowed is one of the keys/,
  },
  {
    what: "an unknown read role",
    edit: set(`${postgres}.readReplicas.reporting`, { count: 1, class: "db.m7g.large" }),
    path: `${postgres}.readReplicas.reporting`,
    says: /allowed is one of the keys/,
  },
  {
    what: "replicas below the disruption budget",
    edit: set("systems.ams.workloads.web.minAvailable", 3),
    path: "systems.ams.workloads.web.minAvailable",
    says: /less than the minimum of 3 pods/,
  },
  {
    what: "an autoscaler's minimum below the budget",
    edit: set(`${api}.autoscaling.min`, 2),
    path: `${api}.minAvailable`,
    says: /less than the minimum of 2 pods/,
  },
  {
    what: "min above max",
    edit: set(`${api}.autoscaling.min`, 11),
    path: `${api}.autoscaling.min`,
    says: /at most max \(10\)/,
  },
  {
    what: "both a count and an autoscaler",
    edit: set(`${api}.replicas`, 3),
    path: `${api}.replicas`,
    says: /either/,
  },
  {
    what: "an engine version without a family",
    edit: set(`${postgres}.version`, "13"),
    path: `${postgres}.version`,
    says: /"14", "15", "16", "17", "18"/,
  },
  {
    what: "a cache version without a family",
    edit: set("systems.ams.stores.cache.version", "6.2"),
    path: "systems.ams.stores.cache.version",
    says: /"8\.2"/,
  },
  {
    what: "storage that can't grow",
    edit: set(`${postgres}.maxStorage`, 20),
    path: `${postgres}.maxStorage`,
    says: /more than storage/,
  },
  {
    what: "a host used twice",
    edit: set("systems.tapwork.hosts.api", "ams.suresoft.com"),
    path: "systems.tapwork.hosts.api",
    says: /systems\.ams\.hosts\.app has it/,
  },
  {
    what: "a host outside every zone",
    edit: set("systems.ams.hosts.app", "ams.elsewhere.org"),
    path: "systems.ams.hosts.app",
    says: /edge\.zones/,
  },
  {
    what: "a mail domain outside every zone",
    edit: set("systems.tapwork.stores.mail.domain", "elsewhere.org"),
    path: "systems.tapwork.stores.mail.domain",
    says: /edge\.zones/,
  },
  {
    what: "an image without tag",
    edit: set(`${api}.image`, "ams-api"),
    path: `${api}.image`,
    says: /a tag other than latest/,
  },
  {
    what: "an image tagged latest",
    edit: set(`${api}.image`, "ams-api:latest"),
    path: `${api}.image`,
    says: /a tag other than latest/,
  },
  {
    what: "a registry's port taken for a tag",
    edit: set(`${api}.image`, "registry.example.com:5000/ams-api"),
    path: `${api}.image`,
    says: /a tag/,
  },
  {
    what: "an unquoted version",
    edit: unquoted("cluster.version", "1.36"),
    path: "cluster.version",
    says: /the number 1\.36; allowed is a quoted string/,
  },
  {
    what: "an unquoted account id",
    edit: unquoted("account.id", "333333333333"),
    path: "account.id",
    says: /a quoted string, the 12 digits/,
  },
  {
    what: "a secure value",
    edit: set("tags", { Owner: { secure: "AAABAD" }, CostCenter: "1" }),
    path: "tags",
    says: /Secrets Manager/,
  },
  {
    what: "a prefix too long for the load balancer",
    edit: set("prefix", "a-very-long-environment-name"),
    path: "prefix",
    says: /3 to 20 characters/,
  },
  {
    what: "a protected stack that is disposable",
    edit: set("disposable", true),
    path: "disposable",
    says: /false while protect is true/,
  },
  {
    what: "a bucket name too long",
    edit: set("systems.tapwork.stores.backups.name", "b".repeat(64)),
    path: "systems.tapwork.stores.backups.name",
    says: /3 to 63/,
  },
  {
    what: "a bucket name used twice",
    edit: set("systems.ams.stores.backups.name", "tapwork-backups"),
    path: "systems.tapwork.stores.backups.name",
    says: /has it/,
  },
  {
    what: "a lifecycle that expires before it transitions",
    edit: set("systems.ams.stores.backups.expireDays", 90),
    path: "systems.ams.stores.backups.expireDays",
    says: /at least coldDays \+ 90/,
  },
  {
    what: "a lifecycle whose steps are too close",
    edit: set("systems.ams.stores.backups.coldDays", 59),
    path: "systems.ams.stores.backups.coldDays",
    says: /60/,
  },
  {
    what: "an API open to the whole internet",
    edit: set("cluster.publicAccessCidrs", ["0.0.0.0/0"]),
    path: "cluster.publicAccessCidrs.0",
    says: /larger ranges allow everyone/,
  },
  {
    what: "no administrator of the cluster",
    edit: set("cluster.access.admin", []),
    path: "cluster.access.admin",
    says: /identity that runs Pulumi/,
  },
  {
    what: "a retention that CloudWatch doesn't offer",
    edit: set("network.flowLogDays", 10),
    path: "network.flowLogDays",
    says: /7, 14, 30/,
  },
  {
    what: "an unknown TLS policy",
    edit: set("edge.tlsPolicy", "ELBSecurityPolicy-2016-08"),
    path: "edge.tlsPolicy",
    says: /TLS13/,
  },
  {
    what: "an unpinned chart",
    edit: set("cluster.operators.externalSecrets.chart", "^2.9.0"),
    path: "cluster.operators.externalSecrets.chart",
    says: /exact/,
  },
  {
    what: "a chart version outside its series",
    edit: set("cluster.operators.keda.chart", "2.21.0"),
    path: "cluster.operators.keda.chart",
    says: /found "2\.21\.0"; allowed is a chart of the series 2\.20, which its values are written for; docs\/operators\.md/,
  },
  {
    what: "several pods of a controller that elects no leader",
    edit: set("cluster.operators.nack.replicas", 2),
    path: "cluster.operators.nack.replicas",
    says: /allowed is 1: the chart runs one controller/,
  },
  {
    what: "an unknown operator",
    edit: set("cluster.operators.flagger", { chart: "1.0.0", replicas: 1 }),
    path: "cluster.operators.flagger",
    says: /allowed is one of the keys/,
  },
  {
    what: "a cluster without cert-manager",
    edit: drop("cluster.addons.cert-manager"),
    path: "cluster.addons.cert-manager.version",
    says: /found nothing/,
  },
  {
    what: "an add-on's version that isn't one of EKS' builds",
    edit: set("cluster.addons.cert-manager.version", "v1.20.2"),
    path: "cluster.addons.cert-manager.version",
    says: /add-on build/,
  },
  {
    what: "a flag in words",
    edit: set(`${postgres}.multiAz`, "yes"),
    path: `${postgres}.multiAz`,
    says: /true or false/,
  },
  {
    what: "a health path for a workload whose document gives probes",
    edit: set(`${api}.healthPath`, "/ping"),
    path: `${api}.healthPath`,
    says: /allowed is one of the keys/,
  },
  {
    what: "a mail domain used twice",
    edit: set("systems.asset-management.stores.mail.domain", "tapwork.com"),
    path: "systems.tapwork.stores.mail.domain",
    says: /systems\.asset-management\.stores\.mail\.domain has it/,
  },
  {
    what: "a NATS cluster in two zones",
    edit: set("network.zones", ["ap-northeast-2a", "ap-northeast-2b"]),
    path: "systems.opmas.stores.nats.servers",
    says: /found 3; allowed is 1, or 3 zones/,
  },
  {
    what: "streams without their operator",
    edit: drop("cluster.operators.nack"),
    path: "cluster.operators.nack",
    says: /found nothing; .*: it creates the streams of plinth:systems\.opmas\.stores\.nats/,
  },
  {
    what: "a stream that isn't described",
    edit: set("systems.opmas.stores.nats.streams.METRICS", { maxAgeHours: 1, maxBytes: "1Gi" }),
    path: "systems.opmas.stores.nats.streams.METRICS",
    says: /allowed is one of the keys LOGS, FINDINGS; to do: remove it/,
  },
  {
    what: "credentials that the cluster may not read",
    edit: set("systems.tapwork.stores.mail", {
      kind: "smtp",
      host: "smtp.example.com",
      port: 587,
      credentials: "other/smtp",
    }),
    path: "systems.tapwork.stores.mail.credentials",
    says: /starts with plinth-prod\//,
  },
  {
    what: "an unquoted date",
    edit: unquoted("tags.CostCenter", "2026-01-01"),
    path: "tags.CostCenter",
    says: /a date; .*put it in quotes/,
  },
  {
    what: "a missing section",
    edit: drop("edge"),
    path: "edge.tlsPolicy",
    says: /found nothing; .*to do: add/,
  },
];

describe("config: load", () => {
  for (const stack of stacks)
    it(`reads the stack file of ${stack}`, async () => {
      const settings = await settingsOf(stack);
      assert.deepEqual(Object.keys(settings.systems), ["opmas", "ams", "tapwork", "asset-management"]);
      assert.equal(settings.stack, stack);
    });

  for (const { what, edit, path, says } of cases)
    it(`refuses ${what}`, async () => {
      const error = await faultsOf("prod", edit);
      const fault = error.faults.find((each) => each.path === `plinth:${path}`);
      assert.ok(fault, `no fault at ${path} in:\n${error.message}`);
      assert.match(describeFault(error.file, fault), says);
      assert.match(error.message, /^Pulumi\.prod\.yaml has \d+ faults?; nothing was deployed\./);
    });

  it("reports every fault at once, one line each", async () => {
    const chosen = cases.filter(
      ({ what }) => !/secure|host used twice|missing|unquoted|flag in words/.test(what),
    );
    const { faults, message } = await faultsOf("prod", (file) => chosen.forEach(({ edit }) => edit(file)));
    const paths = new Set(faults.map(({ path }) => path));
    assert.ok(paths.size > 20, message);
    assert.equal(message.split("\n").length, faults.length + 1);
  });

  it("never repeats a secure value", async () => {
    const { message, faults } = await faultsOf("prod", set("tags.Owner", { secure: "AAABADdeadbeef" }));
    assert.deepEqual([faults.length, message.includes("deadbeef")], [1, false], message);
  });
});
