import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import type { WireObject } from "./wire";

type Plain = Parameters<typeof Struct.fromJavaScript>[0];

const convert = Struct.fromJavaScript.bind(Struct);

/** An object as the message that it is on the wire. */
export const toStruct = (object: WireObject): Struct => convert(object as Plain);

/** An object that only looks like that message: for who takes it apart again at once, in this process. */
export const plainStruct = (object: Plain): Struct =>
  Object.assign(new Struct(), { toJavaScript: () => object });

/**
 * Lets the SDK's requests keep their objects as they are, until the returned function is called. The recorder reads
 * the objects back at once: to build a message of each and take it apart again is a tenth of a preview's time.
 */
export function keepPlainObjects(): () => void {
  Struct.fromJavaScript = plainStruct;
  return () => {
    Struct.fromJavaScript = convert;
  };
}
