import { z } from "zod";
import { choice, list, pattern, text, where } from "./values";

/** The hours in which an environment runs; outside them its nodes and databases are stopped. */

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

const day = 24 * 60;
const week = 7 * day;

/** Minutes from midnight of `hh:mm`. */
const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

const clock = pattern(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "09:00"');

/** Minutes that databases start before the nodes, and stop after them. RDS starts a small instance within this time. */
export const databaseLead = 20;

/** Shortest time that an environment runs, in minutes: starting and stopping take up to half an hour each. */
const shortest = 120;

const zones = new Set(Intl.supportedValuesOf("timeZone")).add("UTC");

export const schedule = z
  .strictObject({
    timeZone: where(
      text('a time zone such as "Asia/Seoul"', 50),
      (zone) => zones.has(zone),
      'a time zone of the IANA database, such as "Asia/Seoul"',
    ).describe("Time zone of `from` and `to`."),
    days: list(choice(weekdays), `a list of ${weekdays.join(", ")}`, { min: 1 }).describe(
      "Days on which the environment runs.",
    ),
    from: clock.describe(
      `Time at which nodes start. Databases start ${databaseLead} minutes before, so not before 00:${databaseLead}.`,
    ),
    to: clock.describe(
      `Time at which nodes are removed. Databases stop ${databaseLead} minutes later, so before 23:${60 - databaseLead}.`,
    ),
  })
  .superRefine(({ from, to }, context) => {
    const fault = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message, continue: false });
    if (minutes(from) < databaseLead)
      fault("from", `00:${databaseLead} or later: databases start ${databaseLead} minutes before`);
    if (minutes(to) >= day - databaseLead)
      fault("to", `before 23:${60 - databaseLead}: databases stop ${databaseLead} minutes later`);
    if (minutes(to) - minutes(from) < shortest)
      fault("to", `at least ${shortest / 60} hours after from (${from}), on the same day`);
  });

export type ScheduleSettings = z.infer<typeof schedule>;

/** Whole hours of a month of 730 in which databases run, a little longer than nodes. */
export const awakeHours = ({ days, from, to }: ScheduleSettings): number =>
  Math.round((730 * days.length * (minutes(to) - minutes(from) + 2 * databaseLead)) / week);

/** A time of day, shifted by some minutes, as cron's hour and minute. */
export function shifted(time: string, by: number): { readonly hour: number; readonly minute: number } {
  const at = minutes(time) + by;
  return { hour: Math.floor(at / 60), minute: at % 60 };
}

/** Nights of the same length: the days on which they begin. */
export interface Nights {
  readonly days: readonly Weekday[];
  /** Minutes from `to` until `from` of the next day on which the environment runs. */
  readonly length: number;
}

/** The times in which the environment is stopped, by their length: without weekends, Friday's is longer. */
export function nights({ days, from, to }: ScheduleSettings): Nights[] {
  const order = [...days].sort((one, other) => weekdays.indexOf(one) - weekdays.indexOf(other));
  const byLength = new Map<number, Weekday[]>();
  order.forEach((each, index) => {
    const next = order[(index + 1) % order.length] ?? each;
    // A whole week, if it is the only day.
    const apart = ((weekdays.indexOf(next) - weekdays.indexOf(each) + 6) % 7) + 1;
    const length = apart * day - (minutes(to) - minutes(from));
    byLength.set(length, [...(byLength.get(length) ?? []), each]);
  });
  return [...byLength].map(([length, some]) => ({ days: some, length }));
}

/** Offsets of a time zone from UTC in minutes, in winter and summer. */
const offsets = (timeZone: string): number[] =>
  ["2026-01-15T00:00:00Z", "2026-07-15T00:00:00Z"].map((instant) => {
    const date = new Date(instant);
    const local = new Date(date.toLocaleString("en-US", { timeZone }));
    return Math.round(
      (local.getTime() - new Date(date.toLocaleString("en-US", { timeZone: "UTC" })).getTime()) / 60_000,
    );
  });

/**
 * Whether a window of RDS, in UTC, is within the hours in which the environment runs: a daily one (`16:00-17:00`) on
 * each of its days, a weekly one (`sun:18:00-sun:19:00`) on its day; in winter and summer.
 */
export function runsDuring({ days, from, to, timeZone }: ScheduleSettings, window: string): boolean {
  const [start = "", end = ""] = window.split("-");
  const at = (text: string) =>
    text.length > 5
      ? weekdays.indexOf(text.slice(0, 3) as Weekday) * day + minutes(text.slice(4))
      : minutes(text);
  const circle = start.length > 5 ? week : day;
  const length = (at(end) - at(start) + circle) % circle;
  return offsets(timeZone).every((offset) => {
    const local = (at(start) + offset + circle) % circle;
    const weekday = weekdays[Math.floor(local / day)];
    const time = local % day;
    return (
      time >= minutes(from) &&
      time + length <= minutes(to) &&
      (circle === day || (weekday !== undefined && days.includes(weekday)))
    );
  });
}
