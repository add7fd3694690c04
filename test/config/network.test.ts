import assert from "node:assert/strict";
import type { Document } from "yaml";
import { drop, itRefuses, set } from "../support/edits";
import { settingsOf } from "../support/frozen";

const devices = "systems.opmas.networks.devices";

const cases: readonly {
  readonly what: string;
  readonly edit: (file: Document) => void;
  readonly path: string;
  readonly says: RegExp;
}[] = [
  {
    what: "two systems in one slot",
    edit: set("network.dataSlots.tapwork", 1),
    path: "network.dataSlots.tapwork",
    says: /a unique number: dataSlots\.ams has it/,
  },
  {
    what: "a slot that doesn't exist",
    edit: set("network.dataSlots.tapwork", 8),
    path: "network.dataSlots.tapwork",
    says: /0 to 7/,
  },
  {
    what: "a system with data and without a slot",
    edit: drop("network.dataSlots.ams"),
    path: "network.dataSlots.ams",
    says: /found nothing; allowed is a number that no other system has, such as 1/,
  },
  {
    what: "a slot of a system that doesn't exist",
    edit: set("network.dataSlots.payroll", 4),
    path: "network.dataSlots.payroll",
    says: /one of the systems opmas, ams, tapwork, asset-management/,
  },
  {
    what: "an interface endpoint of an unused service",
    edit: set("network.interfaceEndpoints", ["logs"]),
    path: "network.interfaceEndpoints.0",
    says: /"ecr\.api", .*"sts"/,
  },
  {
    what: "a NAT instance in a protected environment",
    edit: set("network.nat", "instance"),
    path: "network.nat",
    says: /found "instance"; allowed is gateway or gateway-per-zone while plinth:protect is true, .*; to do: choose one of them/,
  },
  {
    what: "a NAT instance in a region that may fail over",
    edit: (file) => {
      set("network.nat", "instance")(file);
      const network = { cidr: "10.40.0.0/16", zones: ["ap-northeast-1a", "ap-northeast-1c"] };
      set("standby", { region: "ap-northeast-1", network, systems: {} })(file);
    },
    path: "network.nat",
    says: /and with plinth:standby, since a failover needs egress/,
  },
  {
    what: "a NAT instance with a network that is the internet",
    edit: (file) => {
      set("network.nat", "instance")(file);
      set(`${devices}.internet`, true)(file);
    },
    path: "network.nat",
    says: /with plinth:systems\.opmas\.networks\.devices\.internet, since the security group/,
  },
  {
    what: "a kind of NAT that doesn't exist",
    edit: set("network.nat", "none"),
    path: "network.nat",
    says: /"gateway", "gateway-per-zone", "instance"/,
  },
  {
    what: "devices inside the VPC",
    edit: set(`${devices}.cidrs`, ["198.51.100.0/24", "10.30.128.0/24"]),
    path: `${devices}.cidrs.1`,
    says: /doesn't overlap plinth:network\.cidr \(10\.30\.0\.0\/16\)/,
  },
  {
    what: "devices among the Services",
    edit: set(`${devices}.cidrs.0`, "172.16.0.0/12"),
    path: `${devices}.cidrs.0`,
    says: /doesn't overlap plinth:network\.serviceCidr/,
  },
  {
    what: "devices at the instance metadata",
    edit: set(`${devices}.cidrs.0`, "169.254.169.254/32"),
    path: `${devices}.cidrs.0`,
    says: /the link-local range/,
  },
  {
    what: "devices everywhere, without consent",
    edit: set(`${devices}.cidrs.0`, "0.0.0.0/0"),
    path: `${devices}.cidrs.0`,
    says: /internet: true/,
  },
  {
    what: "devices on half of the internet, without `internet: true`",
    edit: set(`${devices}.cidrs.0`, "128.0.0.0/1"),
    path: `${devices}.cidrs.0`,
    says: /a \/8 or smaller/,
  },
  {
    what: "devices without a port",
    edit: set(`${devices}.ports`, []),
    path: `${devices}.ports`,
    says: /TCP ports.*at least 1/,
  },
  {
    what: "a network that the system doesn't call",
    edit: set("systems.ams.networks", { devices: { cidrs: ["198.51.100.0/24"], ports: [80] } }),
    path: "systems.ams.networks.devices",
    says: /allowed is no key here/,
  },
  {
    what: "the whole internet as an inbound network",
    edit: set("edge.inboundCidrs", ["0.0.0.0/0"]),
    path: "edge.inboundCidrs.0",
    says: /leave the key out to allow all/,
  },
  {
    what: "an empty list of inbound networks",
    edit: set("edge.inboundCidrs", ["office"]),
    path: "edge.inboundCidrs.0",
    says: /an IPv4 range such as/,
  },
];

describe("config: slots, external networks, admitted networks", () => {
  itRefuses(cases);

  it("accepts devices everywhere with consent, and none", async () => {
    const everywhere = { cidrs: ["0.0.0.0/0"], ports: [80], internet: true };
    const found = async (edit: (file: Document) => void) =>
      (await settingsOf("prod", edit)).systems.opmas?.networks;
    assert.deepEqual(await found(set(devices, everywhere)), { devices: everywhere });
    assert.deepEqual(await found(drop("systems.opmas.networks")), {});
  });

  it("admits the internet if no network is named, and keeps the slot of a removed system", async () => {
    const settings = await settingsOf("dev", (file) => {
      drop("edge.inboundCidrs")(file);
      drop("systems.tapwork")(file);
    });
    assert.deepEqual(settings.edge.inboundCidrs, []);
    assert.equal(settings.network.dataSlots.tapwork, 2);
  });
});
