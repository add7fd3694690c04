import { characters, type Count } from "./counts";

/** So many of something, in one resource, in one region of the account, or in the account. */
export interface Quota {
  /** What is counted. */
  readonly what: string;
  readonly most: number;
  /** Its code in Service Quotas. Default: it has none. */
  readonly code?: string;
  readonly type: string;
  /**
   * Property that says what they are parts of. `itself`: none. `account`: of all regions together. Default: of a region, as
   * the provider says.
   */
  readonly of?: string;
  /** What one resource counts for. Default: 1. */
  readonly counts?: Count;
}

/** A quota that AWS doesn't raise. */
export interface FixedQuota extends Quota {
  /** What to do about it. */
  readonly instead: string;
}

/** A quota that AWS raises on request. */
export interface RaisedQuota extends Quota {
  readonly code: string;
  /** Code of the service in Service Quotas. */
  readonly service: string;
}

/** What shortens a policy. */
export const split = "write fewer statements, or name resources by a common beginning";

/** A quota that AWS raises on request: by default one of a region. */
export const regional = (
  service: string,
  code: string,
  most: number,
  what: string,
  type: string,
  more: Pick<Quota, "of" | "counts"> = {},
): RaisedQuota => ({ what, most, code, service, type, ...more });

/** The length of a policy, which AWS doesn't raise. */
export const document = (
  what: string,
  most: number,
  type: string,
  property = "policy",
  code?: string,
): FixedQuota => ({
  what: `characters of ${what}`,
  most,
  ...(code === undefined ? {} : { code }),
  type,
  of: "itself",
  counts: characters(property),
  instead: split,
});
