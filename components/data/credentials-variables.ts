/** Environment variables of the rotation function: where its database is, and which entries it works on. */
export interface RotationVariables {
  /** Host of the instance that takes writes. */
  readonly HOST: string;
  /** Hosts of the read replicas, separated by commas; empty: none. */
  readonly REPLICAS: string;
  /** Host of the proxy that workloads come in by; empty: there is none. */
  readonly PROXY: string;
  readonly PORT: string;
  readonly DATABASE: string;
  /** ARN of the application's entry. */
  readonly ENTRY: string;
  /** ARN of the master user's entry. */
  readonly MASTER_ENTRY: string;
  /** ARNs of the entries of the owner's logins a and b, separated by a comma; empty: no proxy reads them. */
  readonly LOGIN_ENTRIES: string;
}
