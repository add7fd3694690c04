import type { KubeObject } from "../cluster/types";
import type { Operator } from "./assets";
import type { Scene } from "./scene";

/** Something that the real programs must do with what a stack renders. */
export interface Scenario {
  name: string;
  /** Programs without which it can't be played, and counts as skipped. */
  needs: readonly Operator[];
  /** It needs a cluster for itself, and runs only if it is asked for. */
  apart?: true;
  /** It begins with an empty cluster, and deploys by itself. */
  empty?: true;
  /** Throws if something isn't as it must be. @param spoilt with the fault that it must find */
  play: (scene: Scene, spoilt: boolean) => Promise<void>;
  /** A fault that it must find. */
  spoil: {
    what: string;
    /** Words of the failure: one for another reason doesn't count. */
    finds: RegExp;
    /** Changes what a stack rendered before it is applied. */
    objects: (objects: KubeObject[]) => void;
  };
}

/** How one went. */
export interface Played {
  name: string;
  seconds: number;
  /** Programs that are missing. */
  skipped?: readonly Operator[];
  failure?: string;
}
