import { z } from "zod";
import type { NatsStore } from "../systems/spec";
import { amount } from "./quantity";
import { bytes, chartVersion, integer, where } from "./values";

/** Share of its volume that JetStream fills; the file system takes some, and a full disk stops the server. */
const jetStreamShare = 0.9;

/** Bytes of a server's volume that JetStream may fill. */
export const jetStreamBytes = (storage: string): number => Math.floor(amount(storage) * jetStreamShare);

/** Minor version of the NATS chart that its values are written for (`components/messaging`). */
export const natsSeries = "2.14";

const stream = z.strictObject({
  maxAgeHours: integer(1, 8760, "hours").describe("Hours that a message is kept at most."),
  maxBytes: bytes.describe("Most that the stream's messages take together, each counted once."),
});

const gibibytes = (value: number) => `${Number((value / 2 ** 30).toFixed(2))} GiB`;

/** Schema of a NATS store's amounts: exactly the streams that it describes. */
export const nats = ({ streams }: Pick<NatsStore, "streams">) =>
  z
    .strictObject({
      chart: where(
        chartVersion,
        (version) => version.startsWith(`${natsSeries}.`),
        `a chart of the series ${natsSeries}, which its values are written for; docs/operators.md says how to go on`,
      ).describe("Version of the official chart."),
      servers: z
        .union([z.literal(1), z.literal(3), z.literal(5)], { error: "1, 3 or 5 servers" })
        .describe("Servers: 3 or 5 make a cluster that survives the loss of a zone, 1 doesn't."),
      storage: bytes.describe("JetStream's volume, each server."),
      credentialsVersion: integer(1, 100000, "the credentials' number")
        .default(1)
        .describe(
          "Number of the logins: one more makes new ones, and the last ones work until the next change.",
        ),
      streams: z.strictObject(Object.fromEntries(Object.keys(streams).map((name) => [name, stream]))),
    })
    .superRefine(({ storage, streams: amounts }, context) => {
      const sizes = Object.entries(amounts).map(([name, { maxBytes }]) => [name, amount(maxBytes)] as const);
      const total = sizes.reduce((sum, [, size]) => sum + size, 0);
      const room = jetStreamBytes(storage);
      if (total <= room) return;
      const terms = sizes.map(([name, size]) => `${name} ${gibibytes(size)}`).join(" + ");
      // With more servers than copies a server may hold each of the streams none the less.
      context.addIssue({
        code: "custom",
        path: ["storage"],
        message: `room for ${terms} = ${gibibytes(total)} on each server: ${jetStreamShare * 100} % of ${storage} are ${gibibytes(room)}`,
      });
    });

export type NatsSettings = z.infer<ReturnType<typeof nats>>;
