import assert from "node:assert/strict";
import type { Document } from "yaml";
import { faultsOf, set } from "../support/edits";

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
    says: /found "block"; allowed is a managed rule group: ipReputation, anonymousIp/,
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
    says: /found "::\/0"; .* a range such as/,
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
