/** Connection strings: how a workload reaches an engine, with its password. Secret, all of them. */

export const postgresPort = 5432;
export const cachePort = 6379;

/** Who reaches which database where. The password is made of letters and digits: nothing needs escaping. */
export interface PostgresAccess {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Host of the primary. */
  readonly primary: string;
  /** Hosts of the read replicas by role; none: the primary serves the role. */
  readonly replicas: Readonly<Record<string, readonly string[]>>;
}

/** The secret outputs of a PostgreSQL store. A role's URL is a list, separated by commas. */
export function postgresSecrets(access: PostgresAccess): Record<string, string> {
  const { user, password, database, primary, replicas } = access;
  const url = (host: string) =>
    `postgresql://${user}:${password}@${host}:${postgresPort}/${database}?sslmode=require`;
  const secrets: Record<string, string> = { url: url(primary), user, password };
  for (const [role, hosts] of Object.entries(replicas))
    secrets[`${role}Url`] = (hosts.length > 0 ? hosts : [primary]).map(url).join(",");
  return secrets;
}

/** URL of a cache; `rediss` is Redis' protocol over TLS. */
export const cacheUrl = (access: { user: string; password: string; host: string }) =>
  `rediss://${access.user}:${access.password}@${access.host}:${cachePort}`;
