import type { Document } from "yaml";
import type { Step } from "./events";

/** A value that must appear in the inputs of an updated resource. */
export interface Shown {
  /** Types that it may appear in. */
  type: RegExp;
  /** Text, or a fragment of JSON with sorted keys. */
  text: string;
}

/** A change of a stack file, and its permitted consequences. */
export interface Change {
  name: string;
  /** Makes the change; returns what must appear. Undefined: the stack file has nothing that it could change. */
  edit: (document: Document) => Shown[] | undefined;
  /** The types of which at least one must be updated. Default: none must. */
  updates?: RegExp;
  /** How they are changed: types without updates are replaced. Default: updated. */
  op?: "update" | "create-replacement";
  /** Other steps that are part of such a change. */
  also?: (step: Step) => boolean;
  /** URNs of protected resources that the stack drops and that must still exist. Default: none. */
  lets?: RegExp;
}
