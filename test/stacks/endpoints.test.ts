import assert from "node:assert/strict";
import type { Recording } from "../../preview/run-program";
import { recordingOf } from "../support/recordings";
import { settingsOf, stacks } from "../support/stacks";

const has = (recording: Recording, type: string) => recording.ofType(type).length > 0;

/** Kubernetes objects of a kind, by their specification. */
const specs = (recording: Recording, kind: string): string[] =>
  [...recording.resources.values()]
    .filter(({ inputs }) => inputs.kind === kind)
    .map(({ inputs }) => JSON.stringify(inputs.spec));

/** Whether the plan has callers of a service in the VPC. */
const called: Readonly<Record<string, (recording: Recording) => boolean>> = {
  // Nodes pull images.
  "ecr.api": (recording) => has(recording, "aws:eks/cluster:Cluster"),
  "ecr.dkr": (recording) => has(recording, "aws:eks/cluster:Cluster"),
  // The nodes' Pod Identity agent assumes the pods' roles.
  "eks-auth": (recording) => has(recording, "aws:eks/podIdentityAssociation:PodIdentityAssociation"),
  // External Secrets, and the functions that rotate logins.
  secretsmanager: (recording) => specs(recording, "ExternalSecret").length > 0,
  // Workloads, and KEDA.
  sqs: (recording) => has(recording, "aws:sqs/queue:Queue"),
  // External Secrets, if a store names a role to assume.
  sts: (recording) =>
    ["SecretStore", "ClusterSecretStore"].some((kind) =>
      specs(recording, kind).some((spec) => spec.includes('"role"')),
    ),
};

for (const stack of stacks)
  describe(`${stack}: interface endpoints`, () => {
    it("are none, or exactly those of the services that are called in the VPC", async () => {
      const recording = await recordingOf(stack);
      const { interfaceEndpoints } = (await settingsOf(stack)).network;
      if (interfaceEndpoints.length === 0) return assert.notEqual(stack, "prod");
      const wanted = Object.keys(called).filter((service) => called[service]?.(recording) === true);
      assert.deepEqual([...interfaceEndpoints].sort(), wanted.sort());
    });
  });
