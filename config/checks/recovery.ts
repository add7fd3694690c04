import type { Catalog } from "../../systems/spec";
import type { Fault } from "../reading/errors";
import { recoveries, type Recovery, type RecoveryInputs } from "../recovery/recovery";
import { arithmetic, rtoHours } from "../recovery/rows";
import type { SystemSettings } from "../systems";

type Settings = Partial<Omit<RecoveryInputs, "spec" | "settings">> & {
  readonly systems?: Readonly<Partial<Record<string, SystemSettings>>>;
};

const misses = (recovery: Recovery, objective: { rtoHours: number; rpoMinutes: number }): boolean =>
  (rtoHours(recovery) ?? Infinity) > objective.rtoHours ||
  (recovery.rpoMinutes ?? Infinity) > objective.rpoMinutes;

/**
 * Failures in which the system misses its objectives, and failures in `notCovered` in which it meets them. No fault is
 * reported while a setting that the calculation needs is itself refused.
 */
export function recoveryFaults(project: string, catalog: Catalog, given: Record<string, unknown>): Fault[] {
  const { systems, network, backups, disposable, standby } = given as Settings;
  if (systems === undefined || network === undefined || backups === undefined || disposable === undefined)
    return [];
  return Object.entries(systems).flatMap(([name, settings]) => {
    const spec = catalog[name];
    const objective = settings?.objectives?.recovery;
    if (settings === undefined || spec === undefined || objective === undefined) return [];
    const path = `${project}:systems.${name}.objectives.recovery`;
    const derived = recoveries({ spec, settings, network, backups, disposable, standby });
    const accepted = objective.notCovered;
    const over = derived
      .filter((recovery) => !accepted.includes(recovery.failure) && misses(recovery, objective))
      .map((recovery): Fault => ({
        path,
        found: `rtoHours ${objective.rtoHours}, rpoMinutes ${objective.rpoMinutes}`,
        expected: `what the settings give for ${recovery.failure}: RTO ${arithmetic(recovery)}, RPO ${
          recovery.rpoMinutes === undefined ? "all data" : `${recovery.rpoMinutes} min`
        } (${recovery.because})`,
        remedy: `change what it says, raise the objective, or add ${recovery.failure} to notCovered`,
      }));
    const needless = accepted
      .filter((failure) => !derived.some((one) => one.failure === failure && misses(one, objective)))
      .map((failure): Fault => ({
        path: `${path}.notCovered.${accepted.indexOf(failure)}`,
        found: failure,
        expected:
          "only failures that miss the objective: the settings cover this one, or it doesn't apply to the system",
        remedy: "remove it",
      }));
    return [...over, ...needless];
  });
}
