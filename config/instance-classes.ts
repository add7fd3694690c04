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

/** Sizes of Graviton's general and memory-optimised families: each doubles the one before. */
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
 * The RDS classes that a database may have. Source: Amazon RDS user guide, hardware specifications for DB instance
 * classes. A line more is all that another class needs.
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

/** Name of an instance class that the table has. */
export const instanceClass = z
  .string({ error: "a quoted string, an RDS instance class" })
  .refine((name) => Object.hasOwn(instanceClasses, name), {
    error:
      "a class that config/instance-classes.ts knows: db.t4g.micro to 2xlarge, db.m7g, db.m8g, db.r7g or db.r8g from large to 16xlarge",
    abort: true,
  });

const gibibyte = 2 ** 30;

/**
 * What PostgreSQL can count on, in bytes: RDS' `DBInstanceClassMemory`, which is the class's memory less what the
 * operating system and RDS' own processes keep. AWS doesn't say how much that is; a tenth and 150 MiB is a little more
 * than what instances show, so that a limit calculated from it is on the safe side.
 */
export function databaseMemory(name: string): number {
  const { memory } = instanceClasses[name] ?? { memory: 0 };
  return memory * gibibyte * 0.9 - 150 * 2 ** 20;
}
