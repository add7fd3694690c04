import { priorities } from "../../priority";
import { resources, type Sizes } from "./sizes";

/** The controller: it holds little, and does nothing between changes. */
export const nackSizes = {
  controller: { cpu: { request: 20, limit: 200 }, memory: { request: 64, limit: 128 } },
} as const satisfies Sizes;

/** A numeric user: the image names none and would run as root. */
const user = 1000;

/**
 * Values of the chart `nack` 0.34. No server is named: each stream and consumer names an `Account`, which says where
 * its server is and how to log in there. The control loop puts right what was changed by hand, and answers probes.
 *
 * The chart knows no disruption budget and no spread, and runs one pod: while it is away, streams stay as they are.
 */
export const nackValues = () => ({
  jetstream: { enabled: true, controlLoop: true },
  // Names and labels after the chart, as the network policies select them.
  useLegacyNames: false,
  resources: resources(nackSizes.controller),
  priorityClassName: priorities.platform.name,
  securityContext: {
    ...{ runAsNonRoot: true, runAsUser: user, runAsGroup: user, fsGroup: user },
    seccompProfile: { type: "RuntimeDefault" },
  },
  containerSecurityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    // Certificates of the accounts go to the chart's own scratch volume.
    readOnlyRootFilesystem: true,
  },
});
