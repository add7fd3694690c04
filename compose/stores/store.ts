import type { StoreOutputs } from "../../components/base/store";
import type { Certified } from "../certificates";
import type { Condition, Parts } from "../model";

/** The local replacement of a store, and its outputs for the workloads that refer to it. */
export interface LocalStore {
  /** The same outputs as in the cloud: the program's own functions build the variables from them. */
  readonly outputs: StoreOutputs;
  /** Properties of the store's Secrets Manager entry in the cloud, as written in the file. */
  readonly properties: Readonly<Record<string, string>>;
  readonly parts: Partial<Parts>;
  /** Services that a workload with a reference to the store depends on. */
  readonly waits: Readonly<Record<string, Condition>>;
  /** Volumes of a workload with a reference to it. */
  readonly mounts?: readonly string[];
  /** Variables of a workload with a reference to it that replace what the cluster injects into pods. */
  readonly ambient?: Readonly<Record<string, string>>;
  /** Servers of the store that need a certificate. */
  readonly certified?: readonly Certified[];
}

type Composed = NonNullable<NonNullable<StoreOutputs["secret"]>["composed"]>;

/** Outputs of a store, without the parts that only exist in the cloud. */
export const outputs = (
  plain: StoreOutputs["plain"],
  more: { composed?: Composed; personal?: StoreOutputs["personal"] } = {},
): StoreOutputs => ({
  plain,
  ...(more.personal === undefined ? {} : { personal: more.personal }),
  secret: { entry: "", filledBy: [], composed: more.composed ?? {} },
  ready: [],
  destinations: [],
  grants: [],
});
