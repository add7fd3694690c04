import type { Cluster } from "../cluster";
import type { Applied } from "../apply";
import type { StackFacts } from "../facts";
import type { Patience } from "../settle";
import type { KubeObject } from "../types";

/** A fault, with the server's message if there is one. */
export interface Finding {
  object: string;
  message: string;
}

export interface Outcome {
  findings: Finding[];
  /** Number of examined items: a check that examined nothing proves nothing. */
  examined: number;
  /** Further information for the reader. */
  notes?: string[];
}

/** Input of the checks: one stack's objects, on a server to which they were applied. */
export interface Context {
  cluster: Cluster;
  /** As written by the preview. */
  objects: readonly KubeObject[];
  /** Results of the first apply. */
  applied: readonly Applied[];
  /** Further facts from the preview. */
  facts: StackFacts;
  patience?: Patience;
}

export interface Check {
  /** Name in reports and JUnit. */
  name: string;
  run(context: Context): Promise<Outcome>;
}
