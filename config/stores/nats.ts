import { z } from "zod";
import type { NatsStore } from "../../systems/spec";
import { amount } from "../quantity";
import { bytes, chartVersion, integer, ordinal, where } from "../values";

/** Share of its volume that JetStream may use; the file system needs some, and a full disk stops the server. */
const jetStreamShare = 0.9;

/** Bytes of a server's volume that JetStream may use. */
export const jetStreamBytes = (storage: string): number => Math.floor(amount(storage) * jetStreamShare);

/** Minor version of the NATS chart that its values are written for (`components/messaging`). */
const natsSeries = "2.14";

const stream = z.strictObject({
  maxAgeHours: integer(1, 8760, "hours").describe("Maximum age of messages in hours."),
  maxBytes: bytes.describe("Maximum size of the stream, not counting replicas."),
});

const gibibytes = (value: number) => `${Number((value / 2 ** 30).toFixed(2))} GiB`;

/** Schema of a NATS store's settings: exactly the streams that it describes. */
export const nats = ({ streams }: Pick<NatsStore, "streams">) =>
  z
    .strictObject({
      chart: where(
        chartVersion,
        (version) => version.startsWith(`${natsSeries}.`),
        `a chart of the series ${natsSeries}, which its values are written for; docs/operators.md describes an upgrade`,
      ).describe("Version of the official chart."),
      servers: z
        .union([z.literal(1), z.literal(3), z.literal(5)], { error: "1, 3 or 5 servers" })
        .describe("Number of servers: 3 or 5 are a cluster that survives the loss of a zone, 1 isn't."),
      storage: bytes.describe("Size of each server's JetStream volume."),
      credentialsVersion: ordinal(1, 100000, "the credentials' number")
        .default(1)
        .describe(
          "Version of the logins. Increment it for new ones; the previous ones stay valid until the next change.",
        ),
      streams: z.strictObject(Object.fromEntries(Object.keys(streams).map((name) => [name, stream]))),
    })
    .superRefine(({ storage, streams: amounts }, context) => {
      const sizes = Object.entries(amounts).map(([name, { maxBytes }]) => [name, amount(maxBytes)] as const);
      const total = sizes.reduce((sum, [, size]) => sum + size, 0);
      const room = jetStreamBytes(storage);
      if (total <= room) return;
      const terms = sizes.map(([name, size]) => `${name} ${gibibytes(size)}`).join(" + ");
      // Even with more servers than replicas, one server may hold every stream.
      context.addIssue({
        code: "custom",
        path: ["storage"],
        message: `room for ${terms} = ${gibibytes(total)} on each server: ${jetStreamShare * 100} % of ${storage} are ${gibibytes(room)}`,
      });
    });

export type NatsSettings = z.infer<ReturnType<typeof nats>>;
