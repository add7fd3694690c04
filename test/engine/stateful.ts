import { statefulTypes } from "../../preview/difference/stateful";
import { typeOf } from "./providers/service";

export { statefulTypes };

/** Whether the resource with this URN holds data that can't be recreated. */
export const isStateful = (urn: string) => statefulTypes.has(typeOf(urn));
