import { loadFoundation, stackFiles } from "../config";
import { foundation } from "./foundation";

/** One stack per account: the resources that exist before its first environment. */
export = () => foundation(loadFoundation(stackFiles()));
