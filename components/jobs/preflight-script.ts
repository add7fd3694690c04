/**
 * Seconds for which a failed login is retried. A new RDS Proxy takes minutes until it serves its database and logins;
 * Pulumi's resource is complete as soon as the database is registered. Source: RDS user guide, RDS Proxy, target health
 * (`REGISTERING`, `PENDING_PROXY_CAPACITY`).
 */
export const loginSeconds = 600;
/** Seconds between two retries. */
const pauseSeconds = 10;

/**
 * The shell script that waits until psql can log in, then runs the checks in the given file. The job retries failed
 * checks.
 */
export const loginScript = `set -u
end=$(($(date +%s) + ${loginSeconds}))
until output=$(psql --no-psqlrc --quiet --command 'SELECT 1' 2>&1); do
  if [ "$(date +%s)" -ge "$end" ]; then
    echo "Login to $PGHOST as $PGUSER failed for ${loginSeconds / 60} minutes, so no check ran. Last error: $output"
    exit 1
  fi
  echo "Login failed, retrying in ${pauseSeconds} seconds (a new RDS Proxy takes minutes to become available): $output"
  sleep ${pauseSeconds}
done
exec psql --no-psqlrc --quiet --file "$1"
`;

/** Connections that must be free: the migration's, and a few spare ones. */
const freeConnections = 5;
/** Minutes after which a transaction counts as abandoned: a migration would wait for it, and block all clients. */
const longMinutes = 10;
/** Seconds after which a session that waits for a lock counts as stuck. */
const stuckSeconds = 30;

/**
 * The psql script that checks whether a database can be migrated now, with the workloads' login. It changes nothing and
 * reports all faults at once. `loginScript` has already tested the login over verified TLS.
 *
 * It runs as the login and not as the owner, whose role each session assumes: only the login may see all sessions,
 * including the other login's (`roles-script.ts`).
 */
export const preflightScript = `\\set ON_ERROR_STOP on
SET statement_timeout = '30s';
SELECT has_schema_privilege('public', 'CREATE') AS creates \\gset
SET ROLE NONE;
SET preflight.creates = :'creates';
DO $preflight$
DECLARE
  wrong text[] := '{}';
  free int := current_setting('max_connections')::int
    - (SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL)
    - current_setting('superuser_reserved_connections')::int;
  found text;
BEGIN
  IF pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean THEN
    wrong := wrong || 'the database is a replica, or read-only'::text;
  END IF;
  IF NOT current_setting('preflight.creates')::boolean THEN
    wrong := wrong || 'the login lacks CREATE on the schema "public"'::text;
  END IF;
  IF free < ${freeConnections} THEN
    wrong := wrong || format('%s connections are free, ${freeConnections} are needed', free);
  END IF;

  SELECT string_agg(format('%s since %s', pid, xact_start), ', ') INTO found FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND xact_start < now() - interval '${longMinutes} minutes';
  IF found IS NOT NULL THEN
    wrong := wrong || format('transactions have been open for more than ${longMinutes} minutes (pid %s)', found);
  END IF;

  SELECT string_agg(gid, ', ') INTO found FROM pg_prepared_xacts WHERE database = current_database();
  IF found IS NOT NULL THEN
    wrong := wrong || format('prepared transactions were never committed or rolled back (%s)', found);
  END IF;

  SELECT string_agg(DISTINCT pid::text, ', ') INTO found FROM pg_locks
  WHERE NOT granted AND waitstart < now() - interval '${stuckSeconds} seconds';
  IF found IS NOT NULL THEN
    wrong := wrong || format('sessions have waited for a lock for more than ${stuckSeconds} seconds (pid %s)', found);
  END IF;

  SELECT string_agg(indexrelid::regclass::text, ', ') INTO found FROM pg_index WHERE NOT indisvalid;
  IF found IS NOT NULL THEN
    wrong := wrong || format('indexes are invalid, drop or recreate them (%s)', found);
  END IF;

  IF wrong <> '{}' THEN
    RAISE EXCEPTION 'The database can''t be migrated now: %', array_to_string(wrong, '; ');
  END IF;
END
$preflight$;
`;
