import * as path from "node:path";
import { stackNames } from "../support/stack-files";
import { previewOffline } from "./offline";
import { abandoned, hashes, readRecord, recordCommand, renewed, writeRecord } from "./record";

/**
 * `npm run record [-- <stack> …]`: updates the records from the offline preview, without the CLI. Each resource that
 * differs from what the engine received is marked, until `npm run test:engine -- --record` confirms it.
 */
async function renew(project: string, stack: string): Promise<string> {
  const record = readRecord(project, stack);
  if (record === undefined) throw new Error(`no record of ${stack}: ${recordCommand(stack)}`);
  const { resources, plan } = await previewOffline(project, stack);
  const lost = abandoned(record.resources, resources);
  if (lost.length > 0)
    throw new Error(
      `${stack} would lose what it holds; give these an alias, or delete ${stack}'s record: ${lost.join(", ")}`,
    );
  const next = renewed(project, record, hashes(plan));
  writeRecord(project, next);
  const marked = next.offline?.length ?? 0;
  return `${stack}: ${Object.keys(next.resources).length} resources, ${marked} of them as the offline preview alone shows them`;
}

async function main(wanted: readonly string[]): Promise<void> {
  const project = path.join(__dirname, "../..");
  for (const stack of wanted.length > 0 ? wanted : stackNames(project))
    console.log(await renew(project, stack));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
