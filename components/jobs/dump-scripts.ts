/**
 * The scripts that dump a database to S3 and test a dump by restoring it. They run in pods of `dump.ts`, and in the
 * tests against a real PostgreSQL. What is configurable is in environment variables; each script says which it reads.
 */

/**
 * psql: one line of JSON with the content of a database: rows by table, valid constraints by type, indexes, and digests
 * of the tables in which Prisma and Alembic keep a schema's revisions. It must be the same for the source and for the
 * restored database, on a newer major version too. So it leaves out members of extensions, and NOT NULL constraints,
 * which are in pg_constraint from PostgreSQL 18 on.
 */
const contentSql = `SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
WITH own AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), tables AS (
  SELECT relation.oid, nspname, relname FROM pg_class AS relation JOIN own ON own.oid = relnamespace
  WHERE relkind = 'r' AND NOT EXISTS (SELECT FROM pg_depend AS part
    WHERE part.classid = 'pg_class'::regclass AND part.objid = relation.oid AND part.deptype = 'e')
), counted AS (
  SELECT nspname || '.' || relname AS name, relname, nspname, (xpath('/row/value/text()', query_to_xml(
    format('SELECT count(*) AS value FROM %I.%I', nspname, relname), false, true, '')))[1]::text::bigint AS count
  FROM tables
), revisions AS (
  SELECT name, (xpath('/row/value/text()', query_to_xml(
    format('SELECT md5(string_agg(each::text, chr(10) ORDER BY each::text)) AS value FROM %I.%I AS each', nspname, relname),
    false, true, '')))[1]::text AS digest
  FROM counted WHERE relname IN ('_prisma_migrations', 'alembic_version')
), constraints AS (
  SELECT contype::text AS type, count(*) AS count FROM pg_constraint JOIN own ON own.oid = connamespace
  WHERE convalidated AND conparentid = 0 AND contype IN ('p', 'u', 'f', 'c', 'x') GROUP BY contype
)
SELECT jsonb_build_object(
  'rows', (SELECT coalesce(jsonb_object_agg(name, count), '{}') FROM counted),
  'revisions', (SELECT coalesce(jsonb_object_agg(name, digest), '{}') FROM revisions),
  'constraints', (SELECT coalesce(jsonb_object_agg(type, count), '{}') FROM constraints),
  'indexes', (SELECT count(*) FROM pg_index JOIN tables ON tables.oid = indrelid WHERE indisvalid)
);
`;

/**
 * psql: counts and dumps in one transaction, so that the manifest describes exactly this dump. pg_dump reads the
 * snapshot that psql exports and holds; a standby can export one too.
 */
const dumpSql = `\\set ON_ERROR_STOP on
\\pset format unaligned
\\pset tuples_only on
-- The transaction is idle for as long as pg_dump runs.
SET idle_in_transaction_session_timeout = 0;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \\gset
\\setenv SNAPSHOT :snapshot
\\o estimate
SELECT pg_database_size(current_database());
\\o server
SHOW server_version;
\\o content
${contentSql}\\o
\\! bash "$JOB/stream.sh"
COMMIT;
`;

/**
 * Streams the dump through one named pipe to the uploader and through another to `wc`: none of it is written to a disk.
 * The uploader waits for the first pipe, so the pipe is created when the dump starts and not before.
 */
const streamSh = `set -o pipefail
mkfifo copy dump
wc -c < copy > bytes &
pg_dump --format=custom --no-password --lock-wait-timeout=60s --snapshot="$SNAPSHOT" | tee copy dump | sha256sum > digest
echo $? > streamed
wait
`;

/** Dumps the database of libpq's variables. Environment: \`JOB\` (these files), \`EXCHANGE\` (a directory that is shared). */
const dumpSh = `set -euo pipefail
cd "$EXCHANGE"
trap 'echo $? > ended.new && mv ended.new ended' EXIT
psql --no-psqlrc --quiet --file "$JOB/dump.sql"
[ "$(cat streamed)" = 0 ]
`;

/**
 * Uploads what the dump streams, and its manifest once the dump has succeeded: a dump without a manifest doesn't count.
 * Then publishes its size in percent of the previous dump, which the alarms read; a first dump counts as 100.
 *
 * Environment: \`EXCHANGE\`, \`BUCKET\`, \`PREFIX\` (of the keys), \`DATABASE\`, \`METRICS\` (a namespace), \`DIMENSIONS\`.
 */
const uploadSh = `set -euo pipefail
cd "$EXCHANGE"
until [ -p dump ]; do
  if [ -e ended ]; then echo "pg_dump failed before it wrote data: see the log of the container dump." >&2; exit 1; fi
  sleep 1
done
last=0 size=0
# Keys start with the date, so the list contains the dumps of the last eight days, in order.
while read -r key bytes; do
  case $key in
    *.dump) size=$bytes ;;
    *.json) last=$size ;;
  esac
done < <(aws s3api list-objects-v2 --bucket "$BUCKET" --prefix "$PREFIX/" \\
  --start-after "$PREFIX/$(date -u -d '8 days ago' +%Y-%m-%d)" --query 'Contents[].[Key,Size]' --output text)
key="$PREFIX/$(date -u +%Y-%m-%d)/$DATABASE-$(date -u +%H%M%S)"
aws s3 cp - "s3://$BUCKET/$key.dump" --expected-size "$(cat estimate)" --only-show-errors < dump
until [ -e ended ]; do sleep 1; done
if [ "$(cat ended)" != 0 ]; then echo "The dump failed, so $key.dump gets no manifest." >&2; exit 1; fi
bytes=$(tr -d ' ' < bytes)
cat > manifest <<END
{
"dump": "$key.dump",
"bytes": $bytes,
"sha256": "$(cut -d ' ' -f 1 digest)",
"server": "$(cat server)",
"content": $(cat content)
}
END
aws s3 cp manifest "s3://$BUCKET/$key.json" --content-type application/json --only-show-errors
percent=100
if [ "$last" -gt 0 ]; then percent=$((bytes * 100 / last)); fi
aws cloudwatch put-metric-data --namespace "$METRICS" --metric-name DumpPercentOfLast --value "$percent" \\
  --unit Percent --dimensions "$DIMENSIONS"
echo "$key.dump: $bytes bytes, $percent % of the previous dump's size"
`;

/**
 * Downloads the newest dump that has a manifest and compares its size and checksum. Environment: \`DISK\`, \`BUCKET\`,
 * \`PREFIX\`.
 */
const fetchSh = `set -euo pipefail
cd "$DISK"
key=
while read -r each; do
  case $each in *.json) key=$each ;; esac
done < <(aws s3api list-objects-v2 --bucket "$BUCKET" --prefix "$PREFIX/" \\
  --start-after "$PREFIX/$(date -u -d '8 days ago' +%Y-%m-%d)" --query 'Contents[].[Key]' --output text)
if [ -z "$key" ]; then echo "No dump of the last eight days has a manifest in $BUCKET/$PREFIX." >&2; exit 1; fi
aws s3 cp "s3://$BUCKET/$key" manifest --only-show-errors
aws s3 cp "s3://$BUCKET/\${key%.json}.dump" dump --only-show-errors
sed -n 's/^"sha256": "\\(.*\\)",$/\\1  dump/p' manifest > expected
sha256sum --check expected
`;

/**
 * Restores the dump into a temporary server on the pod's disk, and compares its content with the manifest. PostgreSQL
 * itself checks primary and foreign keys, which it adds after the data. Environment: \`DISK\`, \`JOB\`.
 *
 * The server has no pgaudit, which the roles' job creates in a database of RDS; pg_stat_statements is part of the image.
 */
const restoreSh = `set -euo pipefail
cd "$DISK"
export PGHOST="$DISK" PGUSER=scratch PGDATABASE=postgres
initdb --pgdata data --username scratch --auth trust --encoding UTF8 --locale C --no-sync > /dev/null
trap 'pg_ctl --pgdata data --mode immediate stop > /dev/null' EXIT
if ! pg_ctl --pgdata data --wait --log log start \\
  --options "-c listen_addresses= -c unix_socket_directories=$DISK -c fsync=off -c max_wal_size=4GB" > /dev/null; then
  cat log >&2
  exit 1
fi
psql --no-psqlrc --quiet --command 'CREATE DATABASE restored'
export PGDATABASE=restored
pg_restore --list dump | sed '/ EXTENSION - pgaudit/d; / COMMENT - EXTENSION pgaudit/d' > list
pg_restore --dbname restored --use-list list --no-owner --no-privileges --exit-on-error dump
psql --no-psqlrc --quiet --tuples-only --no-align --file "$JOB/content.sql" > content
sed -n 's/^"content": //p' manifest > expected
if ! cmp -s content expected; then
  echo "The content of the restored database differs from the manifest. Expected:" >&2
  cat expected >&2
  echo "Found:" >&2
  cat content >&2
  exit 1
fi
echo "Restored: $(cat content)"
`;

/** Reports that the newest dump was restored and compared. Environment: \`METRICS\`, \`DIMENSIONS\`. */
const reportSh = `set -euo pipefail
aws cloudwatch put-metric-data --namespace "$METRICS" --metric-name DumpRestored --value 1 \\
  --unit Count --dimensions "$DIMENSIONS"
`;

/** Files of the job that dumps. */
export const dumpFiles = {
  "dump.sh": dumpSh,
  "dump.sql": dumpSql,
  "stream.sh": streamSh,
  "upload.sh": uploadSh,
} as const;

/** Files of the job that restores. */
export const restoreFiles = {
  "content.sql": contentSql,
  "fetch.sh": fetchSh,
  "report.sh": reportSh,
  "restore.sh": restoreSh,
} as const;
