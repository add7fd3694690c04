import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { Cdn } from "../../../components/edge/cdn";
import { cdnHosts } from "../../../components/edge/cdn-paths";
import { wafRules } from "../../../components/edge/waf-rules";
import type { EdgeSettings } from "../../../config";
import { previewProgram, type Recording } from "../../../preview/run-program";
import { holdsUnknown, type Wire } from "../../../preview/wire";
import { assetManagement } from "../../fixtures/project/systems/asset-management";
import { opmas } from "../../fixtures/project/systems/opmas";
import { awsOnly, context } from "../network/fixture";
import { inputsOf } from "../../support/inputs";

const distributionType = "aws:cloudfront/distribution:Distribution";
const waf: EdgeSettings["waf"] = {
  groups: { ipReputation: "block", common: "block" },
  countedRules: [],
  ownRules: "block",
  largestBody: "100MB",
  logDays: 30,
  alarms: { blocked: 10, counted: 20 },
};
const settings = {
  tlsPolicy: "TLSv1.2_2021",
  priceClass: "PriceClass_200",
  originShield: "ap-northeast-2",
  withoutCdn: "block",
  originSecret: 3,
} as const;
const edge: EdgeSettings = {
  zones: { "example.com": "Z1" },
  tlsPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  inboundCidrs: ["203.0.113.0/24"],
  idleSeconds: 60,
  waf,
  cdn: settings,
  shieldAdvanced: false,
};
const hosts = cdnHosts(assetManagement, { app: "assets.example.com" });
const limit = { requests: 100, seconds: 60 };

const preview = (
  change: Partial<typeof settings> = {},
  around: Partial<EdgeSettings> = {},
): Promise<Recording> =>
  previewProgram(() => {
    new Cdn(
      "cdn",
      {
        context: context(true),
        settings: { ...settings, ...change },
        edge: { ...edge, ...around },
        alarms: { emails: ["team@example.com"] },
        hosts,
        limited: [{ system: "asset-management", hosts: ["assets.example.com"], limit }],
      },
      { providers: [awsOnly().provider, new random.Provider("random")].flatMap((one) => one ?? []) },
    );
  });

interface Behavior {
  readonly pathPattern?: string;
  readonly allowedMethods: string[];
  readonly cachePolicyId: unknown;
  readonly originRequestPolicyId: string;
  readonly responseHeadersPolicyId?: unknown;
  readonly viewerProtocolPolicy: string;
}
const behaviors = (recording: Recording) => {
  const { defaultCacheBehavior, orderedCacheBehaviors } = recording.one(distributionType).inputs;
  return {
    otherwise: defaultCacheBehavior as unknown as Behavior,
    ordered: orderedCacheBehaviors as unknown as Behavior[],
  };
};

describe("cdnHosts", () => {
  it("forward paths of other workloads on the same host, and cache assets", () => {
    assert.deepEqual(hosts, [
      {
        host: "assets.example.com",
        originHost: "origin-assets.example.com",
        patterns: [
          ["/assets/*", "assets"],
          ["/api/*", "passed"],
          ["/api", "passed"],
        ],
        otherwise: "pages",
      },
    ]);
  });

  it("are the hosts whose descriptions have `cdn`, and no others", () => {
    const both = { ui: "opmas.example.com", api: "api.opmas.example.com" };
    assert.deepEqual(
      cdnHosts(opmas, both).map(({ host }) => host),
      ["opmas.example.com"],
    );
  });
});

describe("a distribution", () => {
  it("caches nothing of an API, and forwards its requests unchanged", async () => {
    const { ordered } = behaviors(await preview());
    const api = ordered.filter(({ pathPattern }) => pathPattern?.startsWith("/api"));
    assert.equal(api.length, 2);
    for (const { cachePolicyId, originRequestPolicyId, allowedMethods } of api) {
      assert.equal(cachePolicyId, "4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
      assert.equal(originRequestPolicyId, "216adef6-5c7f-47e4-b989-5492eafa07d3");
      assert.deepEqual([...allowedMethods].sort(), [
        "DELETE",
        "GET",
        "HEAD",
        "OPTIONS",
        "PATCH",
        "POST",
        "PUT",
      ]);
    }
  });

  it("caches assets for up to a year as their image says, and revalidates pages", async () => {
    const recording = await preview();
    const policies = recording.ofType("aws:cloudfront/cachePolicy:CachePolicy").map(({ inputs }) => inputs);
    assert.deepEqual(
      policies.map(({ name, minTtl, defaultTtl, maxTtl }) => [name, minTtl, defaultTtl, maxTtl]),
      [
        ["plinth-test-cdn-assets", 0, 86_400, 31_536_000],
        ["plinth-test-cdn-pages", 0, 0, 60],
      ],
    );
    const { otherwise } = behaviors(recording);
    assert.deepEqual(otherwise.allowedMethods, ["GET", "HEAD", "OPTIONS"]);
    assert.ok(holdsUnknown(otherwise.cachePolicyId as Wire));
    assert.ok(holdsUnknown(otherwise.responseHeadersPolicyId as Wire));
  });

  it("serves IPv4 only if the web ACL admits IPv4 networks only", async () => {
    for (const inboundCidrs of [[], ["203.0.113.0/24"]]) {
      const { isIpv6Enabled } = (await preview({}, { inboundCidrs })).one(distributionType).inputs;
      assert.equal(isIpv6Enabled, inboundCidrs.length === 0);
    }
  });

  it("uses TLS with browsers and with the load balancer, HTTP/3, and a web ACL", async () => {
    const recording = await preview();
    const { inputs, propertyDependencies } = recording.one(distributionType);
    const { viewerCertificate, origins, httpVersion } = inputsOf<{
      viewerCertificate: { minimumProtocolVersion: string };
      origins: { customOriginConfig: object; originShield: object }[];
      httpVersion: string;
    }>({ inputs });
    assert.equal(viewerCertificate.minimumProtocolVersion, "TLSv1.2_2021");
    assert.equal(httpVersion, "http2and3");
    assert.deepEqual(origins[0]?.customOriginConfig, {
      httpPort: 80,
      httpsPort: 443,
      originProtocolPolicy: "https-only",
      originSslProtocols: ["TLSv1.2"],
      originReadTimeout: 60,
      originKeepaliveTimeout: 55,
    });
    assert.deepEqual(origins[0]?.originShield, { enabled: true, originShieldRegion: "ap-northeast-2" });
    assert.deepEqual(propertyDependencies.webAclId, [recording.one("aws:wafv2/webAcl:WebAcl").urn]);
    for (const { viewerProtocolPolicy } of [behaviors(recording).otherwise, ...behaviors(recording).ordered])
      assert.equal(viewerProtocolPolicy, "redirect-to-https");
  });

  it("sends the current secret, never in clear text, and has the next one ready", async () => {
    const recording = await preview();
    const made = recording.ofType("random:index/randomPassword:RandomPassword").map(({ name }) => name);
    assert.deepEqual(made, ["cdn-origin-secret-3", "cdn-origin-secret-4"]);
    const cdn = recording.one(distributionType);
    assert.deepEqual(
      cdn.propertyDependencies.origins?.map((urn) => recording.resources.get(urn)?.name),
      ["cdn-origin-secret-3"],
    );
    const rotated = await preview({ originSecret: 4 } as unknown as Partial<typeof settings>);
    assert.deepEqual(
      rotated
        .one(distributionType)
        .propertyDependencies.origins?.map((urn) => rotated.resources.get(urn)?.name),
      ["cdn-origin-secret-4"],
    );
  });
});

describe("resources of the CDN", () => {
  it("include a web ACL of its scope, with the admitted networks and the clients' rate limit", async () => {
    const acl = inputsOf<{
      scope: string;
      rules: { name: string }[];
    }>((await preview()).one("aws:wafv2/webAcl:WebAcl"));
    assert.equal(acl.scope, "CLOUDFRONT");
    assert.deepEqual(acl.rules.map(({ name }) => name).slice(0, 3), [
      "other-networks",
      "rate-asset-management",
      "body-size",
    ]);
  });

  it("leave validation records to the load balancer's certificates", async () => {
    const proof = (await preview()).one("aws:route53/record:Record");
    assert.equal(proof.options.retainOnDelete, true);
    assert.equal(proof.inputs.allowOverwrite, true);
  });

  it("raise alarms on errors and certificates, in the region of CloudFront's metrics", async () => {
    const recording = await preview();
    const alarms = recording.ofType("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => inputs);
    const names = alarms.map(({ metricName }) => String(metricName)).sort();
    assert.deepEqual(names, ["5xxErrorRate", "BlockedRequests", "CountedRequests", "DaysToExpiry"]);
    for (const { dimensions, namespace } of alarms)
      if (namespace === "AWS/WAFV2") assert.ok(!("Region" in (dimensions as object)));
    const { policy } = recording.one("aws:sns/topicPolicy:TopicPolicy").inputs;
    assert.match(String(policy), /arn:aws:cloudwatch:us-east-1:123456789012:alarm/);
  });
});

describe("the load balancer's rules behind a CDN", () => {
  const guarded = {
    hosts: ["a.example.com", "origin-a.example.com"],
    secrets: ["current", "next"],
    action: "block",
  } as const;
  const rules = (traffic: object) =>
    wafRules(waf, { limited: [], ...traffic }) as unknown as {
      name: string;
      action?: object;
      statement: Record<string, unknown>;
    }[];

  it("refuse its hosts to requests without one of the two secrets", () => {
    const [rule] = rules({ guarded });
    assert.deepEqual([rule?.name, rule?.action], ["without-cdn", { block: {} }]);
    const { statements } = rule?.statement.andStatement as { statements: object[] };
    assert.equal(statements.filter((one) => "notStatement" in one).length, 2);
    const [counting] = rules({ guarded: { ...guarded, action: "count" } });
    assert.deepEqual(counting?.action, { count: {} });
  });

  it("don't apply to the CDN's own address", () => {
    const group = (name: string) =>
      rules({ guarded }).find((rule) => rule.name === name)?.statement.managedRuleGroupStatement as object;
    assert.ok("scopeDownStatement" in group("AWSManagedRulesAmazonIpReputationList"));
    assert.ok(!("scopeDownStatement" in group("AWSManagedRulesCommonRuleSet")));
  });

  it("nest statements no deeper than the provider supports", () => {
    const depth = (value: unknown): number => {
      if (Array.isArray(value)) return Math.max(0, ...value.map(depth));
      if (typeof value !== "object" || value === null) return 0;
      return Math.max(
        0,
        ...Object.entries(value).map(
          ([key, inner]) => depth(inner) + (/^(and|or|not)Statement$/.test(key) ? 1 : 0),
        ),
      );
    };
    for (const { name, statement } of rules({ guarded, networks: "arn" }))
      assert.ok(depth(statement) <= (name.startsWith("AWS") ? 2 : 3), name);
  });
});
