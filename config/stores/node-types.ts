import { choice } from "../values";

/**
 * Cache nodes of the current generations that Valkey runs on. Data tiering (`r6gd`) isn't supported: it needs settings
 * that a stack file doesn't have. Source: Amazon ElastiCache user guide, supported node types.
 */
const sizes = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"] as const;
const intelSizes = ["large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge"] as const;

const of = (family: string, names: readonly string[]) => names.map((size) => `cache.${family}.${size}`);

const nodeTypes: readonly string[] = [
  ...["t3", "t4g"].flatMap((family) => of(family, ["micro", "small", "medium"])),
  ...["m6g", "m7g", "r6g", "r7g"].flatMap((family) => of(family, sizes)),
  ...["m5", "r5"].flatMap((family) => of(family, intelSizes)),
];

const [first = "", ...more] = nodeTypes;

/** ElastiCache node type. */
export const nodeType = choice([first, ...more]);
