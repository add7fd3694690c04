import assert from "node:assert/strict";
import { Netmask } from "netmask";
import type { Settings } from "../../config";
import type { Registration } from "../../preview/monitor";
import { Recording } from "../../preview/run-program";
import { catalog } from "../../systems";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { objects, firstRegionOf } from "../support/recordings";
import { has, largest, settingsOf, stackConfig, stacks } from "../support/stacks";
import { aclOf, passes } from "../support/waf";

/** External access, by protocol, port and network: `tcp 443 from 0.0.0.0/0`. */
type Openings = string[];

const opening = (protocol: string, port: number, network: string) => `${protocol} ${port} from ${network}`;
const sorted = (rows: readonly string[]) => [...new Set(rows)].sort();
const isOutside = (cidr: string, vpc: string) => !new Netmask(vpc).contains(cidr);

/** Ports of the Ingresses' load balancers, and the allowed networks. */
const ofIngresses = (recording: Recording): Openings =>
  [...objects(recording, "Ingress").values()].flatMap(({ manifest }) => {
    const annotation = (name: string) => manifest.metadata.annotations?.[`alb.ingress.kubernetes.io/${name}`];
    const listeners = JSON.parse(annotation("listen-ports") ?? "[]") as Record<string, number>[];
    const networks = (annotation("inbound-cidrs") ?? "0.0.0.0/0").split(",");
    return listeners.flatMap((one) =>
      Object.values(one).flatMap((port) => networks.map((network) => opening("tcp", port, network))),
    );
  });

const named = (recording: Recording, resource: Registration, property: string): Registration[] =>
  (resource.propertyDependencies[property] ?? []).flatMap((urn) => recording.resources.get(urn) ?? []);

/** Ports that security groups allow to networks outside the VPC. */
function ofGroups(recording: Recording, vpc: string): Openings {
  return recording
    .ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    .flatMap(({ inputs }) => {
      const { cidrIpv4, cidrIpv6, ipProtocol, fromPort, toPort } = inputs as Record<string, unknown>;
      const network = String(cidrIpv4 ?? cidrIpv6 ?? vpc);
      if (network.includes(".") && !isOutside(network, vpc)) return [];
      assert.equal(fromPort, toPort);
      return [opening(String(ipProtocol), Number(fromPort), network)];
    });
}

/** Listener ports of load balancers that Pulumi creates. One without a security group is open to everyone. */
function ofBalancers(recording: Recording): string[] {
  return recording.ofType("aws:lb/listener:Listener").flatMap((listener) => {
    const [balancer] = named(recording, listener, "loadBalancerArn");
    assert.ok(balancer && named(recording, balancer, "securityGroups").length > 0, listener.name);
    const { port, protocol } = listener.inputs as { port: number; protocol: string };
    const protocols = { TCP_UDP: ["tcp", "udp"], TLS: ["tcp"], TCP: ["tcp"], UDP: ["udp"] }[protocol];
    return (protocols ?? [protocol]).map((each) => `${each} ${port}`);
  });
}

/** Services of type LoadBalancer or NodePort. */
const ofServices = (recording: Recording): string[] =>
  [...objects(recording, "Service")].flatMap(([name, { manifest }]) =>
    [undefined, "ClusterIP"].includes((manifest.spec as { type?: string }).type) ? [] : [name],
  );

interface Rule {
  readonly from?: readonly { readonly ipBlock?: { readonly cidr: string } }[];
  readonly ports?: readonly { readonly protocol: string; readonly port: number }[];
}

/** Ports of pods that policies open to addresses that `concerns` selects, as `namespace/name tcp 514 from …`. */
const ofPolicies = (recording: Recording, concerns: (cidr: string) => boolean): string[] =>
  [...objects(recording, "NetworkPolicy")].flatMap(([name, { manifest }]) =>
    ((manifest.spec?.ingress ?? []) as Rule[]).flatMap(
      ({ from = [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports }) =>
        from.flatMap(({ ipBlock }) =>
          ipBlock === undefined || !concerns(ipBlock.cidr)
            ? []
            : (ports ?? [{ protocol: "any", port: 0 }]).map(
                ({ protocol, port }) => `${name} ${opening(protocol.toLowerCase(), port, ipBlock.cidr)}`,
              ),
        ),
    ),
  );

/** Workloads of the systems that the stack file names, with the settings of their system. */
const workloadsOf = ({ systems }: Settings) =>
  Object.entries<SystemSpec>(catalog).flatMap(([name, spec]) => {
    const amounts = systems[name];
    return Object.entries<WorkloadSpec>(spec.workloads)
      .filter(([key]) => amounts?.workloads[key] !== undefined)
      .map(([, workload]) => ({ workload, syslog: amounts?.syslog }));
  });

/** External access according to the descriptions and the stack file. */
function described(settings: Settings): Openings {
  // A CDN's requests come from anywhere; AWS WAF filters them.
  const inboundCidrs = settings.edge.cdn === undefined ? settings.edge.inboundCidrs : [];
  const web = (inboundCidrs.length > 0 ? inboundCidrs : ["0.0.0.0/0"]).flatMap((network) => [
    opening("tcp", 80, network),
    opening("tcp", 443, network),
  ]);
  const devices = workloadsOf(settings).flatMap(({ workload, syslog }) =>
    workload.listen?.syslog === undefined
      ? []
      : (syslog?.sources ?? []).flatMap((network) => [
          opening("tcp", 514, network),
          opening("udp", 514, network),
          opening("tcp", 6514, network),
        ]),
  );
  return sorted([...web, ...devices]);
}

/** The same for the pods' policies: devices' addresses, and the load balancers' subnets. */
function describedPods(settings: Settings, publicCidrs: readonly string[]): string[] {
  return sorted(
    workloadsOf(settings).flatMap(({ workload: { namespace, name, listen, exposure }, syslog }) => {
      const row = (protocol: string, port: number, cidr: string) =>
        `${namespace}/${name} ${opening(protocol, port, cidr)}`;
      const takes = listen?.syslog !== undefined && syslog !== undefined ? listen.syslog : undefined;
      return [
        ...(exposure === undefined ? [] : Object.values(listen?.ports ?? {})).flatMap((port) =>
          publicCidrs.map((cidr) => row("tcp", port, cidr)),
        ),
        ...(takes === undefined ? [] : publicCidrs.map((cidr) => row("tcp", takes, cidr))),
        ...(takes === undefined ? [] : (syslog?.sources ?? [])).flatMap((cidr) => [
          row("tcp", takes ?? 0, cidr),
          row("udp", takes ?? 0, cidr),
        ]),
      ];
    }),
  );
}

/** An address in an admitted network, and one in none. */
const inside = ([network]: readonly string[]) =>
  network === undefined ? "192.0.2.9" : new Netmask(network).first;
const elsewhere = "192.0.2.10";

/** Hosts that respond to a client, by the request's path: what the web ACLs allow. */
function answered(recording: Recording, { edge, systems }: Settings): string[] {
  const hosts = Object.values(systems).flatMap((system) => Object.values(system?.hosts ?? {}));
  const balancer = aclOf(recording, "REGIONAL");
  const front = aclOf(recording, "CLOUDFRONT");
  const distributions = recording.ofType("aws:cloudfront/distribution:Distribution");
  const [known, unknown] = [inside(edge.inboundCidrs), elsewhere];
  return [...hosts, ...hosts.map((host) => `origin-${host}`)].flatMap((host) => {
    const there = distributions.some(({ inputs }) => (inputs.aliases as string[]).includes(host));
    return [
      ...[known, unknown].flatMap((address) => {
        const from = address === known ? "a known network" : "elsewhere";
        // Without a CDN, the load balancer's security group also filters.
        const closed = edge.cdn === undefined && edge.inboundCidrs.length > 0 && address === unknown;
        const direct = !closed && passes(recording, balancer, { host, address, secret: false });
        const through =
          there &&
          passes(recording, front, { host, address, secret: false }) &&
          passes(recording, balancer, { host, address: "198.18.0.1", secret: true });
        return [
          ...(direct ? [`${host} directly from ${from}`] : []),
          ...(through ? [`${host} by CDN from ${from}`] : []),
        ];
      }),
    ];
  });
}

/** The same by the descriptions. The load balancer doesn't respond to unknown host names. */
function describedAnswers({ edge, systems }: Settings): string[] {
  const from = ["a known network", ...(edge.inboundCidrs.length > 0 ? [] : ["elsewhere"])];
  return Object.entries<SystemSpec>(catalog).flatMap(([name, spec]) => {
    const hosts = Object.entries(systems[name]?.hosts ?? {});
    const behind = Object.values<WorkloadSpec>(spec.workloads).flatMap(({ exposure = [] }) =>
      exposure.flatMap(({ host, cdn }) => (cdn && edge.cdn ? [host] : [])),
    );
    return hosts.flatMap(([key, host]) =>
      behind.includes(key)
        ? from.map((each) => `${host} by CDN from ${each}`)
        : [host, `origin-${host}`].flatMap((each) =>
            from.map((network) => `${each} directly from ${network}`),
          ),
    );
  });
}
/** The same for the team's pages, which are reached through the load balancer. */
const describedPages = (
  { cluster: { operators }, traces }: Settings,
  publicCidrs: readonly string[],
): string[] =>
  [
    ...(operators.grafana === undefined ? [] : [["grafana", 3000] as const]),
    ...(traces?.host === undefined ? [] : [["telemetry", 16686] as const]),
  ].flatMap(([namespace, port]) =>
    publicCidrs.map((cidr) => `${namespace}/allow-load-balancer ${opening("tcp", port, cidr)}`),
  );

/** External access in the plan, and as described. Both should be equal. */
async function both(recording: Recording, stack: (typeof stacks)[number]) {
  const settings = await settingsOf(stack);
  const { cidr } = settings.network;
  const publicCidrs = recording
    .ofType("aws:ec2/subnet:Subnet")
    .filter(({ name }) => name.includes("-public-"))
    .map(({ inputs }) => String(inputs.cidrBlock));
  const concerns = (range: string) => isOutside(range, cidr) || publicCidrs.includes(range);
  const groups = ofGroups(recording, cidr);
  return {
    found: {
      openings: sorted([...ofIngresses(recording), ...groups]),
      listening: sorted(ofBalancers(recording)),
      services: ofServices(recording),
      pods: sorted(ofPolicies(recording, concerns)),
      answers: sorted(answered(recording, settings)),
    },
    expected: {
      openings: described(settings),
      listening: sorted(groups.map((row) => row.replace(/ from .*/, ""))),
      services: [],
      pods: sorted([...describedPods(settings, publicCidrs), ...describedPages(settings, publicCidrs)]),
      answers: sorted(describedAnswers(settings)),
    },
  };
}

/** A copy of the plan with other inputs of one resource. */
function changed(recording: Recording, suffix: string, change: (inputs: Record<string, unknown>) => void) {
  const resources = new Map(recording.resources);
  const [urn, resource] = [...resources].find(([each]) => each.endsWith(suffix)) ?? assert.fail(suffix);
  const inputs = structuredClone(resource.inputs);
  change(inputs);
  resources.set(urn, { ...resource, inputs });
  return new Recording(resources, recording.outputs);
}

for (const stack of stacks)
  describe(`${stack}: external access`, () => {
    it("is exactly what descriptions and stack file allow", async () => {
      const { found, expected } = await both(await firstRegionOf(stack), stack);
      assert.deepEqual(found, expected);
      assert.ok(expected.pods.length > 10);
      assert.ok(expected.openings.length >= 2);
      assert.equal(
        found.answers.some((row) => row.includes("by CDN")),
        has(stack, "edge.cdn"),
      );
    });
  });

describe("external access: what the check finds", () => {
  const wider: [what: string, suffix: string, change: (inputs: Record<string, unknown>) => void][] = [
    ["a group open to a wider network", "-syslog-udp-198.51.100.0/24", (i) => (i.cidrIpv4 = "198.51.0.0/16")],
    ["a group open on another port", "-syslog-tcp-198.51.100.0/24", (i) => (i.fromPort = i.toPort = 22)],
    ["a listener that nobody described", "-syslog-plain", (i) => (i.port = 515)],
    [
      "a policy open to a wider network",
      "::primary-opmas-core-network",
      (i) => {
        const { ingress } = i.spec as { ingress: { from?: object[] }[] };
        ingress.forEach((rule) => (rule.from = [{ ipBlock: { cidr: "198.51.0.0/16" } }]));
      },
    ],
    [
      "a Service of its own to the world",
      "::primary-tapwork-api-service",
      (i) => Object.assign(i.spec as object, { type: "LoadBalancer" }),
    ],
    [
      "an Ingress that listens on another port",
      "::primary-tapwork-edge-tapwork-ingress",
      (i) => {
        const { annotations } = i.metadata as { annotations: Record<string, string> };
        annotations["alb.ingress.kubernetes.io/listen-ports"] =
          '[{"HTTP": 80}, {"HTTPS": 443}, {"HTTP": 8080}]';
      },
    ],
  ];
  const firstRule = (inputs: Record<string, unknown>) =>
    (inputs.rules as { action: object; name: string }[])[0];
  wider.push(
    [
      "a host behind the CDN that anybody gets an answer from",
      "::primary-waf-acl",
      (inputs) => Object.assign(firstRule(inputs) ?? {}, { action: { count: {} } }),
    ],
    ["a rule that is gone", "::primary-waf-acl", (inputs) => (inputs.rules as object[]).shift()],
    [
      "a distribution for another host",
      "::cdn-opmas.example.com",
      (inputs) => (inputs.aliases = ["api.opmas.example.com"]),
    ],
  );
  for (const [what, suffix, change] of wider)
    it(`finds ${what}`, async () => {
      const { found, expected } = await both(changed(await firstRegionOf(largest), suffix, change), largest);
      assert.notDeepEqual(found, expected);
    });

  it("finds a CDN that admits more than the configured networks", async () => {
    const open = (inputs: Record<string, unknown>) => {
      inputs.rules = (inputs.rules as { name: string }[]).filter(({ name }) => name !== "other-networks");
    };
    for (const acl of ["::cdn-waf-acl", "::primary-waf-acl"]) {
      const { found, expected } = await both(changed(await firstRegionOf("staging"), acl, open), "staging");
      assert.ok(found.answers.length > expected.answers.length, acl);
    }
  });

  it("finds access that is described but denied", async () => {
    const recording = changed(await firstRegionOf(largest), "::primary-opmas-core-network", (inputs) => {
      delete (inputs.spec as { ingress?: object }).ingress;
    });
    const { found, expected } = await both(recording, largest);
    assert.ok(found.pods.length < expected.pods.length);
  });
});

/** Connections that pods can open outside the VPC, by their policies. */
const ofEgress = (recording: Recording, { cidr, serviceCidr }: Settings["network"]): Openings =>
  [...objects(recording, "NetworkPolicy").values()].flatMap(({ manifest }) =>
    ((manifest.spec?.egress ?? []) as { to?: Rule["from"]; ports?: Rule["ports"] }[]).flatMap(
      ({ to = [], ports = [] }) =>
        to.flatMap(({ ipBlock }) =>
          ipBlock === undefined ||
          [cidr, serviceCidr, "169.254.0.0/16"].some((own) => !isOutside(ipBlock.cidr, own))
            ? []
            : ports.map(({ protocol, port }) => opening(protocol.toLowerCase(), port, ipBlock.cidr)),
        ),
    ),
  );

/** Traffic that the NAT instance's security group forwards, and its sources. */
const ofNat = (recording: Recording, kind: "Ingress" | "Egress"): Openings =>
  recording
    .ofType(`aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`)
    .filter(({ name }) => name.startsWith("primary-network-gateways-instance-group-"))
    .map(({ inputs }) => {
      assert.equal(inputs.fromPort, inputs.toPort);
      return opening(String(inputs.ipProtocol), Number(inputs.toPort), String(inputs.cidrIpv4));
    });

const natOf = (stack: (typeof stacks)[number]) =>
  (JSON.parse(stackConfig(stack).config["plinth:network"] ?? "{}") as { nat?: string }).nat;

for (const stack of stacks.filter((each) => natOf(each) === "instance"))
  describe(`${stack}: access to the internet through the NAT instance`, () => {
    const both = async (recording: Recording) => {
      const { network } = await settingsOf(stack);
      const wanted = sorted(ofEgress(recording, network));
      const privates = recording
        .ofType("aws:ec2/subnet:Subnet")
        .filter(({ name }) => name.includes("-private-"))
        .map(({ inputs }) => String(inputs.cidrBlock));
      const ports = new Set(wanted.map((row) => row.replace(/ from .*/, "")));
      return {
        found: { out: sorted(ofNat(recording, "Egress")), in: sorted(ofNat(recording, "Ingress")) },
        expected: {
          out: wanted,
          in: sorted([...ports].flatMap((port) => privates.map((cidr) => `${port} from ${cidr}`))),
        },
      };
    };

    it("is what the pods' policies allow, from every private subnet", async () => {
      const { found, expected } = await both(await firstRegionOf(stack));
      assert.deepEqual(found, expected);
      assert.ok(expected.out.includes("tcp 443 from 0.0.0.0/0") && expected.out.length > 1);
    });

    for (const [what, suffix, change] of [
      [
        "a port that pods may use and the instance drops",
        "-to-198.51.100.0/24-80",
        (i) => (i.fromPort = i.toPort = 81),
      ],
      ["a network that no pod may use", "-to-198.51.100.0/24-80", (i) => (i.cidrIpv4 = "198.51.0.0/16")],
      ["a subnet that it doesn't accept", "-from-ap-northeast-2a-443", (i) => (i.cidrIpv4 = "10.10.32.0/19")],
    ] as [what: string, suffix: string, change: (inputs: Record<string, unknown>) => void][])
      it(`isn't with ${what}`, async () => {
        const { found, expected } = await both(changed(await firstRegionOf(stack), suffix, change));
        assert.notDeepEqual(found, expected);
      });
  });
