import type { SystemSettings, WorkloadSettings } from "../../config";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { images } from "../images";
import { mailpit } from "../messaging/mailpit";

/** A workload that runs beside the system's own: what it is and how large. */
export interface MailCatcher {
  /** Key of the mail store that it stands for. */
  readonly key: string;
  readonly spec: WorkloadSpec;
  readonly settings: WorkloadSettings;
}

/** Mailpit is small, and the same wherever it runs. */
const resources = { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } };

/** Mail catchers of a system: one for each mail store whose mail config wants caught. */
export function mailCatchers(spec: SystemSpec, settings: SystemSettings): MailCatcher[] {
  return Object.entries(spec.stores).flatMap(([key, store]) => {
    const mail = settings.stores.mail[key];
    if (store.kind !== "mail" || mail?.kind !== "mailpit") return [];
    return [
      {
        key,
        spec: mailpit(store),
        settings: { image: images.mailpit.image, replicas: 1, minAvailable: 0, resources },
      },
    ];
  });
}
