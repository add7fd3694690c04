import { recoveries, type Recovery, type RecoveryInputs } from "./recovery";

/** Hours of a recovery; undefined: there is none. */
export const rtoHours = ({ steps }: Recovery): number | undefined =>
  steps?.reduce((sum, step) => sum + step.hours, 0);

/** At most two decimal places. */
const figure = (value: number) => String(Number(value.toFixed(2)));

/** The recovery time as a sum, such as `3 h = 0.5 decide + 2 restore + 0.5 switch over`. */
export function arithmetic(recovery: Recovery): string {
  const { steps } = recovery;
  if (steps === undefined) return "no recovery";
  const parts = steps.map((step) => `${figure(step.hours)} ${step.what}`);
  return `${figure(rtoHours(recovery) ?? 0)} h = ${parts.join(" + ")}`;
}

/** One line of the table that previews and docs/recovery.md show. */
export interface RecoveryRow {
  readonly failure: string;
  readonly rto: string;
  readonly rpo: string;
  readonly because: string;
}

/** A row per failure of a system. */
export const recoveryRows = (inputs: RecoveryInputs): RecoveryRow[] =>
  recoveries(inputs).map((recovery) => ({
    failure: recovery.failure,
    rto: arithmetic(recovery),
    rpo: recovery.rpoMinutes === undefined ? "all" : `${recovery.rpoMinutes} min`,
    because: recovery.because,
  }));
