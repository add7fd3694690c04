import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A file that the report's page contains. This module is in the folder of the preview's bundle, so both find it. */
export const asset = (name: string): string => readFileSync(join(__dirname, "report", "page", name), "utf8");
