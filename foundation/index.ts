import { loadFoundation, stackFiles } from "../config";
import { foundation } from "./foundation";

/** One stack, one account: what is there before its first environment. */
export = () => foundation(loadFoundation(stackFiles()));
