import type { KubeObject } from "../cluster/types";
import type { Operator } from "./assets";
import type { Scene } from "./scene";

/** Expected behaviour of the real programs with what a stack renders. */
export interface Scenario {
  name: string;
  /** Required programs: if one is missing, the scenario counts as skipped. */
  needs: readonly Operator[];
  /** It needs its own cluster, and runs only if requested. */
  apart?: true;
  /** It starts with an empty cluster and deploys itself. */
  empty?: true;
  /** Throws if something is wrong. @param spoilt whether it runs with the fault that it must find */
  play: (scene: Scene, spoilt: boolean) => Promise<void>;
  /** A fault that it must find. */
  spoil: {
    what: string;
    /** Message of the failure: a failure for another reason doesn't count. */
    finds: RegExp;
    /** Modifies rendered objects before they are applied. */
    objects: (objects: KubeObject[]) => void;
  };
}

/** Result of one scenario. */
export interface Played {
  name: string;
  seconds: number;
  /** Missing programs. */
  skipped?: readonly Operator[];
  failure?: string;
}
