import { z } from "zod";
import { choice, list, pattern, where } from "../values";

/** Additional receivers of Prometheus' alerts, and maintenance windows. Alarms of CloudWatch only send mail. */

const severities = (standard: ("critical" | "warning")[]) =>
  list(choice(["critical", "warning"]), "a list of severities", { min: 1 })
    .default(standard)
    .describe(`Severities that it applies to. Default: ${standard.join(", ")}.`);

const entry = (property: string, what: string) =>
  pattern(/^[\w/+=.@-]+$/, "the name of a Secrets Manager entry", 512).describe(
    `Secrets Manager entry with ${what}: \`{"${property}":…}\`. Its name starts with the environment's prefix.`,
  );

const receiver = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("slack").describe("A channel in Slack, through an incoming webhook."),
      channel: pattern(/^#[a-z0-9_-]{1,79}$/, 'a channel, such as "#alerts"').describe(
        "Channel of the webhook's workspace, with its #.",
      ),
      entry: entry("url", "the webhook's address"),
      severities: severities(["critical", "warning"]),
    }),
    z.strictObject({
      kind: z.literal("pagerduty").describe("A service in PagerDuty, through its Events API v2."),
      entry: entry("key", "the integration key"),
      severities: severities(["critical"]),
    }),
    z.strictObject({
      kind: z.literal("webhook").describe("Alertmanager's own JSON, posted to an address."),
      entry: entry("url", "the address"),
      severities: severities(["critical", "warning"]),
    }),
  ],
  { error: 'an object whose kind is one of "slack", "pagerduty", "webhook"' },
);

const names = "1 to 30 of a-z, 0-9 and -, but not alarms or heartbeat";
const name = pattern(/^(?!alarms$|heartbeat$)[a-z][a-z0-9-]{0,29}$/, names);

export const receivers = z
  .record(name, receiver, { error: `receivers by name: ${names}` })
  .default({})
  .describe(
    "Slack channels, PagerDuty services and webhooks that get alerts in addition to the addresses in `emails`. Needs `prometheus`.",
  );

export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
const time = pattern(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day in UTC, such as "18:00"');

const window = where(
  z.strictObject({
    days: list(choice(weekdays), "a list of weekdays", { min: 1 }).describe("Weekdays, in UTC."),
    start: time.describe("Start, in UTC."),
    end: time.describe("End, in UTC: later on the same day, at most 24:00."),
    severities: severities(["warning"]),
  }),
  ({ start, end }) => start < end,
  "a window whose end is after its start; split a window that spans midnight",
);

export const maintenance = z
  .record(name, window, { error: `windows by name: ${names}` })
  .default({})
  .describe(
    "Hours without notifications of alerts. Alerts still fire, and notify after the window if they are still active.",
  );

export type AlertReceivers = z.output<typeof receivers>;
export type MaintenanceWindows = z.output<typeof maintenance>;
