import type * as k8s from "@pulumi/kubernetes";
import { jobPriority } from "../priority";
import { trustPath, type RolesToMake } from "../store";
import { trustMount, trustVolume } from "../workload/trust";

/** User of the image's own that is no root: `postgres` in the image's Alpine variant. */
const user = 70;
/** Part of the file system where the script is. */
const scriptPath = "/bootstrap";
export const scriptFile = "roles.sql";

const resources = { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } };

/** Properties of the master user's entry, by the environment variable that the script and psql read. */
export const secretVariables = {
  PGUSER: "user",
  PGPASSWORD: "password",
  OWNER_A_VERIFIER: "owner_a_verifier",
  OWNER_B_VERIFIER: "owner_b_verifier",
  READER_A_VERIFIER: "reader_a_verifier",
  READER_B_VERIFIER: "reader_b_verifier",
} as const;

/** The pod that runs the script, fit for the `restricted` Pod Security level. */
export function bootstrapPod(args: {
  readonly image: string;
  readonly roles: RolesToMake;
  /** Name of the Secret with the master user's entry; the service account has it too. */
  readonly secret: string;
  /** Name of the script's ConfigMap. */
  readonly script: string;
  /** Name of the authorities' ConfigMap. */
  readonly trust: string;
}): k8s.types.input.core.v1.PodSpec {
  return {
    restartPolicy: "Never",
    serviceAccountName: args.secret,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: jobPriority,
    securityContext: {
      ...{ runAsNonRoot: true, runAsUser: user, runAsGroup: user },
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "psql",
        image: args.image,
        command: ["psql", "--no-psqlrc", "--quiet", "--file", `${scriptPath}/${scriptFile}`],
        env: variables(args.roles, args.secret),
        resources,
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [{ name: "script", mountPath: scriptPath, readOnly: true }, trustMount],
      },
    ],
    volumes: [{ name: "script", configMap: { name: args.script } }, trustVolume(args.trust)],
  };
}

function variables(
  { host, port, database, owner }: RolesToMake,
  secret: string,
): k8s.types.input.core.v1.EnvVar[] {
  const plain = {
    PGHOST: host,
    PGPORT: String(port),
    PGDATABASE: database,
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: `${trustPath}/bundle.pem`,
    PGCONNECT_TIMEOUT: "10",
    OWNER: owner,
  };
  return [
    ...Object.entries(plain).map(([name, value]) => ({ name, value })),
    ...Object.keys(secretVariables).map((name) => ({
      name,
      valueFrom: { secretKeyRef: { name: secret, key: name } },
    })),
  ];
}
