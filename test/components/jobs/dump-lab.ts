import { dumpFiles, restoreFiles } from "../../../components/jobs/dump-scripts";
import type { Server } from "../../functions/rotation/server";
import { BucketLab, type Outcome } from "./bucket-lab";

/** A bucket, and pods that run the scripts of the dump and of the restore against a server. */
export class DumpLab extends BucketLab {
  constructor(private readonly server: Server) {
    super(
      { ...dumpFiles, ...restoreFiles },
      { as: server.as, path: [server.bin] },
      { PREFIX: "dumps/postgres", DATABASE: "ams", DIMENSIONS: "System=ams" },
    );
  }

  /** Results of the dump's two containers. */
  async dump(login: { user: string; password: string }): Promise<Outcome[]> {
    const pod = this.pod();
    return Promise.all([
      this.run("dump.sh", pod, { ...this.server.environment(login), EXCHANGE: pod }),
      this.run("upload.sh", pod, { EXCHANGE: pod }),
    ]);
  }

  /** Results of the restore's containers, up to the first that fails. */
  restore(): Promise<Outcome> {
    return this.inTurn(["fetch.sh", "restore.sh", "report.sh"]);
  }
}
