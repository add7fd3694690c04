import assert from "node:assert/strict";
import { Netmask } from "netmask";
import type { Settings } from "../../config";
import type { Registration } from "../../preview/monitor";
import { Recording } from "../../preview/run-program";
import { catalog } from "../../systems";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { objects, recordingOf } from "../support/recordings";
import { largest, settingsOf, stacks } from "../support/stacks";

/** What outside may reach, by protocol, port and network: `tcp 443 from 0.0.0.0/0`. */
type Openings = string[];

const opening = (protocol: string, port: number, network: string) => `${protocol} ${port} from ${network}`;
const sorted = (rows: readonly string[]) => [...new Set(rows)].sort();
const isOutside = (cidr: string, vpc: string) => !new Netmask(vpc).contains(cidr);

/** Where the load balancers of Ingresses listen, and to whom. */
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

/** Ports that security groups open to networks outside the VPC, whatever has the group. */
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

/** Ports on which load balancers that Pulumi makes listen. One without a group is open to everybody. */
function ofBalancers(recording: Recording): string[] {
  return recording.ofType("aws:lb/listener:Listener").flatMap((listener) => {
    const [balancer] = named(recording, listener, "loadBalancerArn");
    assert.ok(balancer && named(recording, balancer, "securityGroups").length > 0, listener.name);
    const { port, protocol } = listener.inputs as { port: number; protocol: string };
    const protocols = { TCP_UDP: ["tcp", "udp"], TLS: ["tcp"], TCP: ["tcp"], UDP: ["udp"] }[protocol];
    return (protocols ?? [protocol]).map((each) => `${each} ${port}`);
  });
}

/** Services that a load balancer or a node's port would lead to by themselves. */
const ofServices = (recording: Recording): string[] =>
  [...objects(recording, "Service")].flatMap(([name, { manifest }]) =>
    [undefined, "ClusterIP"].includes((manifest.spec as { type?: string }).type) ? [] : [name],
  );

interface Rule {
  readonly from?: readonly { readonly ipBlock?: { readonly cidr: string } }[];
  readonly ports?: readonly { readonly protocol: string; readonly port: number }[];
}

/** Ports of pods that policies open to addresses that `concerns`, as `namespace/name tcp 514 from …`. */
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

/** Workloads of the systems that the stack file names, with the amounts of their system. */
const workloadsOf = ({ systems }: Settings) =>
  Object.entries<SystemSpec>(catalog).flatMap(([name, spec]) => {
    const amounts = systems[name];
    return Object.entries<WorkloadSpec>(spec.workloads)
      .filter(([key]) => amounts?.workloads[key] !== undefined)
      .map(([, workload]) => ({ workload, syslog: amounts?.syslog }));
  });

/** What the descriptions and the stack file say that outside may reach. */
function described(settings: Settings): Openings {
  const { inboundCidrs } = settings.edge;
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

/** The pods' side of it: devices' own addresses, and the load balancers' subnets. */
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

/** What the plan opens, and what it should: alike where nothing is wrong. */
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
    },
    expected: {
      openings: described(settings),
      listening: sorted(groups.map((row) => row.replace(/ from .*/, ""))),
      services: [],
      pods: describedPods(settings, publicCidrs),
    },
  };
}

/** A copy of the plan in which one resource has other inputs. */
function changed(recording: Recording, suffix: string, change: (inputs: Record<string, unknown>) => void) {
  const resources = new Map(recording.resources);
  const [urn, resource] = [...resources].find(([each]) => each.endsWith(suffix)) ?? assert.fail(suffix);
  const inputs = structuredClone(resource.inputs);
  change(inputs);
  resources.set(urn, { ...resource, inputs });
  return new Recording(resources, recording.outputs);
}

for (const stack of stacks)
  describe(`${stack}: what outside reaches`, () => {
    it("is what descriptions and stack file say, no less and no more", async () => {
      const { found, expected } = await both(await recordingOf(stack), stack);
      assert.deepEqual(found, expected);
      assert.ok(expected.pods.length > 10);
      assert.equal(expected.openings.length, stack === "dev" ? 2 : 5);
    });
  });

describe("what outside reaches: what the check finds", () => {
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
  for (const [what, suffix, change] of wider)
    it(`finds ${what}`, async () => {
      const { found, expected } = await both(changed(await recordingOf(largest), suffix, change), largest);
      assert.notDeepEqual(found, expected);
    });

  it("finds what is described and closed", async () => {
    const recording = changed(await recordingOf(largest), "::primary-opmas-core-network", (inputs) => {
      delete (inputs.spec as { ingress?: object }).ingress;
    });
    const { found, expected } = await both(recording, largest);
    assert.ok(found.pods.length < expected.pods.length);
  });
});
