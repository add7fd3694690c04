/** Monthly usage on which the bill depends and which a plan doesn't determine. */
export interface Usage {
  /** Hours of a month. 730 is AWS' own number. */
  readonly hours: number;
  /** Hours in which resources run that a night schedule stops. Default: all. */
  readonly awakeHours: number;
  /** Share of the on-demand price that a spot instance costs. Spot has no list price, so this is an assumption: see the EC2 Spot Instance Advisor. */
  readonly spotShare: number;
  /**
   * Fee of EKS Auto Mode, as a share of an instance's on-demand price. Source: EKS pricing, 12 % of it, as on
   * 2026-10-01.
   */
  readonly autoModeShare: number;
  /** Share of a node's CPU and memory that pods' requests fill. */
  readonly filledShare: number;
  /** Load balancer capacity units used, on average. */
  readonly capacityUnits: number;
  /** GiB that each NAT gateway processes. */
  readonly natGib: number;
  /** GiB of data transfer to the internet. */
  readonly outGib: number;
  /** Series in the workspace for long-term metrics, with a sample a minute each. */
  readonly historySeries: number;
  /** GiB of logs by log group. */
  readonly logGib: number;
  /** GiB of objects by bucket. */
  readonly bucketGib: number;
  /** GiB of files by file system. */
  readonly filesGib: number;
  /** GiB of images by repository. */
  readonly imageGib: number;
  /** GiB that all CloudFront distributions transfer to clients; the first 1024 are free. */
  readonly cdnGib: number;
  /** GiB by backup vault, and by database whose backups are copied to the second region. */
  readonly backupGib: number;
}

/**
 * Little usage: the costs of an environment without clients. For an environment in use, enter the amounts of the bill
 * in `plinth:costs.usage`.
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
