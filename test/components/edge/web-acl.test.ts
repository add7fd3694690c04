import assert from "node:assert/strict";
import { wafRules, type Limited } from "../../../components/edge/waf-rules";
import { WebAcl } from "../../../components/edge/web-acl";
import { Keys } from "../../../components/security/keys";
import type { WafSettings } from "../../../config";
import { previewProgram } from "../../../preview/run-program";
import { awsOnly, context } from "../network/fixture";
import { inputsOf } from "../../support/inputs";

const settings: WafSettings = {
  groups: { common: "block", knownBadInputs: "count" },
  countedRules: ["SizeRestrictions_BODY"],
  ownRules: "block",
  largestBody: "100MB",
  logDays: 30,
  alarms: { blocked: 10, counted: 20 },
};
const limit = { requests: 100, seconds: 60 };
const limited: Limited[] = [
  { system: "ams", hosts: ["ams.example.com"], limit },
  { system: "opmas", hosts: ["opmas.example.com", "api.opmas.example.com"], limit },
];

/** The rules as plain values: none of them is an output. */
interface Plain {
  name: string;
  priority: number;
  action?: object;
  overrideAction?: object;
  statement: Record<string, Record<string, unknown>>;
}
const rules = (change: Partial<WafSettings> = {}) =>
  wafRules({ ...settings, ...change }, { limited }) as unknown as Plain[];
const named = (name: string, change?: Partial<WafSettings>) => {
  const rule = rules(change).find((each) => each.name === name);
  assert.ok(rule, name);
  return rule;
};

const preview = () =>
  previewProgram(() => {
    const opts = awsOnly();
    const keys = new Keys("keys", { context: context(true) }, opts);
    const alarmTopicArn = "arn:aws:sns:ap-northeast-2:123456789012:alarms";
    new WebAcl(
      "waf",
      {
        context: context(true),
        settings,
        limited,
        keys,
        alarmTopicArn,
        scope: "REGIONAL",
        networks: [],
      },
      opts,
    );
  });

describe("wafRules", () => {
  it("are in the order of their priorities, in which AWS returns them", () => {
    assert.deepEqual(
      rules().map(({ name, priority }) => `${priority} ${name}`),
      [
        "0 rate-ams",
        "1 rate-opmas",
        "2 body-size",
        "3 AWSManagedRulesKnownBadInputsRuleSet",
        "4 AWSManagedRulesCommonRuleSet",
      ],
    );
  });

  it("limit one client address over all hosts of a system", () => {
    const { scopeDownStatement, ...rate } = named("rate-opmas").statement.rateBasedStatement ?? {};
    assert.deepEqual(rate, { aggregateKeyType: "IP", limit: 100, evaluationWindowSec: 60 });
    const { orStatement } = scopeDownStatement as { orStatement: { statements: unknown[] } };
    assert.match(JSON.stringify(orStatement.statements[1]), /"searchString":"api.opmas.example.com"/);
    // AWS WAF refuses an orStatement with one statement.
    const one = named("rate-ams").statement.rateBasedStatement?.scopeDownStatement as object;
    assert.deepEqual(Object.keys(one), ["byteMatchStatement"]);
  });

  it("block or count as the stack file says, a group at a time", () => {
    assert.deepEqual(named("AWSManagedRulesCommonRuleSet").overrideAction, { none: {} });
    assert.deepEqual(named("AWSManagedRulesKnownBadInputsRuleSet").overrideAction, { count: {} });
    assert.deepEqual(named("rate-ams").action, { block: {} });
    assert.deepEqual(named("body-size", { ownRules: "count" }).action, { count: {} });
  });

  it("exempt uploads from the common group's limit of 8 KB, and refuse bodies above ours", () => {
    const { managedRuleGroupStatement } = named("AWSManagedRulesCommonRuleSet").statement;
    assert.deepEqual(managedRuleGroupStatement?.ruleActionOverrides, [
      { name: "SizeRestrictions_BODY", actionToUse: { count: {} } },
    ]);
    const pattern = new RegExp(String(named("body-size").statement.regexMatchStatement?.regexString));
    assert.deepEqual(
      ["0", "99999999", "100000000", "5000000000"].map((length) => pattern.test(length)),
      [false, false, true, true],
    );
  });
});

describe("WebAcl", () => {
  it("logs what it blocks and counts, without logins, to an encrypted group of AWS WAF's prefix", async () => {
    const recording = await preview();
    const group = recording.one("aws:cloudwatch/logGroup:LogGroup");
    assert.match(String(group.inputs.name), /^aws-waf-logs-/);
    assert.equal(group.protect, true);
    const logging = recording.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration");
    assert.match(JSON.stringify(logging.inputs.redactedFields), /authorization.*cookie/);
    assert.ok(logging.dependencies.some((urn) => urn.endsWith("waf-log-policy")));
    const { policyDocument } = recording.one("aws:cloudwatch/logResourcePolicy:LogResourcePolicy").inputs;
    assert.match(String(policyDocument), new RegExp(`log-group:${String(group.inputs.name)}:\\*`));
  });

  it("raises an alarm on blocked and on counted requests of this ACL", async () => {
    const recording = await preview();
    const acl = recording.one("aws:wafv2/webAcl:WebAcl");
    const alarms = recording.ofType("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => inputs);
    assert.deepEqual(
      alarms.map(({ metricName, threshold }) => [metricName, threshold]),
      [
        ["BlockedRequests", 10],
        ["CountedRequests", 20],
      ],
    );
    const { metricName: WebACL } = inputsOf<{ visibilityConfig: { metricName: string } }>(
      acl,
    ).visibilityConfig;
    for (const { dimensions } of alarms)
      assert.deepEqual(dimensions, { WebACL, Rule: "ALL", Region: "ap-northeast-2" });
  });
});
