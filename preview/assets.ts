import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A file that the report's page contains. This module stands where the preview's bundle does, so that both find it. */
export const asset = (name: string): string => readFileSync(join(__dirname, "report", "page", name), "utf8");
