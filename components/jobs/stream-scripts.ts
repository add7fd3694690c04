import { uploadSh } from "./upload-script";

/**
 * The scripts that back up JetStream's streams to S3 and restore them. They run in pods of `stream-backup.ts`, and in
 * the tests against a real NATS server. What is configurable is in environment variables; each script says which it
 * reads. The NATS CLI reads the address and the login of the servers from `NATS_*` by itself.
 */

/**
 * Takes a snapshot of each stream, with its consumers and configuration, into a directory of its name, and lists the
 * files with their checksums. Environment: `DISK`, `STREAMS`, `INBOX`.
 */
const backupSh = `set -eu
cd "$DISK"
mkdir backup
for stream in $STREAMS; do
  nats --inbox-prefix "$INBOX" stream backup "$stream" "backup/$stream" --check --no-progress
done
cd backup
sha256sum */* > ../SHA256SUMS
cat ../SHA256SUMS
`;

/**
 * Downloads the newest backup before a moment, and compares the checksums. Environment: `DISK`, `BUCKET`, `PREFIX`, and
 * `BEFORE` (such as `2026-05-01/093000`, UTC; empty: the newest of all).
 */
const fetchSh = `set -euo pipefail
cd "$DISK"
key=
while read -r each; do
  if [[ $each == */SHA256SUMS && ( -z $BEFORE || $each < $PREFIX/$BEFORE ) ]]; then key=\${each%/SHA256SUMS}; fi
done < <(aws s3api list-objects-v2 --bucket "$BUCKET" --prefix "$PREFIX/" --query 'Contents[].[Key]' --output text)
if [ -z "$key" ]; then echo "No backup before '$BEFORE' in $BUCKET/$PREFIX." >&2; exit 1; fi
aws s3 cp "s3://$BUCKET/$key/" backup --recursive --only-show-errors
cd backup
sha256sum --check SHA256SUMS
echo "$key"
`;

/**
 * Restores the given streams. If a stream exists and holds messages, the script fails and leaves it as it is; an empty
 * one, such as the controller creates to replace a deleted one, is deleted first. Environment: `DISK`, `INBOX`, and
 * `STREAMS`, which is set when the job is started.
 */
const restoreSh = `set -eu
cd "$DISK/backup"
if [ -z "$STREAMS" ]; then echo "Set STREAMS to the streams to restore, such as LOGS. The backup contains $(echo */)" >&2; exit 1; fi
for stream in $STREAMS; do
  if [ ! -d "$stream" ]; then echo "The backup has no stream $stream. It contains $(echo */)" >&2; exit 1; fi
  # Not \`nats stream info\`: if the stream doesn't exist, it lists all streams, which this login isn't allowed to do.
  state=$(nats --inbox-prefix "$INBOX" request --raw "\\$JS.API.STREAM.INFO.$stream" "")
  case $state in
    *'"err_code":10059'*) ;;
    *'"messages":0,'*) nats --inbox-prefix "$INBOX" stream rm "$stream" --force ;;
    *'"messages":'*)
      echo "Stream $stream exists and holds messages: delete it before you restore it." >&2
      exit 1 ;;
    *) echo "$state" >&2; exit 1 ;;
  esac
  nats --inbox-prefix "$INBOX" stream restore "$stream" --no-progress
done
`;

/** Files of the job that backs up. */
export const streamBackupFiles = { "backup.sh": backupSh, "upload.sh": uploadSh } as const;

/** Files of the job that restores. */
export const streamRestoreFiles = { "fetch.sh": fetchSh, "restore.sh": restoreSh } as const;
