/** What a plan doesn't say and a bill depends on. All of it is a month's. */
export interface Usage {
  /** Hours of a month. 730 is AWS' own number. */
  readonly hours: number;
  /** Hours in which what a night schedule stops runs. Default: all. */
  readonly awakeHours: number;
  /** Share of the on-demand price that a spot instance costs. Spot has no list price, so this is an assumption: see the EC2 Spot Instance Advisor. */
  readonly spotShare: number;
  /** What EKS Auto Mode adds to an instance's on-demand price. Source: EKS pricing, 12 % of it, as on 2026-10-01. */
  readonly autoModeShare: number;
  /** Share of a node's CPU and memory that pods' requests fill. */
  readonly filledShare: number;
  /** Load balancer capacity units used, on average. */
  readonly capacityUnits: number;
  /** GiB that pass each NAT gateway. */
  readonly natGib: number;
  /** GiB that leave for the internet. */
  readonly outGib: number;
  /** Series that are kept for long, with a sample a minute each. */
  readonly historySeries: number;
  /** GiB of logs by log group. */
  readonly logGib: number;
  /** GiB of objects by bucket. */
  readonly bucketGib: number;
  /** GiB of files by file system. */
  readonly filesGib: number;
  /** GiB of images by repository. */
  readonly imageGib: number;
  /** GiB that all distributions of the CDN deliver; the first 1024 are free. */
  readonly cdnGib: number;
  /** GiB by backup vault, and by database whose backups are copied to the second region. */
  readonly backupGib: number;
}

/**
 * An environment that is little used: what it costs before anybody comes. Where an environment is used, put what the bill
 * says into `plinth:costs.usage`.
 */
export const defaultUsage: Usage = {
  hours: 730,
  awakeHours: 730,
  spotShare: 0.4,
  autoModeShare: 0.12,
  filledShare: 0.7,
  capacityUnits: 0.5,
  natGib: 20,
  outGib: 20,
  historySeries: 400,
  logGib: 0.2,
  bucketGib: 5,
  filesGib: 5,
  imageGib: 2,
  cdnGib: 20,
  backupGib: 20,
};
