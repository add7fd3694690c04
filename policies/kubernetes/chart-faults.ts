import { largest } from "../../standards/pods";
import { quantity } from "../../standards/quantity";
import { isLater, isRecord, shown } from "../lib/wire";

/** Settings, by key, that weaken security anywhere in a chart's values. */
const weak: Readonly<Record<string, (value: unknown) => boolean>> = {
  allowPrivilegeEscalation: (value) => value !== false,
  hostIPC: (value) => value !== false,
  hostNetwork: (value) => value !== false,
  hostPID: (value) => value !== false,
  hostPath: () => true,
  hostPort: (value) => Boolean(value),
  insecure: (value) => value === true,
  insecureSkipVerify: (value) => value === true,
  privileged: (value) => value !== false,
  readOnlyRootFilesystem: (value) => value !== true,
  runAsGroup: (value) => value === 0,
  runAsNonRoot: (value) => value !== true,
  runAsUser: (value) => value === 0,
  fsGroup: (value) => value === 0,
  skipTLSVerify: (value) => value === true,
  tlsInsecure: (value) => value === true,
};
const imageKeys = /^(image|imageRegistry|registry|repository|hub)$/;
const unsafeKeys =
  /^(extraArgs|extraContainers|sidecarContainers|initContainers|extraObjects|extraManifests)$/;

/** Settings that weaken security in a chart's values, with their paths. */
export function* faults(value: unknown, path: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* faults(item, `${path}[${index}]`);
  } else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      const at = `${path}.${key}`;
      if (weak[key]?.(inner) === true) yield `${at} is ${shown(inner)}, which is not allowed.`;
      if (key === "seccompProfile" && (inner as { type?: string } | null)?.type === "Unconfined")
        yield `${at}.type is Unconfined, which is not allowed.`;
      if (key === "capabilities" && isRecord(inner) && Array.isArray(inner.add) && inner.add.length > 0)
        yield `${at}.add contains ${inner.add.join(", ")}; it must be empty.`;
      if (key === "drop" && Array.isArray(inner) && !inner.includes("ALL")) yield `${at} must contain ALL.`;
      if (key === "type" && (inner === "LoadBalancer" || inner === "NodePort"))
        yield `${at} is ${inner}; the Service must have the type ClusterIP.`;
      if (imageKeys.test(key) && typeof inner === "string" && !isOurs(inner))
        yield `${at} is ${shown(inner)}; it must be in the account's registry.`;
      if (unsafeKeys.test(key) && !isEmpty(inner))
        yield `${at} adds arguments, containers or objects; it must be empty.`;
      if ((key === "limits" || key === "requests") && isRecord(inner))
        for (const amount of ["cpu", "memory"] as const) {
          const most = quantity(largest[amount]) ?? 0;
          const found = quantity(inner[amount] as string) ?? most;
          if (!(found > 0 && found <= most))
            yield `${at}.${amount} is ${shown(inner[amount])}; it must be above 0 and at most ${largest[amount]}.`;
        }
      yield* faults(inner, at);
    }
  }
}
const isEmpty = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0);
/** An account's registry (`aws-own-account-only` checks which), or a name without a registry. */
const isOurs = (text: string) =>
  isLater(text) ||
  /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\/|$)/.test(text) ||
  /^([a-z0-9_-]+(\/|$))*$/.test(text);
