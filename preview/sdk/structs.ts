import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import type { WireObject } from "../wire";

type Plain = Parameters<typeof Struct.fromJavaScript>[0];

const convert = Struct.fromJavaScript.bind(Struct);

/** An object as a protobuf message. */
export const toStruct = (object: WireObject): Struct => convert(object as Plain);

/** An object with the interface of that message, for consumers in this process that convert it back at once. */
export const plainStruct = (object: Plain): Struct =>
  Object.assign(new Struct(), { toJavaScript: () => object });

/**
 * Makes the SDK's requests keep plain objects, until the returned function is called. The recorder would convert the
 * messages back at once: skipping both conversions saves a tenth of a preview's time.
 */
export function keepPlainObjects(): () => void {
  Struct.fromJavaScript = plainStruct;
  return () => {
    Struct.fromJavaScript = convert;
  };
}
