import data from "./service-models.json";

/** A shape of a service model: the parts that restrict values. */
export interface ModelShape {
  readonly type: string;
  /** Structures: the shape of each member. */
  readonly members?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  /** Lists: the shape of an item. */
  readonly item?: string;
  /** Maps: the shapes of keys and values. */
  readonly key?: string;
  readonly value?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** Bounds of a number's value, a text's length, or a list's or map's size. */
  readonly min?: number;
  readonly max?: number;
}

export interface ServiceModel {
  /** Path of the model in botocore's data. */
  readonly source: string;
  /** The shape of each operation's input. */
  readonly operations: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

/** AWS' service models of the calls that the stacks make; see `derive.ts`. */
export const serviceModels = data.services as unknown as Readonly<Record<string, ServiceModel>>;

/** The release of botocore that contains the models. */
export const botocoreVersion: string = data.botocore;

export function shapeOf(service: string, shape: string): ModelShape {
  const found = serviceModels[service]?.shapes[shape];
  if (found === undefined) throw new Error(`${service}: the models have no shape ${shape}`);
  return found;
}

/** Shape of an operation's input. */
export function inputOf(service: string, operation: string): string {
  const found = serviceModels[service]?.operations[operation];
  if (found === undefined)
    throw new Error(
      `${service} ${operation}: not among the service models; run test/engine/providers/models/derive.ts`,
    );
  return found;
}
