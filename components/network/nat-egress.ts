import type { Settings } from "../../config";
import { smtpPort, httpsPort } from "../base/ports";

/** A network outside the VPC, and a TCP port there. */
export interface Outbound {
  readonly cidr: string;
  readonly port: number;
}

const everywhere = "0.0.0.0/0";

/**
 * Egress of the private subnets: HTTPS to everywhere (AWS, registries, webhooks), mail, and the networks that the stack
 * file names. It is the sum of the pods' network policies, which `test/stacks/reachable.test.ts` compares with it.
 */
export function outboundOf({ systems }: Pick<Settings, "systems">): Outbound[] {
  const all = Object.values(systems).flatMap((system) => {
    if (system === undefined) return [];
    const networks = Object.values(system.networks).flatMap((network) =>
      (network?.cidrs ?? []).flatMap((cidr) => (network?.ports ?? []).map((port) => ({ cidr, port }))),
    );
    const mail = Object.values(system.stores.mail).flatMap((store) =>
      store.kind === "mailpit" ? [] : [store.kind === "ses" ? smtpPort : store.port],
    );
    return [...networks, ...mail.map((port) => ({ cidr: everywhere, port }))];
  });
  const unique = new Map(
    [{ cidr: everywhere, port: httpsPort }, ...all].map((one) => [`${one.cidr}:${one.port}`, one]),
  );
  return [...unique.values()];
}
