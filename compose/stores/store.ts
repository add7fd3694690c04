import type { StoreOutputs } from "../../components/base/store";
import type { Certified } from "../certificates";
import type { Condition, Parts } from "../model";

/** What stands for a store on this machine, and what it gives to the workloads that refer to it. */
export interface LocalStore {
  /** The same as the store gives in the cloud: the program's own functions put the variables together from it. */
  readonly outputs: StoreOutputs;
  /** Properties of what is the store's entry in Secrets Manager in the cloud, as they stand in the file. */
  readonly properties: Readonly<Record<string, string>>;
  readonly parts: Partial<Parts>;
  /** What a workload that refers to the store waits for, by service. */
  readonly waits: Readonly<Record<string, Condition>>;
  /** Volumes of a workload that refers to it. */
  readonly mounts?: readonly string[];
  /** Variables of a workload that refers to it, in place of what the cluster gives its pods by itself. */
  readonly ambient?: Readonly<Record<string, string>>;
  /** Servers of the store that have a certificate. */
  readonly certified?: readonly Certified[];
}

type Composed = NonNullable<NonNullable<StoreOutputs["secret"]>["composed"]>;

/** Outputs of a store without the parts that only a cloud has. */
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
