import { priorities } from "../../base/priority";
import { resources, type Size } from "./sizes";

/** Shared settings of Prometheus and Alertmanager: the Prometheus operator runs both as servers with a volume each. */

/** Servers run in different zones: each volume stays in the zone of its first pod. */
const apart = (name: string, replicas: number) =>
  replicas < 2
    ? []
    : [
        {
          maxSkew: 1,
          minDomains: 2,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "DoNotSchedule",
          nodeTaintsPolicy: "Honor",
          labelSelector: { matchLabels: { "app.kubernetes.io/name": name } },
        },
      ];

/** Numeric users that own the volume; ownership of files is only changed on a new volume. */
const podSecurity = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 2000,
  fsGroup: 2000,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};

/** Pods of servers, by their `app.kubernetes.io/name`. */
export const serverPod = (name: string, replicas: number, size: Size) => ({
  topologySpreadConstraints: apart(name, replicas),
  resources: resources(size),
  priorityClassName: priorities.platform.name,
  securityContext: podSecurity,
  enableServiceLinks: false,
});

/** The volume of each server. @param storage Its size, such as "50Gi". */
export const claimTemplate = (storageClass: string, storage: string) => ({
  volumeClaimTemplate: {
    spec: {
      storageClassName: storageClass,
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage } },
    },
  },
});
