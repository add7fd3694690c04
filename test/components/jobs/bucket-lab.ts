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

/**
 * The parts of the AWS CLI that the scripts use, with a folder as the bucket and a file for metrics. Listings are sorted
 * by key, begin after `--start-after`, and have the columns that the query names.
 */
const aws = `#!/usr/bin/env bash
set -euo pipefail
case "$1 $2" in
  "s3api list-objects-v2")
    cd "$S3/$4"
    [ "$5" = --prefix ]; prefix=\${6%/}; shift 6
    after=; if [ "$1" = --start-after ]; then after=$2; shift 2; fi
    [ "$1 $3 $4" = "--query --output text" ]
    found=$(find "$prefix" -type f 2> /dev/null | sort | while read -r key; do
      if [[ $key > $after ]]; then
        if [ "$2" = 'Contents[].[Key,Size]' ]; then printf '%s\\t%s\\n' "$key" "$(stat -c %s "$key")"; else echo "$key"; fi
      fi
    done)
    echo "\${found:-None}" ;;
  "s3 cp")
    from=$3 to=$4
    if [ "$5" = --recursive ]; then
      if [[ $from == s3://* ]]; then from=$S3/\${from#s3://}; else to=$S3/\${to#s3://}; fi
      mkdir -p "$to"
      cp -r "$from"/. "$to"
      exit
    fi
    if [[ $from == s3://* ]]; then cp "$S3/\${from#s3://}" "$to"; exit; fi
    mkdir -p "$(dirname "$S3/\${to#s3://}")"
    if [ "$from" = - ]; then
      [ "$5" = --expected-size ] && [ "$6" -gt 0 ]
      cat > "$S3/\${to#s3://}"
    else cp "$from" "$S3/\${to#s3://}"; fi ;;
  "cloudwatch put-metric-data") echo "$4 $6 $8 \${12}" >> "$S3/metrics" ;;
  "acm list-certificates") echo "{\"CertificateSummaryList\": [{\"DomainName\": \"$4\"}]}" ;;
  *) echo "unknown: $*" >&2; exit 1 ;;
esac
`;

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** User that runs the scripts, and the PATH of their programs. */
export interface Runner {
  readonly as: { readonly uid?: number; readonly gid?: number };
  readonly path: readonly string[];
}

/** A bucket, and pods that run the scripts of a backup and of its restore. */
export class BucketLab {
  readonly folder = mkdtempSync(join(tmpdir(), "plinth-backup-"));
  private pods = 0;

  constructor(
    files: Readonly<Record<string, string>>,
    private readonly runner: Runner,
    private readonly variables: Readonly<Record<string, string>>,
  ) {
    const { uid } = runner.as;
    for (const name of ["job", "bin", "s3", "s3/backups"]) mkdirSync(join(this.folder, name));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.folder, "job", name), text);
    writeFileSync(join(this.folder, "bin", "aws"), aws);
    chmodSync(join(this.folder, "bin", "aws"), 0o755);
    if (uid !== undefined)
      for (const each of ["", "s3", "s3/backups"]) chownSync(join(this.folder, each), uid, uid);
  }

  /** Results of the containers of one pod, one after the other, up to the first that fails. */
  async inTurn(scripts: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const pod = this.pod();
    let last: Outcome = { code: 0, output: "" };
    for (const script of scripts) {
      last = await this.run(script, pod, more);
      if (last.code !== 0) break;
    }
    return last;
  }

  /** Keys of the bucket, in order. */
  get keys(): string[] {
    const bucket = join(this.folder, "s3", "backups");
    return readdirSync(bucket, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(bucket.length + 1))
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

  /** The folder that the containers of a pod share. */
  pod(): string {
    const pod = join(this.folder, `pod-${(this.pods += 1)}`);
    mkdirSync(pod);
    const { uid } = this.runner.as;
    if (uid !== undefined) chownSync(pod, uid, uid);
    return pod;
  }

  run(script: string, pod: string, more: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const job = join(this.folder, "job");
    const child = spawn("bash", [join(job, script)], {
      ...this.runner.as,
      cwd: pod,
      env: {
        PATH: [join(this.folder, "bin"), ...this.runner.path, process.env.PATH].join(delimiter),
        S3: join(this.folder, "s3"),
        JOB: job,
        DISK: pod,
        HOME: pod,
        BUCKET: "backups",
        METRICS: "Plinth/Backups",
        ...this.variables,
        ...more,
      },
    });
    let output = "";
    child.stdout.on("data", (text: Buffer) => (output += text.toString()));
    child.stderr.on("data", (text: Buffer) => (output += text.toString()));
    return new Promise((resolve) => child.on("close", (code) => resolve({ code: code ?? 1, output })));
  }
}
