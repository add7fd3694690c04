import assert from "node:assert/strict";
import type { ResourceValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { check, main, manifestsIn, typeOf } from "../../policies/check";
import { exemptions } from "../../policies/exemptions";
import { onStack, onType } from "../../policies/lib/control";
import { spoken } from "../../policies/lib/exemptions";
import { policies } from "../../policies/pack";
import { printedBy } from "../support/in-process";
import { template } from "./scenarios/pods";

const deployment = (image?: string) => {
  const { spec } = template();
  if (image !== undefined) Object.assign(spec.containers?.[0] ?? {}, { image });
  const metadata = { name: "api", namespace: "ams" };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { template: { spec } } };
};

describe("manifests, checked with the policy pack (npm run policies -- FILE…)", () => {
  it("have the resource types of the same objects in a stack", () => {
    assert.equal(typeOf({ apiVersion: "v1", kind: "Pod" }), "kubernetes:core/v1:Pod");
    assert.equal(typeOf({ apiVersion: "apps/v1", kind: "Deployment" }), "kubernetes:apps/v1:Deployment");
  });

  it("are read from several documents and from lists", () => {
    const text = `${stringify(deployment())}---\n${stringify({ kind: "List", items: [deployment(), deployment()] })}---\n`;
    assert.equal(manifestsIn(text).length, 3);
    const nested = { apiVersion: "v1", kind: "List", items: [{ ...deployment(), kind: "Deployment" }] };
    const list = { apiVersion: "apps/v1", kind: "DeploymentList", items: [deployment(), nested] };
    assert.deepEqual(
      manifestsIn(JSON.stringify(list)).map(({ kind }) => kind),
      ["Deployment", "Deployment"],
    );
  });

  it("have merge keys resolved, as by kubectl", () => {
    const [pod] = manifestsIn("x: &base { apiVersion: v1, kind: Pod }\n<<: *base\nmetadata: { name: api }\n");
    assert.equal(pod?.kind, "Pod");
  });

  it("include the pods of KEDA's ScaledJobs", () => {
    const { spec } = deployment("ghcr.io/stranger/api:1.0.0");
    const job = { apiVersion: "keda.sh/v1alpha1", kind: "ScaledJob", metadata: { name: "report" } };
    const found = check([{ ...job, spec: { jobTargetRef: spec } } as never]);
    assert.ok(
      found.some(({ rule, object }) => rule === "k8s-image-registry" && object === "ScaledJob/report"),
    );
  });

  it("are rejected if they don't have the fields of their kind", () => {
    const { spec } = deployment();
    Object.assign(spec.template.spec, { containers: [null] });
    const shape = check([{ ...deployment(), spec } as never]).filter(({ rule }) => rule === "shape-of-kind");
    assert.deepEqual(
      shape.map(({ object, mandatory }) => [object, mandatory]),
      [["ams/Deployment/api", true]],
    );
  });

  it("pass, or violate the same policies as in a stack", () => {
    const mandatory = (...manifests: Parameters<typeof check>[0]) =>
      check(manifests)
        .filter((one) => one.mandatory)
        .map(({ rule, object }) => `${rule} ${object}`);
    assert.deepEqual(mandatory(deployment()), []);
    assert.deepEqual(mandatory(deployment("ghcr.io/stranger/api:1.0.0")), [
      "k8s-image-registry ams/Deployment/api",
      "k8s-image-by-digest ams/Deployment/api",
    ]);
  });

  describe("as a command", () => {
    const folder = mkdtempSync(join(tmpdir(), "plinth-check-"));
    after(() => rmSync(folder, { recursive: true }));
    const run = (...words: string[]) => printedBy(() => Promise.resolve(main(words, folder)));
    const written = (text: string) => {
      writeFileSync(join(folder, "all.yaml"), text);
      return run("all.yaml");
    };

    it("prints its usage", async () => {
      assert.equal((await run()).status, 2);
      const { status, stdout } = await run("--help");
      assert.equal(status, 0);
      assert.match(stdout, /^Usage: npm run policies -- FILE…/);
      const unknown = await run("--nothing");
      assert.equal(unknown.status, 2);
      assert.match(unknown.stderr, /^unknown option '--nothing'\nUsage/);
    });

    it("prints the violations, and the remediation of each violated policy once", async () => {
      const { status, stdout } = await written(stringify(deployment("ghcr.io/stranger/api:1.0.0")));
      assert.equal(status, 1);
      const lines = stdout.split("\n").filter((line) => line.includes("k8s-image-by-digest"));
      assert.deepEqual(lines, [
        'mandatory  k8s-image-by-digest  ams/Deployment/api: container "api": image is "ghcr.io/stranger/api:1.0.0"; it must have a digest, because the tag can move to another image.',
        "  k8s-image-by-digest  Add the digest to the image, such as name:tag@sha256:….",
      ]);
      assert.match(stdout, /\nRemediation:\n[^]*\nObjects: 1\. Violations: 2 mandatory, \d+ advisory\.\n$/);
    });

    it("passes manifests without violations", async () => {
      const { status, stdout } = await written(stringify(deployment()));
      assert.deepEqual([status, stdout], [0, "Objects: 1. Violations: 0 mandatory, 0 advisory.\n"]);
    });

    for (const [what, text, says] of [
      ["empty output, as of a failed command", "", /no Kubernetes object found/],
      ["only comments", "---\n# nothing\n---\n", /no Kubernetes object found/],
      ["plain text", "Error: INSTALLATION FAILED\n---\n", /document 1 is not a Kubernetes object/],
      ["an item without a kind", "{ apiVersion: v1, kind: List, items: [1] }", /document 1, item 1 is not/],
      ["invalid YAML", "a: 1\na: 2\n", /Map keys must be unique/],
    ] as const)
      it(`rejects ${what}`, async () => {
        const { status, stderr, stdout } = await written(text);
        assert.deepEqual([status, stdout], [2, ""]);
        assert.ok(stderr.startsWith("all.yaml: "), stderr);
        assert.match(stderr, says);
      });

    it("reports a file that it can't read", async () => {
      for (const name of ["missing.yaml", "."]) {
        const { status, stderr } = await run(name);
        assert.equal(status, 2);
        assert.ok(stderr.startsWith(`${name}: E`), stderr);
      }
    });
  });
});

describe("exemptions", () => {
  const urn = "urn:pulumi:prod::plinth::aws:s3/bucket:Bucket::old";
  const list = [
    { rule: "s3-x", resource: "old", reason: "it goes in May", owner: "platform", until: "2027-03-31" },
  ];
  const on = (day: string) => spoken("s3-x", urn, "Found.", list, new Date(`${day}T12:00:00Z`));

  it("suppress a violation until their expiry date, and are reported after it", () => {
    assert.equal(on("2027-03-31"), undefined);
    assert.match(on("2027-04-01") ?? "", /^Found\. .*it goes in May.*2027-03-31.*platform/);
  });

  it("apply to one policy and one resource", () => {
    assert.equal(spoken("s3-y", urn, "Found.", list), "Found.");
    assert.equal(spoken("s3-x", `${urn}er`, "Found.", list), "Found.");
  });

  it("name a policy of the pack, a reason, an owner and a date within a year", () => {
    const names = new Set(policies.map(({ name }) => name));
    const limit = new Date(Date.now() + 366 * 86_400_000).toISOString().slice(0, 10);
    for (const { rule, reason, owner, until } of exemptions) {
      assert.ok(names.has(rule), rule);
      assert.ok(reason.length > 10 && owner !== "" && until <= limit, rule);
    }
  });
});

describe("inputs that stack policies read", () => {
  const control = { name: "x-y", description: "X.", severity: "low", remediation: "Y." } as const;
  const urn = "urn:pulumi:dev::plinth::aws:sqs/queue:Queue::q";
  const each = onType("aws:sqs/queue:Queue", control, () => undefined);
  const resource = (name: string): ResourceValidationArgs =>
    ({ type: "aws:sqs/queue:Queue", urn, name, props: { name }, getConfig: () => ({}) }) as never;
  const seen: unknown[] = [];
  const whole = onStack(control, ([one]) => void seen.push(one?.props.name)) as StackValidationPolicy;

  it("belong to the current stack, not to a previous one", async () => {
    const report = () => undefined;
    const judge = (name: string) =>
      whole.validateStack(
        { resources: [{ ...resource(name), dependencies: [] }], getConfig: () => ({}) } as never,
        report,
      );
    assert.ok(typeof each.validateResource === "function");
    await each.validateResource(resource("input of the first"), report);
    await judge("output");
    // The next stack starts with another resource; this one only has outputs.
    await each.validateResource({ ...resource("other"), urn: `${urn}2` }, report);
    await judge("output of the second");
    assert.deepEqual(seen, ["input of the first", "output of the second"]);
  });
});
