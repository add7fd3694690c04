import { withDisk } from "../disk";

/** What a container gets that names no resources itself. */
export const containerDefaults = withDisk({
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "200m", memory: "256Mi" },
});
