import { arithmetic, recoveries, type RecoveryInputs } from "./recovery";

/** One line of the table that previews and docs/recovery.md show. */
export interface RecoveryRow {
  readonly failure: string;
  readonly rto: string;
  readonly rpo: string;
  readonly because: string;
}

/** What a system recovers to, failure by failure, in words. */
export const recoveryRows = (inputs: RecoveryInputs): RecoveryRow[] =>
  recoveries(inputs).map((recovery) => ({
    failure: recovery.failure,
    rto: arithmetic(recovery),
    rpo: recovery.rpoMinutes === undefined ? "all" : `${recovery.rpoMinutes} min`,
    because: recovery.because,
  }));
