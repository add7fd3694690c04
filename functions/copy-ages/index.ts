import { behind, copyAges, readDatabases, type CopyAge } from "./ages";
import { copies, publish } from "./aws";

/** Handler, which a schedule invokes. It logs and returns how far the replicated backups are behind. */
export async function handler(): Promise<CopyAge[]> {
  const { DATABASES, NAMESPACE = "", ENVIRONMENT = "" } = process.env;
  const ages = copyAges(readDatabases(DATABASES), await copies(), new Date());
  process.stdout.write(`${JSON.stringify(ages)}\n`);
  await publish(NAMESPACE, ENVIRONMENT, behind(ages));
  return ages;
}
