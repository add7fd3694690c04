import { images } from "../images";
import { filesPath, type JobContainer } from "../release/job-pod";
import { trustPath, type RolesToMake } from "../store";

export const scriptFile = "roles.sql";

const resources = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
};

/** Properties of the master user's entry, by the environment variable that the script and psql read. */
export const secretVariables = {
  PGUSER: "user",
  PGPASSWORD: "password",
  OWNER_A_VERIFIER: "owner_a_verifier",
  OWNER_B_VERIFIER: "owner_b_verifier",
  READER_A_VERIFIER: "reader_a_verifier",
  READER_B_VERIFIER: "reader_b_verifier",
} as const;

/** What runs the script; `secret` is the name of the Secret with the master user's entry. */
export const bootstrapContainer = (roles: RolesToMake, secret: string): JobContainer => ({
  name: "psql",
  ...images.psql,
  command: ["psql", "--no-psqlrc", "--quiet", "--file", `${filesPath}/${scriptFile}`],
  env: variables(roles, secret),
  resources,
});

function variables({ host, port, database, owner }: RolesToMake, secret: string): JobContainer["env"] {
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
