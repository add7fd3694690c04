import { statefulTypes } from "../../preview/difference/stateful";
import { typeOf } from "./providers/service";

export { statefulTypes };

/** Whether the resource with this URN holds what can't be made again. */
export const isStateful = (urn: string) => statefulTypes.has(typeOf(urn));
