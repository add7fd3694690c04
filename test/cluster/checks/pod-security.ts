import { hostReader } from "../../../standards/host-access";
import { ofKind } from "../manifests";
import { type KubeObject, nameOf, type PodTemplate } from "../types";
import type { Check, Context, Finding } from "./check";
import { isPodSecurity, refusalOf, refusedPods } from "./pods";

/** A pod that the `baseline` level admits and `restricted` refuses: root, with the runtime's defaults. */
const UNRESTRICTED: PodTemplate = {
  spec: {
    containers: [
      {
        name: "trial",
        image: "trial:1",
        resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { cpu: "1m", memory: "1Mi" } },
      },
    ],
  },
};

/**
 * Every namespace enforces the `restricted` level, and every workload's pods meet it. The namespace of the log collector
 * is `privileged`, and an admission policy refuses every other pod there.
 */
export const podSecurity: Check = {
  name: "Pod Security restricted is enforced",
  async run(context) {
    const namespaces = ofKind<KubeObject>(context.objects, "Namespace");
    const lax = (await Promise.all(namespaces.map((namespace) => examine(context, namespace)))).flat();
    const { examined, findings } = await refusedPods(context.cluster, context.objects, isPodSecurity);
    return { examined: namespaces.length + examined, findings: [...lax, ...findings] };
  },
};

async function examine({ cluster }: Context, namespace: KubeObject): Promise<Finding[]> {
  const refusal = await refusalOf(cluster, namespace.metadata.name, UNRESTRICTED);
  if (refusal !== undefined && isPodSecurity(refusal)) return [];
  const guarded = namespace.metadata.name === hostReader.namespace;
  if (guarded && refusal?.includes("ValidatingAdmissionPolicy")) return [];
  const level = namespace.metadata.labels?.["pod-security.kubernetes.io/enforce"] ?? "none";
  const said = refusal ?? "nothing: it took the pod";
  return [
    {
      object: nameOf(namespace),
      message: `enforces the level ${level}; to a pod that runs as root the server said ${said}`,
    },
  ];
}
