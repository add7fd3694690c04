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

/** Who in the VPC calls a service: what of the plan says so. */
const called: Readonly<Record<string, (recording: Recording) => boolean>> = {
  // Nodes pull images.
  "ecr.api": (recording) => has(recording, "aws:eks/cluster:Cluster"),
  "ecr.dkr": (recording) => has(recording, "aws:eks/cluster:Cluster"),
  // The nodes' Pod Identity agent takes on the pods' roles.
  "eks-auth": (recording) => has(recording, "aws:eks/podIdentityAssociation:PodIdentityAssociation"),
  // External Secrets, and the functions that rotate logins.
  secretsmanager: (recording) => specs(recording, "ExternalSecret").length > 0,
  // Workloads, and KEDA.
  sqs: (recording) => has(recording, "aws:sqs/queue:Queue"),
  // External Secrets, where a store names a role that it takes on.
  sts: (recording) =>
    ["SecretStore", "ClusterSecretStore"].some((kind) =>
      specs(recording, kind).some((spec) => spec.includes('"role"')),
    ),
};

for (const stack of stacks)
  describe(`${stack}: interface endpoints`, () => {
    it("are none, or those of all the services that something in the VPC calls, and of no other", async () => {
      const recording = await recordingOf(stack);
      const { interfaceEndpoints } = (await settingsOf(stack)).network;
      if (interfaceEndpoints.length === 0) return assert.notEqual(stack, "prod");
      const wanted = Object.keys(called).filter((service) => called[service]?.(recording) === true);
      assert.deepEqual([...interfaceEndpoints].sort(), wanted.sort());
    });
  });
