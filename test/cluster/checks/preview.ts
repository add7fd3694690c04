import { keyOf } from "../manifests";
import type { Check } from "./check";

/** The folder contains all objects of the preview, so the whole stack is checked. */
export const complete: Check = {
  name: "every object of the preview has a manifest",
  run({ objects, facts }) {
    const there = new Set(objects.map(keyOf));
    const announced = new Set(facts.objects);
    const missing = [...announced].filter((key) => !there.has(key));
    const strange = [...there].filter((key) => !announced.has(key));
    return Promise.resolve({
      examined: announced.size,
      findings: [
        ...missing.map((key) => ({
          object: key,
          message: "the preview has it, the manifest folder doesn't",
        })),
        ...strange.map((key) => ({
          object: key,
          message: "the manifest folder has it, the preview doesn't",
        })),
      ],
    });
  },
};

/** Refusals depend on the server's version, which must be the cluster's. */
export const version: Check = {
  name: "the server has the cluster's version",
  async run({ cluster, facts }) {
    const { body } = await cluster.client.request<{ gitVersion: string }>("GET", "/version");
    const fits = body.gitVersion.startsWith(`v${facts.version}.`);
    const message = `is ${body.gitVersion}, the stack's cluster ${facts.version}: pin that version in tools/kubernetes/go.mod`;
    return {
      examined: 1,
      findings: fits ? [] : [{ object: "kube-apiserver", message }],
      notes: [body.gitVersion],
    };
  },
};
