import { DeleteDBSnapshotCommand, DescribeDBSnapshotsCommand, RDSClient } from "@aws-sdk/client-rds";
import type { Snapshot } from "./expired";
import type { Snapshots } from "./prune";

/** RDS in the function's region. */
export function rds(): Snapshots {
  const client = new RDSClient({});
  return {
    async list(instance) {
      const found: Snapshot[] = [];
      for (let Marker: string | undefined, more = true; more; more = Marker !== undefined) {
        const which = { DBInstanceIdentifier: instance, SnapshotType: "manual", Marker };
        const page = await client.send(new DescribeDBSnapshotsCommand(which));
        found.push(...(page.DBSnapshots ?? []));
        Marker = page.Marker;
      }
      return found;
    },
    async remove(id) {
      await client.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id }));
    },
  };
}
