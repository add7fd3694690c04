import assert from "node:assert/strict";
import { allMet } from "../../../components/cluster/cel";
import { bindings, ingresses, roles } from "../../../standards/objects";
import { containers, pods } from "../../../standards/pods";
import { catalog } from "../../../systems";
import { firstRegionOf, objects } from "../../support/recordings";
import { stacks } from "../../support/stacks";
import { specOf } from "../../support/inputs";

interface Policy {
  failurePolicy: string;
  matchConstraints: { resourceRules: { operations: string[]; resources: string[] }[] };
  validations: { message: string }[];
}
interface Binding {
  policyName: string;
  validationActions: string[];
  matchResources?: { namespaceSelector: { matchLabels: Record<string, string> } };
}
const label = "plinth/admission";

describe("demands as CEL", () => {
  it("use optional selection for each item, and fall back from containers to their pod", () => {
    const [rule = []] = [containers["k8s-no-host-ports"]];
    assert.equal(
      allMet(rule, "c"),
      "c.?ports.orValue([]).all(item0, (!item0.?hostPort.hasValue() || item0.?hostPort.value() in [0]))",
    );
    assert.match(
      allMet(containers["k8s-run-as-non-root"] ?? [], "c"),
      /^\(c\.\?securityContext\.\?runAsNonRoot\.or\(variables\.pod\.\?securityContext\.\?runAsNonRoot\)\.hasValue\(\) && /,
    );
    assert.match(
      allMet(ingresses["k8s-ingress-redirects-http"] ?? [], "object"),
      /^\(!\(object\.\?metadata\.\?annotations\[\?"alb\.ingress\.kubernetes\.io\/listen-ports"\]/,
    );
  });
});

for (const stack of stacks)
  describe(`admission policies of ${stack}`, () => {
    it("cover every rule that the pack shares with them, and never validate deletes", async () => {
      const found = [...objects(await firstRegionOf(stack), "ValidatingAdmissionPolicy").values()].map(
        ({ manifest }) => specOf<Policy>(manifest),
      );
      const text = found.flatMap(({ validations }) => validations.map(({ message }) => message)).join("\n");
      for (const rule of [containers, pods, ingresses, roles, bindings].flatMap(Object.keys))
        assert.match(text, new RegExp(`^${rule}: `, "m"));
      for (const { failurePolicy, matchConstraints } of found) {
        assert.equal(failurePolicy, "Fail");
        for (const { operations } of matchConstraints.resourceRules)
          assert.deepEqual(operations, ["CREATE", "UPDATE"]);
      }
    });

    it("apply in the systems' namespaces and our own, not in the operators', from the first object on", async () => {
      const recording = await firstRegionOf(stack);
      const bound = [...objects(recording, "ValidatingAdmissionPolicyBinding").values()]
        .map(({ manifest, resource }) => ({ spec: specOf<Binding>(manifest), resource }))
        .filter(({ spec }) => spec.matchResources !== undefined);
      assert.equal(bound.length, 4);
      for (const { spec } of bound) {
        assert.deepEqual(spec.validationActions, ["Deny"]);
        assert.deepEqual(spec.matchResources?.namespaceSelector.matchLabels, { [label]: "enforced" });
      }
      const systems = new RegExp(
        `^(${[...Object.keys(catalog), "telemetry", "metrics-history", "configuration-backup", "schedule"].join("|")})(-|$)`,
      );
      for (const { manifest, resource } of objects(recording, "Namespace").values()) {
        const { name, labels } = manifest.metadata;
        assert.equal(labels?.[label], systems.test(name) ? "enforced" : undefined, name);
        if (systems.test(name))
          for (const { resource: binding } of bound)
            assert.ok(resource.dependencies.includes(binding.urn), name);
      }
    });
  });
