import assert from "node:assert/strict";
import { policies } from "../../policies/pack";
import { analyzeRequest, PackClient, type Verdict } from "./pack-client";
import { sample, type Sample, type Stack, unknown } from "./scenario";
import { availability } from "./scenarios/availability";
import { databases } from "./scenarios/databases";
import { objectives } from "./scenarios/objectives";
import { objects } from "./scenarios/objects";
import { scenarios } from "./scenarios";
import { podSpec } from "./scenarios/pods";
import { workloads } from "./scenarios/workloads";

const names = (verdicts: Verdict[]) => [...new Set(verdicts.map((verdict) => verdict.policy))].sort();
interface Reads {
  types: string[];
  paths: string[];
}
/** An object with an invalid value at a path. */
const nonsense = (path: string): object =>
  path
    .match(/(?:\\.|[^.])+/g)
    ?.reverse()
    .reduce<unknown>((inner, part) => {
      const key = part.replaceAll("\\", "").replace("[]", "");
      return { [key]: part.endsWith("[]") ? [inner] : inner };
    }, "nonsense") as object;
/** Whether the SDK reports that a policy couldn't run completely, which is no violation. */
const skipped = ({ message }: Verdict) => message.startsWith("can't run policy");

describe("policy pack", () => {
  let pack: PackClient;
  let levels: Map<string, string>;
  before(async () => {
    pack = await PackClient.inProcess();
    levels = new Map((await pack.info()).map(({ name, level }) => [name, level]));
  });
  after(() => pack?.stop());

  for (const { title, good, bad } of scenarios) {
    describe(title, () => {
      // A scenario only has the properties that its own policies read. The stacks themselves show that no policy raises
      // false alarms (`test/mutations`).
      const own = new Set(bad.flatMap(({ policies }) => policies));
      const judged = (verdicts: Verdict[]) =>
        verdicts.filter((verdict) => own.has(verdict.policy) && !skipped(verdict));
      it("passes its policies", async () => {
        assert.deepEqual(judged(await pack.verdicts(good())), []);
      });
      for (const { policies, change, stack } of bad) {
        it(`${policies.join(", ")}: ${change}`, async () => {
          const verdicts = judged(await pack.verdicts(stack()));
          assert.deepEqual(names(verdicts), [...policies].sort());
          for (const { policy, level } of verdicts) assert.equal(level, levels.get(policy));
        });
      }
    });
  }

  it("has a failing case for every policy", async () => {
    const tried = new Set(scenarios.flatMap(({ bad }) => bad.flatMap(({ policies }) => policies)));
    // Policies that are rows of data must reject a resource without values, or with invalid ones.
    for (const { name, reads } of policies as { name: string; reads?: Reads }[])
      for (const type of reads?.types ?? [])
        for (const props of [{}, ...(reads?.paths ?? []).map(nonsense)])
          for (const { policy, level } of await pack.analyze(
            analyzeRequest("x", { type: type as Sample["type"], props, protect: true }),
          ))
            if (policy === name && level === "mandatory") tried.add(policy);
    assert.deepEqual(
      [...levels.keys()].filter((name) => !tried.has(name)),
      [],
    );
  });

  it("is mandatory, except for matters of judgement", () => {
    assert.deepEqual(
      [...levels].filter(([, level]) => level !== "mandatory").map(([name]) => name),
      [
        "aws-quota-raised",
        "ec2-default-group-adopted",
        "cloudfront-origin-blocks",
        "rds-engine-lifecycle",
        "k8s-worker-liveness-probe",
        "k8s-ingress-backend-tls",
      ],
    );
  });

  it("checks a stack by inputs, because Kubernetes objects have no outputs in a first preview", async () => {
    const onStacks = new Set(
      (await pack.info()).flatMap(({ name, type }) => (type === "stack" ? [name] : [])),
    );
    const kubernetes = [...availability, ...objects, ...workloads].flatMap(({ bad }) => bad);
    const cases = kubernetes.filter(({ policies }) => policies.some((name) => onStacks.has(name)));
    assert.ok(cases.length > 10);
    for (const { stack, policies } of cases) {
      const found = names(await pack.verdicts(stack(), () => ({})));
      const own = policies.filter((name) => onStacks.has(name));
      for (const name of own) assert.ok(found.includes(name), name);
    }
  });

  it("shows no secrets in messages", async () => {
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

    it("a policy on another property still applies", async () => {
      const props = {
        engine: unknown,
        publiclyAccessible: true,
        parameterGroupName: unknown,
        kmsKeyId: unknown,
      };
      assert.ok((await mandatory("aws:rds/instance:Instance", props)).includes("rds-not-public"));
    });

    it("a policy still applies to a container after one with an unknown image", async () => {
      const spec = podSpec();
      const [first] = spec.containers ?? [];
      spec.containers = [
        { ...first, image: unknown },
        { ...first, image: "docker.io/curlimages/curl:latest" },
      ];
      const props = { metadata: { name: "api" }, spec: { template: { spec } } };
      assert.deepEqual(await mandatory("kubernetes:apps/v1:Deployment", props), [
        "k8s-image-by-digest",
        "k8s-image-pinned",
      ]);
    });

    it("an unknown value doesn't count as safe", async () => {
      const verdicts = await pack.analyze(
        analyzeRequest("x", sample("aws:kms/key:Key", { enableKeyRotation: unknown as unknown as boolean })),
      );
      assert.deepEqual(
        verdicts.map(({ policy, level }) => [policy, level]),
        [["kms-rotation", "advisory"]],
      );
    });

    it("an unknown ARN hides no wildcard next to it", async () => {
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

    it("an unknown value in one object hides no other objects", async () => {
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

    it("raise requirements", async () => {
      await pack.configure({ "rds-backup-retention": { minimumDaysProtected: 30 } });
      const found = names(await pack.verdicts(databases[0]?.good() ?? {}));
      assert.ok(found.includes("rds-backup-retention"));
    });

    it("set the minimum number of NAT gateways", async () => {
      const stack = objectives[0]?.good() ?? {};
      assert.ok(!names(await pack.verdicts(stack)).includes("ec2-nat-gateways"));
      await pack.configure({ "ec2-nat-gateways": { minimum: 3 } });
      assert.ok(names(await pack.verdicts(stack)).includes("ec2-nat-gateways"));
    });

    it("say which quotas AWS has raised", async () => {
      const proxies = Object.fromEntries(
        Array.from({ length: 21 }, (_, index) => [
          `proxy-${index}`,
          sample("aws:rds/proxy:Proxy" as Sample["type"], {}),
        ]),
      );
      const said = async () =>
        (await pack.verdicts(proxies)).flatMap(({ policy, message }) =>
          policy === "aws-quota-raised" ? [message.split("\n").at(-1)] : [],
        );
      assert.deepEqual(await said(), [
        "21 RDS proxies in the region; a new account has 20 (quota L-D94C7EA3); run `aws service-quotas request-service-quota-increase --service-code rds --quota-code L-D94C7EA3 --desired-value 21`.",
      ]);
      await pack.configure({ "aws-quota-raised": { granted: ["L-D94C7EA3=21"] } });
      assert.deepEqual(await said(), []);
      await pack.configure({ "aws-quota-raised": { granted: ["L-D94C7EA3: 21", "L-D94C7EA3=15"] } });
      const found = await said();
      assert.match(found[0] ?? "", /^granted: "L-D94C7EA3: 21"; allowed is a code and a number/);
      assert.match(found[1] ?? "", /^21 RDS proxies in the region; granted are 15 \(quota L-D94C7EA3\)/);
    });

    it("allow exceptions", async () => {
      const stack = {
        syslog: sample("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
          cidrIpv4: "0.0.0.0/0",
          securityGroupId: unknown,
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
