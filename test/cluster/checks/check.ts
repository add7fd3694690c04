import type { Cluster } from "../cluster";
import type { Applied } from "../apply";
import type { StackFacts } from "../facts";
import type { Patience } from "../settle";
import type { KubeObject } from "../types";

/** Something that is wrong, with the server's message where there is one. */
export interface Finding {
  object: string;
  message: string;
}

export interface Outcome {
  findings: Finding[];
  /** How many things were looked at: a check that saw nothing proves nothing. */
  examined: number;
  /** What the reader should know besides. */
  notes?: string[];
}

/** What the checks work on: one stack's objects, on a server that has them all. */
export interface Context {
  cluster: Cluster;
  /** As the preview wrote them. */
  objects: readonly KubeObject[];
  /** What the first apply brought. */
  applied: readonly Applied[];
  /** What the preview says besides. */
  facts: StackFacts;
  patience?: Patience;
}

export interface Check {
  /** In reports and JUnit. */
  name: string;
  run(context: Context): Promise<Outcome>;
}
