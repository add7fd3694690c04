import { z } from "zod";
import { pattern } from "./values";

/** Maintenance and backup windows of databases, in UTC, in RDS' format. */

const clock = "([01]\\d|2[0-3]):([0-5]\\d)";
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const day = 24 * 60;
const week = 7 * day;

/** RDS' minimum window, in minutes. */
const shortest = 30;

/** A window in minutes from the start of the week (weekly) or the day (daily). */
interface Span {
  readonly start: number;
  readonly length: number;
}

function minutes(end: string): number {
  const [, weekday, hours, rest] = /^(?:(\w{3}):)?(\d{2}):(\d{2})$/.exec(end) ?? [];
  return (weekday === undefined ? 0 : weekdays.indexOf(weekday) * day) + Number(hours) * 60 + Number(rest);
}

/** A window may extend past midnight, or past the end of the week. */
function span(window: string, circle: number): Span {
  const [from = "", to = ""] = window.split("-");
  return { start: minutes(from), length: (minutes(to) - minutes(from) + circle) % circle };
}

/** Whether two weekly spans share a minute. */
const meet = (one: Span, other: Span): boolean =>
  (other.start - one.start + week) % week < one.length ||
  (one.start - other.start + week) % week < other.length;

/** Whether a daily window overlaps a weekly one on any day. */
export const windowsMeet = (daily: string, weekly: string): boolean =>
  weekdays.some((_, index) => {
    const { start, length } = span(daily, day);
    return meet({ start: start + index * day, length }, span(weekly, week));
  });

/**
 * Hours by which the weekly and the monthly recovery points start later: RDS takes one snapshot of an instance at a
 * time.
 */
export const laterHours = { weekly: 2, monthly: 4 } as const;

/**
 * Minutes within which AWS Backup starts a job, and before maintenance in which RDS rejects one. Source: AWS Backup,
 * backup plans.
 */
const hour = 60;

/**
 * Whether a job that starts in the hour `start`, on any day or on one, may overlap a maintenance window or the hour
 * before.
 */
export function startsInMaintenance(start: number, maintenance: string, weekday?: string): boolean {
  const { start: from, length } = span(maintenance, week);
  const closed = { start: (from - hour + week) % week, length: length + hour };
  return weekdays.some(
    (each, index) =>
      (weekday === undefined || weekday === each) &&
      meet({ start: index * day + start * hour, length: hour }, closed),
  );
}

const long = (circle: number) => (window: string) => span(window, circle).length >= shortest;

/** A window of every day: `16:00-17:00`. */
const dailyWindow = pattern(
  new RegExp(`^${clock}-${clock}$`),
  'a window in UTC such as "16:00-17:00"',
).refine(long(day), { error: `a window of ${shortest} minutes or more` });

/** A window of one day in the week: `sun:18:00-sun:19:00`. */
const weeklyWindow = pattern(
  new RegExp(`^(${weekdays.join("|")}):${clock}-(${weekdays.join("|")}):${clock}$`),
  'a window in UTC such as "sun:18:00-sun:19:00"',
).refine(long(week), { error: `a window of ${shortest} minutes or more` });

/**
 * Night in the environments' region (ap-northeast-2, UTC+9), backups before maintenance, so there is a fresh one when
 * an upgrade fails.
 */
export const nightly = {
  /** 01:00 to 02:00 in Seoul, daily. */
  backup: "16:00-17:00",
  /** Monday 03:00 to 04:00 in Seoul. */
  maintenance: "sun:18:00-sun:19:00",
  /** The day before, since a replica must not run an older minor version than its primary. */
  replicaMaintenance: "sat:18:00-sat:19:00",
} as const;

/** Windows for backups, and for maintenance of the primary and of the replicas. */
export const windows = z
  .strictObject({
    backup: dailyWindow.default(nightly.backup),
    maintenance: weeklyWindow.default(nightly.maintenance),
    replicaMaintenance: weeklyWindow.default(nightly.replicaMaintenance),
  })
  .prefault({})
  .superRefine(({ backup, maintenance, replicaMaintenance }, context) => {
    const fault = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (windowsMeet(backup, maintenance))
      fault("maintenance", `a window that doesn't overlap the daily backup (${backup})`);
    if (meet(span(replicaMaintenance, week), span(maintenance, week)))
      fault("replicaMaintenance", `a window before maintenance (${maintenance})`);
  });
