import { spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { dumpFiles, restoreFiles } from "../../../components/jobs/dump-scripts";
import type { Server } from "../../functions/rotation/server";

/**
 * The AWS CLI as far as the scripts use it: a folder is the bucket, and metrics are lines of a file. Listings are in the
 * order of the keys, begin after `--start-after`, and have the columns that the query names.
 */
const aws = `#!/usr/bin/env bash
set -euo pipefail
case "$1 $2" in
  "s3api list-objects-v2")
    cd "$S3/$4"
    [ "$5 $7 $9 \${11} \${12}" = "--prefix --start-after --query --output text" ]
    found=$(find "\${6%/}" -type f 2> /dev/null | sort | while read -r key; do
      if [[ $key > $8 ]]; then
        if [ "\${10}" = 'Contents[].[Key,Size]' ]; then printf '%s\\t%s\\n' "$key" "$(stat -c %s "$key")"; else echo "$key"; fi
      fi
    done)
    echo "\${found:-None}" ;;
  "s3 cp")
    from=$3 to=$4
    if [[ $from == s3://* ]]; then cp "$S3/\${from#s3://}" "$to"; exit; fi
    mkdir -p "$(dirname "$S3/\${to#s3://}")"
    if [ "$from" = - ]; then
      [ "$5" = --expected-size ] && [ "$6" -gt 0 ]
      cat > "$S3/\${to#s3://}"
    else cp "$from" "$S3/\${to#s3://}"; fi ;;
  "cloudwatch put-metric-data") echo "$4 $6 $8 \${12}" >> "$S3/metrics" ;;
  *) echo "unknown: $*" >&2; exit 1 ;;
esac
`;

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** A bucket, and pods that run the scripts of the dump and of the restore against a server. */
export class DumpLab {
  readonly folder = mkdtempSync(join(tmpdir(), "plinth-dump-"));
  private pods = 0;

  constructor(private readonly server: Server) {
    const { uid } = server.as;
    for (const name of ["job", "bin", "s3", "s3/backups"]) mkdirSync(join(this.folder, name));
    for (const [name, text] of Object.entries({ ...dumpFiles, ...restoreFiles }))
      writeFileSync(join(this.folder, "job", name), text);
    writeFileSync(join(this.folder, "bin", "aws"), aws);
    chmodSync(join(this.folder, "bin", "aws"), 0o755);
    if (uid !== undefined)
      for (const each of ["", "s3", "s3/backups"]) chownSync(join(this.folder, each), uid, uid);
  }

  /** What the dump's two containers end with. */
  async dump(login: { user: string; password: string }): Promise<Outcome[]> {
    const pod = this.pod();
    return Promise.all([
      this.run("dump.sh", pod, this.server.environment(login)),
      this.run("upload.sh", pod),
    ]);
  }

  /** What the restore's containers end with, up to the first that fails. */
  async restore(): Promise<Outcome> {
    const pod = this.pod();
    let last: Outcome = { code: 0, output: "" };
    for (const script of ["fetch.sh", "restore.sh", "report.sh"] as const) {
      last = await this.run(script, pod);
      if (last.code !== 0) break;
    }
    return last;
  }

  /** Keys of the bucket, in order. */
  get keys(): string[] {
    return readdirSync(join(this.folder, "s3", "backups"), { recursive: true })
      .map(String)
      .filter((name) => /\.(dump|json)$/.test(name))
      .sort();
  }

  path(key: string): string {
    return join(this.folder, "s3", "backups", key);
  }

  get metrics(): string[] {
    return readFileSync(join(this.folder, "s3", "metrics"), "utf8")
      .trim()
      .split("\n");
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private pod(): string {
    const pod = join(this.folder, `pod-${(this.pods += 1)}`);
    mkdirSync(pod);
    const { uid } = this.server.as;
    if (uid !== undefined) chownSync(pod, uid, uid);
    return pod;
  }

  private run(
    script: keyof typeof dumpFiles | keyof typeof restoreFiles,
    pod: string,
    more = {},
  ): Promise<Outcome> {
    const job = join(this.folder, "job");
    const child = spawn("bash", [join(job, script)], {
      ...this.server.as,
      cwd: pod,
      env: {
        ...more,
        PATH: [join(this.folder, "bin"), this.server.bin, process.env.PATH].join(delimiter),
        S3: join(this.folder, "s3"),
        JOB: job,
        EXCHANGE: pod,
        DISK: pod,
        HOME: pod,
        BUCKET: "backups",
        PREFIX: "dumps/postgres",
        DATABASE: "ams",
        METRICS: "Plinth/Backups",
        DIMENSIONS: "System=ams",
      },
    });
    let output = "";
    child.stdout.on("data", (text: Buffer) => (output += text.toString()));
    child.stderr.on("data", (text: Buffer) => (output += text.toString()));
    return new Promise((resolve) => child.on("close", (code) => resolve({ code: code ?? 1, output })));
  }
}
