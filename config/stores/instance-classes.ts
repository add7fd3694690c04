import { z } from "zod";

/** One RDS instance class. */
interface InstanceClass {
  readonly vcpus: number;
  /** Memory in GiB. */
  readonly memory: number;
}

const family = (
  name: string,
  sizes: Readonly<Record<string, readonly [vcpus: number, memory: number]>>,
): Record<string, InstanceClass> =>
  Object.fromEntries(
    Object.entries(sizes).map(([size, [vcpus, memory]]) => [`db.${name}.${size}`, { vcpus, memory }]),
  );

/** Sizes of Graviton's general and memory-optimised families: each is twice the previous one. */
const general = {
  large: [2, 8],
  xlarge: [4, 16],
  "2xlarge": [8, 32],
  "4xlarge": [16, 64],
  "8xlarge": [32, 128],
  "12xlarge": [48, 192],
  "16xlarge": [64, 256],
} as const;
const memoryOptimised = {
  large: [2, 16],
  xlarge: [4, 32],
  "2xlarge": [8, 64],
  "4xlarge": [16, 128],
  "8xlarge": [32, 256],
  "12xlarge": [48, 384],
  "16xlarge": [64, 512],
} as const;

/**
 * Allowed RDS instance classes. Source: Amazon RDS user guide, hardware specifications for DB instance classes. To
 * allow another class, add a line.
 */
export const instanceClasses: Readonly<Record<string, InstanceClass>> = {
  ...family("t4g", {
    micro: [2, 1],
    small: [2, 2],
    medium: [2, 4],
    large: [2, 8],
    xlarge: [4, 16],
    "2xlarge": [8, 32],
  }),
  ...family("m7g", general),
  ...family("m8g", general),
  ...family("r7g", memoryOptimised),
  ...family("r8g", memoryOptimised),
};

/** Name of an instance class in the table. */
export const instanceClass = z
  .string({ error: "a quoted string, an RDS instance class" })
  .refine((name) => Object.hasOwn(instanceClasses, name), {
    error:
      "a class in config/stores/instance-classes.ts: db.t4g.micro to 2xlarge, db.m7g, db.m8g, db.r7g or db.r8g from large to 16xlarge",
    abort: true,
  });

const gibibyte = 2 ** 30;

/**
 * Memory available to PostgreSQL, in bytes: RDS' `DBInstanceClassMemory`, which is the class's memory less that of the
 * operating system and RDS' processes. AWS doesn't document that; a tenth and 150 MiB is a little more than instances
 * show, so limits calculated from it are safe.
 */
export function databaseMemory(name: string): number {
  const { memory } = instanceClasses[name] ?? { memory: 0 };
  return memory * gibibyte * 0.9 - 150 * 2 ** 20;
}
