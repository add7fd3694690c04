import assert from "node:assert/strict";
import type { Document } from "yaml";
import { betweenFaults } from "../../config/checks/between";
import { drop, faultsOf, set } from "../support/edits";

const cases: {
  readonly what: string;
  readonly edit: (file: Document) => void;
  /** Path of the fault, without the project's prefix. */
  readonly path: string;
  /** Part of what the message must say. */
  readonly says: RegExp;
}[] = [
  {
    what: "an unknown managed rule group",
    edit: set("edge.waf.groups.botControl", "block"),
    path: "edge.waf.groups.botControl",
    says: /found "block"; allowed is one of the keys ipReputation, anonymousIp/,
  },
  {
    what: "an unknown action of a managed rule group",
    edit: set("edge.waf.groups.common", "captcha"),
    path: "edge.waf.groups.common",
    says: /found "captcha"; allowed is one of "block", "count"/,
  },
  {
    what: "a rate limit below AWS' minimum",
    edit: set("systems.ams.rateLimit.requests", 9),
    path: "systems.ams.rateLimit.requests",
    says: /found the number 9; allowed is a whole number of requests .* 10 to 2000000000/,
  },
  {
    what: "a rate limit window that AWS doesn't offer",
    edit: set("systems.ams.rateLimit.seconds", 90),
    path: "systems.ams.rateLimit.seconds",
    says: /60, 120, 300, 600 seconds/,
  },
  {
    what: "syslog messages from anyone",
    edit: set("systems.opmas.syslog.sources", ["0.0.0.0/0"]),
    path: "systems.opmas.syslog.sources.0",
    says: /found "0.0.0.0\/0"; .* add internet: true/,
  },
  {
    what: "syslog messages from an invalid IPv4 range",
    edit: set("systems.opmas.syslog.sources", ["::/0"]),
    path: "systems.opmas.syslog.sources.0",
    says: /found "::\/0"; .* an IPv4 range such as/,
  },
  {
    what: "syslog for a system without a workload that listens for it",
    edit: set("systems.ams.syslog", { host: "syslog.suresoft.com", sources: ["198.51.100.0/24"] }),
    path: "systems.ams.syslog",
    says: /no workload of the system listens for syslog/,
  },
  {
    what: "a syslog host in no zone",
    edit: set("systems.opmas.syslog.host", "syslog.example.org"),
    path: "systems.opmas.syslog.host",
    says: /edge\.zones/,
  },
  {
    what: "an idle timeout out of range",
    edit: set("edge.idleSeconds", 4001),
    path: "edge.idleSeconds",
    says: /1 to 4000/,
  },
  {
    what: "a CDN that takes older versions of TLS",
    edit: set("edge.cdn.tlsPolicy", "TLSv1.1_2016"),
    path: "edge.cdn.tlsPolicy",
    says: /found "TLSv1.1_2016"; allowed is one of "TLSv1.2_2021"/,
  },
  {
    what: "a price class that CloudFront hasn't got",
    edit: set("edge.cdn.priceClass", "PriceClass_300"),
    path: "edge.cdn.priceClass",
    says: /"PriceClass_100", "PriceClass_200", "PriceClass_All"/,
  },
  {
    what: "an Origin Shield in a region that has none",
    edit: set("edge.cdn.originShield", "ap-northeast-3"),
    path: "edge.cdn.originShield",
    says: /found "ap-northeast-3"; .*"ap-northeast-2"/,
  },
  {
    what: "a generation of the origin's secret before the first",
    edit: set("edge.cdn.originSecret", 0),
    path: "edge.cdn.originSecret",
    says: /found the number 0; allowed is a whole number of rotations, 1 to/,
  },
  {
    what: "a CDN for a host in no zone",
    edit: set("systems.opmas.hosts.ui", "opmas.example.org"),
    path: "systems.opmas.hosts.ui",
    says: /edge\.zones/,
  },
  {
    what: "a host of two distributions",
    edit: set("systems.asset-management.hosts.app", "opmas.example.com"),
    path: "systems.opmas.hosts.ui",
    says: /a unique host: plinth:systems\.asset-management\.hosts\.app has it/,
  },
  {
    what: "a host that has the name of another host's origin",
    edit: set("systems.opmas.hosts.api", "origin-opmas.example.com"),
    path: "systems.opmas.hosts.api",
    says: /found "origin-opmas.example.com"; .* the CDN of opmas.example.com reaches the load balancer by this name/,
  },
  {
    what: "a page of the team that has the name of a host's origin",
    edit: set("cluster.operators.grafana.host", "origin-opmas.example.com"),
    path: "cluster.operators.grafana.host",
    says: /found "origin-opmas.example.com"; .* the CDN of opmas.example.com reaches the load balancer by this name/,
  },
  {
    what: "a deregistration delay, which follows from the pods' grace period",
    edit: set("edge.deregistrationSeconds", 90),
    path: "edge.deregistrationSeconds",
    says: /found the number 90; allowed is one of the keys/,
  },
  {
    what: "a CDN for a workload without a public host",
    edit: drop("systems.opmas.hosts.ui"),
    path: "systems.opmas.hosts.ui",
    says: /found nothing; allowed is a quoted string, a host name/,
  },
  {
    what: "a host whose origin would have too long a name for a certificate",
    edit: set("systems.opmas.hosts.ui", `${"o".repeat(46)}.example.com`),
    path: "systems.opmas.hosts.ui",
    says: /a host of at most 57 characters/,
  },
  {
    what: "Shield Advanced that nobody consented to",
    edit: set("edge.shieldAdvanced", true),
    path: "edge.shieldConsent",
    says: /"3000 USD a month for a year": Shield Advanced can't be cancelled for a year/,
  },
  {
    what: "consent to Shield Advanced in other words",
    edit: (file) => {
      set("edge.shieldAdvanced", true)(file);
      set("edge.shieldConsent", "I consent")(file);
    },
    path: "edge.shieldConsent",
    says: /found "I consent"; allowed is "3000 USD a month for a year"/,
  },
  {
    what: "consent to Shield Advanced that isn't there",
    edit: set("edge.shieldConsent", "3000 USD a month for a year"),
    path: "edge.shieldAdvanced",
    says: /true together with shieldConsent/,
  },
];

describe("settings of the edge", () => {
  for (const { what, edit, path, says } of cases)
    it(`refuse ${what}`, async () => {
      const error = await faultsOf("prod", edit);
      const fault = error.faults.find((each) => each.path === `plinth:${path}`);
      assert.ok(fault, `no fault at ${path} in:\n${error.message}`);
      assert.match(`found ${fault.found}; allowed is ${fault.expected}`, says);
    });
});

describe("Shield Advanced in two stacks", () => {
  const other = (account: string, on: boolean) =>
    `config: { plinth:account: { id: "${account}" }, plinth:edge: { shieldAdvanced: ${String(on)} } }`;
  const faults = (text: string) =>
    betweenFaults(
      "plinth",
      "prod",
      { account: { id: "333333333333" }, edge: { shieldAdvanced: true } },
      { staging: text },
    );

  it("is refused in one account, which can subscribe only once", () => {
    const [fault] = faults(other("333333333333", true));
    assert.equal(fault?.path, "plinth:edge.shieldAdvanced");
    assert.match(
      fault?.expected ?? "",
      /true in only one stack of account 333333333333: Pulumi\.staging\.yaml has it/,
    );
  });

  it("is accepted in two accounts, and if only one has it", () => {
    assert.deepEqual(faults(other("222222222222", true)), []);
    assert.deepEqual(faults(other("333333333333", false)), []);
  });
});
