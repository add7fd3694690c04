import assert from "node:assert/strict";
import { failoverHosts, regionalHost, type Settings } from "../../config";
import { catalog } from "../../systems";
import type { Registration } from "../../preview/monitor";
import { holdsUnknown, type Wire } from "../../preview/wire";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { firstRegionOf, objects, podOwners, recordingOf } from "../support/recordings";
import { disposable, has, settingsOf, stacks, type Stack } from "../support/stacks";
import { graceSeconds } from "../../components/workload/drain";
import { routes } from "./requirements";
import { inputsOf } from "../support/inputs";

interface Path {
  readonly path: string;
  readonly backend: { service: { name: string; port: { number?: number } } };
}

interface Acl {
  readonly rules: {
    readonly name: string;
    readonly action?: object;
    readonly statement: { readonly rateBasedStatement?: { limit: number; scopeDownStatement: object } };
  }[];
}

/** Hosts that the descriptions put behind the CDN of a stack that has one, sorted. */
async function hostsBehindCdn(stack: Stack): Promise<string[]> {
  const { edge, systems } = await settingsOf(stack);
  if (edge.cdn === undefined) return [];
  return Object.entries<SystemSpec>(catalog)
    .flatMap(([name, spec]) =>
      Object.values<WorkloadSpec>(spec.workloads)
        .flatMap(({ exposure = [] }) => exposure)
        .flatMap(({ host, cdn }) => (cdn === undefined ? [] : (systems[name]?.hosts[host] ?? []))),
    )
    .sort();
}

const aliases = ({ inputs }: Registration) => inputs.aliases as string[];

/** Hosts of systems with a warm standby, with their names in both regions. */
const regionalNames = (settings: Settings): [host: string, names: string[]][] =>
  failoverHosts(settings, catalog).map(({ host }) => [
    host,
    [settings.account.region, settings.standby?.region ?? ""].map((region) => regionalHost(host, region)),
  ]);

for (const stack of stacks)
  describe(`${stack}: edge`, () => {
    it("EDGE-2: a web ACL that every Ingress names, and one that every distribution names", async () => {
      const recording = await firstRegionOf(stack);
      const acls = recording.ofType("aws:wafv2/webAcl:WebAcl");
      const ofScope = (scope: string) => acls.find(({ inputs }) => inputs.scope === scope)?.urn ?? "";
      const ingresses = [...objects(recording, "Ingress").values()];
      assert.ok(ingresses.length > 0);
      for (const { resource } of ingresses)
        assert.ok(resource.dependencies.includes(ofScope("REGIONAL")), resource.name);
      const distributions = recording.ofType("aws:cloudfront/distribution:Distribution");
      for (const { propertyDependencies, name } of distributions)
        assert.deepEqual(propertyDependencies.webAclId, [ofScope("CLOUDFRONT")], name);
      assert.deepEqual(distributions.flatMap(aliases).sort(), await hostsBehindCdn(stack));
      assert.equal(acls.length, distributions.length === 0 ? 1 : 2);
    });

    it("ENV-4: every public host has its system's rate limit, where its clients' addresses are seen", async () => {
      const recording = await recordingOf(stack);
      const settings = await settingsOf(stack);
      const { edge, systems } = settings;
      const rules = recording.ofType("aws:wafv2/webAcl:WebAcl").flatMap(({ inputs }) =>
        inputsOf<Acl>({ inputs })
          .rules.filter(({ name }) => name.startsWith("rate-"))
          .map((rule) => ({ scope: String(inputs.scope), ...rule })),
      );
      for (const { name, action } of rules) assert.deepEqual(action, { [edge.waf.ownRules]: {} }, name);
      const found = rules.flatMap(({ scope, name, statement }) => {
        const { limit, scopeDownStatement } = statement.rateBasedStatement ?? {};
        const hosts = JSON.stringify(scopeDownStatement).matchAll(/"searchString":"([^"]+)"/g);
        return [...hosts].map(([, host]) => [host, scope, name, limit].join(" "));
      });
      const behind = new Set(recording.ofType("aws:cloudfront/distribution:Distribution").flatMap(aliases));
      const expected = Object.entries(systems).flatMap(([system, settings]) =>
        settings?.rateLimit === undefined
          ? []
          : Object.values(settings.hosts).map((host) =>
              [
                host,
                behind.has(host) ? "CLOUDFRONT" : "REGIONAL",
                `rate-${system}`,
                settings.rateLimit?.requests,
              ].join(" "),
            ),
      );
      // The load balancers answer these without a CDN.
      for (const [host, names] of regionalNames(settings))
        for (const name of names) {
          const [system, of] =
            Object.entries(systems).find(([, each]) => Object.values(each?.hosts ?? {}).includes(host)) ??
            assert.fail(host);
          expected.push(`${name} REGIONAL rate-${system} ${of?.rateLimit?.requests ?? "none"}`);
        }
      // ENV-4 is about prod; elsewhere a system may go without.
      if (stack === "prod")
        for (const settings of Object.values(systems)) assert.ok(settings?.rateLimit !== undefined);
      assert.deepEqual(found.sort(), expected.sort());
    });

    it("EDGE-3: a host behind the CDN resolves to it, and the CDN calls the load balancer with a secret", async () => {
      const recording = await recordingOf(stack);
      const regional = new Map(regionalNames(await settingsOf(stack)));
      const records = recording.ofType("aws:route53/record:Record");
      const leadsTo = (host: string) => {
        const { propertyDependencies } =
          records.find(({ inputs }) => inputs.name === host) ?? assert.fail(host);
        return (propertyDependencies.records ?? []).map((urn) => recording.resources.get(urn)?.type);
      };
      for (const cdn of recording.ofType("aws:cloudfront/distribution:Distribution")) {
        const { origins } = inputsOf<{
          origins: { domainName: string; customHeaders: { name: string; value: object | string }[] }[];
        }>(cdn);
        const [host = ""] = aliases(cdn);
        assert.deepEqual(leadsTo(host), ["aws:cloudfront/distribution:Distribution"]);
        assert.deepEqual(
          origins.map(({ domainName }) => domainName),
          [`origin-${host}`, ...(regional.get(host) ?? [])],
        );
        // With two regions, through the failover records: test/stacks/warm-standby.test.ts.
        for (const name of regional.get(host) ?? [`origin-${host}`])
          assert.deepEqual(leadsTo(name), ["kubernetes:networking.k8s.io/v1:Ingress"]);
        const [header] = origins.flatMap(({ customHeaders }) => customHeaders);
        assert.equal(header?.name, "x-origin-verify");
        // EKS creates it: it isn't in the program.
        assert.ok(holdsUnknown(header?.value as Wire));
      }
    });

    it("EDGE-3: deliveries of the CDN's access logs come one after another, as CloudWatch demands", async () => {
      const recording = await recordingOf(stack);
      const deliveries = recording.ofType("aws:cloudwatch/logDelivery:LogDelivery");
      assert.equal(deliveries.length, (await hostsBehindCdn(stack)).length);
      const urns = new Set(deliveries.map(({ urn }) => urn));
      const before = deliveries.map(({ dependencies }) => dependencies.filter((urn) => urns.has(urn)));
      // The first waits for none, and no two wait for the same one.
      assert.equal(before.filter((waits) => waits.length === 0).length, Math.min(deliveries.length, 1));
      assert.equal(new Set(before.flat()).size, Math.max(deliveries.length - 1, 0));
    });

    it("EDGE-5: another target group replaces the binding of core's pods, which can't change", async () => {
      const recording = await firstRegionOf(stack);
      const bindings = [...objects(recording, "TargetGroupBinding").values()];
      // Of syslog over TLS, and without.
      assert.equal(bindings.length, has(stack, "systems.opmas.syslog") ? 2 : 0);
      for (const { resource } of bindings) {
        assert.deepEqual(resource.options.replaceOnChanges, ["spec.targetGroupARN"]);
        assert.equal(resource.options.deleteBeforeReplace, true);
      }
      // Each batch of pods waits for the network load balancer.
      const { create = "", update } =
        podOwners(recording).get("opmas-core/opmas-core")?.resource.options.customTimeouts ?? {};
      const [, amount, unit] = /^(\d+)([ms])$/.exec(create) ?? assert.fail(create);
      assert.ok(Number(amount) * (unit === "m" ? 60 : 1) >= 15 * 60, create);
      assert.equal(update, create);
    });

    it("EDGE-6: targets drain before their pods stop, requests are logged, AWS WAF is never bypassed", async () => {
      const recording = await firstRegionOf(stack);
      const [parameters] = [...objects(recording, "IngressClassParams").values()];
      const { loadBalancerAttributes } = parameters?.manifest.spec as {
        loadBalancerAttributes: { key: string; value: string }[];
      };
      const attributes = Object.fromEntries(loadBalancerAttributes.map(({ key, value }) => [key, value]));
      assert.equal(attributes["waf.fail_open.enabled"], "false");
      assert.equal(attributes["routing.http.desync_mitigation_mode"], "defensive");
      assert.equal(attributes["access_logs.s3.enabled"], "true");
      assert.equal(attributes["connection_logs.s3.enabled"], "true");
      const delays = [...objects(recording, "Service").values()].flatMap(({ manifest }) => {
        const set =
          manifest.metadata.annotations?.["alb.ingress.kubernetes.io/target-group-attributes"] ?? "";
        return /deregistration_delay\.timeout_seconds=(\d+)/.exec(set)?.slice(1).map(Number) ?? [];
      });
      assert.ok(delays.length > 0);
      for (const delay of delays) assert.ok(delay < graceSeconds);
    });

    it("EDGE-1: every public path is routed to its Service, over HTTPS, on one load balancer", async () => {
      const recording = await firstRegionOf(stack);
      const { edge, systems } = await settingsOf(stack);
      const found = [...objects(recording, "Ingress").values()].flatMap(({ manifest }) => {
        const annotation = (name: string) =>
          manifest.metadata.annotations?.[`alb.ingress.kubernetes.io/${name}`];
        assert.equal(annotation("load-balancer-name"), `plinth-${stack}`);
        assert.equal(annotation("ssl-redirect"), "443");
        assert.match(annotation("ssl-policy") ?? "", /^ELBSecurityPolicy-TLS13-1-[23]/);
        // Equal on each Ingress of the load balancer, or its controller fails. Absent: all networks.
        // Behind a CDN, AWS WAF checks the networks instead: test/stacks/reachable.test.ts.
        const cidrs = edge.cdn === undefined ? edge.inboundCidrs.join(",") : "";
        assert.equal(annotation("inbound-cidrs"), cidrs === "" ? undefined : cidrs);
        const { rules } = manifest.spec as { rules: { host: string; http: { paths: Path[] } }[] };
        return rules.flatMap(({ host, http }) =>
          http.paths.map(({ path, backend: { service } }) => {
            const weights = annotation(`actions.${service.name}`);
            const port = service.port.number ?? /"ServicePort":"(\d+)"/.exec(weights ?? "")?.[1];
            return [host, path, service.name, port];
          }),
        );
      });
      const byHeader = ([, , service]: unknown[]) => String(service).endsWith("-preview");
      // Routes without a port return 404 at the load balancer: metrics are only for Prometheus.
      const hidden = found.filter(([, , , port]) => port === undefined);
      assert.ok(hidden.length > 0);
      for (const [, path] of hidden) assert.equal(path, "/metrics");
      const plain = found.filter((route) => !byHeader(route) && !hidden.includes(route));
      // Canary: the load balancer weights one Service, whose pods the logical services share (docs/releases.md).
      const weighted = (service: string) =>
        !disposable(stack) && service.startsWith("asset-management-") && !service.endsWith("-frontend")
          ? "asset-management-api"
          : service;
      for (const [key, path, service, port] of routes) {
        const [system = "", host = ""] = key.split(".");
        const expected = [systems[system]?.hosts[host], path, weighted(service), port];
        assert.ok(plain.map(String).includes(String(expected)), `no route ${expected.join(" ")}`);
      }
      if (stack === "prod")
        assert.ok(
          found
            .filter(byHeader)
            .some(([, path, service]) => path === "/api" && service === "ams-api-service-preview"),
        );
    });
  });
