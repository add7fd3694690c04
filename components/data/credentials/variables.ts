/** Environment variables of the rotation function: its database and its entries. */
export interface RotationVariables {
  /** Host of the writer. */
  readonly HOST: string;
  /** Hosts of the read replicas, separated by commas; empty: none. */
  readonly REPLICAS: string;
  /** Host of the proxy that workloads use; empty: no proxy. */
  readonly PROXY: string;
  readonly PORT: string;
  readonly DATABASE: string;
  /** ARN of the application's entry. */
  readonly ENTRY: string;
  /** ARN of the master user's entry. */
  readonly MASTER_ENTRY: string;
  /** ARNs of the entries of the owner's logins a and b, separated by a comma; empty: no proxy. */
  readonly LOGIN_ENTRIES: string;
}
