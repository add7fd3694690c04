import assert from "node:assert/strict";
import { analyzeRequest, PackClient, type Verdict } from "./pack-client";
import { sample, type Scenario, type Stack, unknown } from "./scenario";
import { availability } from "./scenarios/availability";
import { buckets } from "./scenarios/buckets";
import { documents } from "./scenarios/documents";
import { databases } from "./scenarios/databases";
import { edge } from "./scenarios/edge";
import { network } from "./scenarios/network";
import { objects } from "./scenarios/objects";
import { services } from "./scenarios/services";
import { podSpec } from "./scenarios/pods";
import { workloads } from "./scenarios/workloads";

const scenarios: Scenario[] = [
  ...databases,
  ...buckets,
  ...network,
  ...edge,
  ...services,
  ...workloads,
  ...availability,
  ...objects,
  ...documents,
];

const names = (verdicts: Verdict[]) => [...new Set(verdicts.map((verdict) => verdict.policy))].sort();
/** The SDK's word for a rule that could not be run in full, which is no violation. */
const skipped = ({ message }: Verdict) => message.startsWith("can't run policy");

describe("policy pack", () => {
  let pack: PackClient;
  let levels: Map<string, string>;
  before(async () => {
    pack = await PackClient.start();
    levels = new Map((await pack.info()).map(({ name, level }) => [name, level]));
  });
  after(() => pack?.stop());

  for (const { title, good, bad } of scenarios) {
    describe(title, () => {
      it("is approved by every policy", async () => {
        assert.deepEqual(
          (await pack.verdicts(good())).filter((verdict) => !skipped(verdict)),
          [],
        );
      });
      for (const { policies, change, stack } of bad) {
        it(`${policies.join(", ")}: ${change}`, async () => {
          const verdicts = (await pack.verdicts(stack())).filter((verdict) => !skipped(verdict));
          assert.deepEqual(names(verdicts), [...policies].sort());
          for (const { policy, level } of verdicts) assert.equal(level, levels.get(policy));
        });
      }
    });
  }

  it("has a failing case for every policy", () => {
    const tried = new Set(scenarios.flatMap(({ bad }) => bad.flatMap(({ policies }) => policies)));
    assert.deepEqual(
      [...levels.keys()].filter((name) => !tried.has(name)),
      [],
    );
  });

  it("is mandatory but for what is a matter of judgement", () => {
    assert.deepEqual(
      [...levels].filter(([, level]) => level !== "mandatory").map(([name]) => name),
      [
        "ec2-default-group-adopted",
        "rds-engine-lifecycle",
        "k8s-worker-liveness-probe",
        "k8s-no-secret-by-name-in-env",
      ],
    );
  });

  it("judges a stack by inputs, for in its first preview Kubernetes objects have no outputs", async () => {
    const onStacks = new Set(
      (await pack.info()).flatMap(({ name, type }) => (type === "stack" ? [name] : [])),
    );
    const kubernetes = [...availability, ...objects, ...workloads].flatMap(({ bad }) => bad);
    const cases = kubernetes.filter(({ policies }) => policies.some((name) => onStacks.has(name)));
    assert.ok(cases.length > 10);
    for (const { stack, policies } of cases) {
      assert.deepEqual(names(await pack.verdicts(stack(), () => ({}))), [...policies].sort());
    }
  });

  it("shows no secret in a message", async () => {
    const stacks = scenarios.flatMap(({ bad }) => bad.map(({ stack }) => stack()));
    const secretive = stacks.filter((stack) => JSON.stringify(stack).includes("hunter2"));
    const messages = (await Promise.all(secretive.map((stack) => pack.verdicts(stack)))).flat();
    assert.ok(messages.length >= 4, "no case holds a secret");
    assert.deepEqual(
      messages.filter(({ message }) => message.includes("hunter2")),
      [],
    );
  });

  describe("in a preview, where values are unknown", () => {
    const mandatory = async (type: Parameters<typeof sample>[0], props: object) =>
      names(
        (await pack.analyze(analyzeRequest("x", { type, props }))).filter(
          ({ level }) => level === "mandatory",
        ),
      );

    it("a rule on another property still bites", async () => {
      const props = {
        engine: unknown,
        publiclyAccessible: true,
        parameterGroupName: unknown,
        kmsKeyId: unknown,
      };
      assert.ok((await mandatory("aws:rds/instance:Instance", props)).includes("rds-not-public"));
    });

    it("a rule still bites on the container after one with an unknown image", async () => {
      const spec = podSpec();
      const [first] = spec.containers ?? [];
      spec.containers = [
        { ...first, image: unknown },
        { ...first, image: "api:latest" },
      ];
      const props = { metadata: { name: "api" }, spec: { template: { spec } } };
      assert.deepEqual(await mandatory("kubernetes:apps/v1:Deployment", props), ["k8s-image-pinned"]);
    });

    it("an unknown value is no proof that a safe one was given", async () => {
      const verdicts = await pack.analyze(
        analyzeRequest("x", sample("aws:kms/key:Key", { enableKeyRotation: unknown as unknown as boolean })),
      );
      assert.deepEqual(
        verdicts.map(({ policy, level }) => [policy, level]),
        [["kms-rotation", "advisory"]],
      );
    });

    it("an ARN that the stack makes hides no wildcard beside it", async () => {
      const arn = unknown;
      const Statement = [
        { Effect: "Allow", Action: "s3:GetObject", Resource: arn },
        { Effect: "Allow", Action: ["iam:PassRole"], Resource: [arn, "*"] },
      ];
      const props = { policy: { Version: "2012-10-17", Statement } };
      assert.deepEqual(await mandatory("aws:iam/rolePolicy:RolePolicy", props), [
        "iam-no-pass-role-wildcard",
      ]);
    });

    it("an unknown among the stack's objects hides none of the others", async () => {
      const [deployment] = workloads;
      const stack: Stack = {
        ...deployment?.good(),
        odd: sample("kubernetes:core/v1:ResourceQuota", { metadata: { namespace: unknown } }),
        lone: sample("kubernetes:core/v1:Pod", { metadata: { namespace: "tapwork" }, spec: podSpec() }),
      };
      const found = (await pack.verdicts(stack)).filter(({ level }) => level === "mandatory");
      assert.deepEqual(names(found), [
        "k8s-namespace-default-deny",
        "k8s-namespace-limit-range",
        "k8s-namespace-quota",
      ]);
    });
  });

  describe("settings", () => {
    afterEach(() => pack.configure({}));

    it("raise what is asked for", async () => {
      await pack.configure({ "rds-backup-retention": { minimumDaysProtected: 30 } });
      assert.deepEqual(names(await pack.verdicts(databases[0]?.good() ?? {})), ["rds-backup-retention"]);
    });

    it("let through what was decided", async () => {
      const stack = {
        syslog: sample("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
          cidrIpv4: "0.0.0.0/0",
          ipProtocol: "tcp",
          fromPort: 6514,
          toPort: 6514,
        }),
      };
      assert.deepEqual(names(await pack.verdicts(stack)), ["ec2-world-ports"]);
      await pack.configure({ "ec2-world-ports": { allowedPorts: [6514] } });
      assert.deepEqual(await pack.verdicts(stack), []);
    });
  });
});
