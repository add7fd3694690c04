/**
 * Makes the owner the owner of objects that other roles own, such as the tables of an imported database, which it
 * couldn't migrate otherwise. Extensions and their objects keep their owner, and so do the server's own objects. If any
 * object can't be reassigned, the script reports all of them and fails: otherwise the workloads would fail later, one
 * by one.
 */
const handOver = `SET handover.owner = :'owner';
DO $handover$
DECLARE
  owner text := current_setting('handover.owner');
  item record;
  foreigner boolean;
  stuck text[] := '{}';
BEGIN
  FOR item IN
    SELECT what.type, what.identity, pg_get_userbyid(dep.refobjid) AS old
    FROM pg_shdepend AS dep, pg_identify_object(dep.classid, dep.objid, dep.objsubid) AS what
    WHERE dep.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND dep.refclassid = 'pg_authid'::regclass AND dep.deptype = 'o'
      AND pg_get_userbyid(dep.refobjid) <> owner AND pg_get_userbyid(dep.refobjid) !~ '^(pg_|rds)'
      AND dep.classid NOT IN ('pg_extension'::regclass, 'pg_default_acl'::regclass)
      AND what.identity !~ '^pg_(temp|toast)'
      -- Part of an extension, or a sequence that goes with its table.
      AND NOT EXISTS (SELECT FROM pg_depend AS part WHERE part.classid = dep.classid AND part.objid = dep.objid
        AND (part.deptype = 'e' OR (part.deptype IN ('a', 'i') AND part.refclassid = 'pg_class'::regclass
          AND what.type = 'sequence')))
    -- Nothing can be owned by who may make nothing in its schema.
    ORDER BY what.type <> 'schema', what.type, what.identity
  LOOP
    BEGIN
      foreigner := NOT pg_has_role(item.old, 'USAGE');
      IF foreigner THEN
        EXECUTE format('GRANT %I TO CURRENT_USER', item.old);
      END IF;
      EXECUTE format('ALTER %s %s OWNER TO %I', item.type, item.identity, owner);
      IF foreigner THEN
        EXECUTE format('REVOKE %I FROM CURRENT_USER', item.old);
      END IF;
    EXCEPTION WHEN OTHERS THEN
      stuck := stuck || format('%s %s, which is %s''s (%s)', item.type, item.identity, item.old, SQLERRM);
    END;
  END LOOP;
  IF stuck <> '{}' THEN
    RAISE EXCEPTION 'Not the owner''s, and can''t be handed over to "%": %', owner, array_to_string(stuck, '; ')
      USING HINT = 'As their owner: ALTER ... OWNER TO, or REASSIGN OWNED BY; then run this job again.';
  END IF;
END
$handover$;`;

/** The reader must not be able to create tables. Only the schema's owner can revoke that privilege from PUBLIC. */
const readerMakesNothing = `RESET ROLE;
SET handover.reader = :'reader';
DO $reader$
BEGIN
  IF has_schema_privilege(current_setting('handover.reader'), 'public', 'CREATE') THEN
    RAISE EXCEPTION 'The reader may make tables in the schema "public", and the owner can''t take that right away'
      USING HINT = 'As the owner of the schema: REVOKE CREATE ON SCHEMA public FROM PUBLIC; then run this job again.';
  END IF;
END
$reader$;
`;

/**
 * The psql script that creates a database's roles. It is idempotent: it creates missing roles and adds missing grants,
 * and never changes the password of an existing login, which rotation owns by then.
 *
 * The environment has `OWNER` and a SCRAM verifier for each login, so no statement contains a password. Runs as the
 * master user, which isn't a superuser on RDS.
 */
export const bootstrapScript = `\\set ON_ERROR_STOP on
\\getenv owner OWNER
\\getenv owner_a_verifier OWNER_A_VERIFIER
\\getenv owner_b_verifier OWNER_B_VERIFIER
\\getenv reader_a_verifier READER_A_VERIFIER
\\getenv reader_b_verifier READER_B_VERIFIER
\\getenv monitor_a_verifier MONITOR_A_VERIFIER
\\getenv monitor_b_verifier MONITOR_B_VERIFIER
SET client_min_messages = warning;
SELECT :'owner' || '_a' AS owner_a, :'owner' || '_b' AS owner_b, :'owner' || '_read' AS reader,
  :'owner' || '_read_a' AS reader_a, :'owner' || '_read_b' AS reader_b,
  :'owner' || '_monitor' AS monitor, :'owner' || '_monitor_a' AS monitor_a, :'owner' || '_monitor_b' AS monitor_b,
  current_database() AS database \\gset

-- What pgaudit and pg_stat_statements need in the database; without their libraries they can't be made. After a major
-- upgrade they are still the old version's. They hold no data: what can't be brought up to date is recreated.
SELECT format('DROP EXTENSION %I', name) FROM pg_available_extensions AS available
WHERE name IN ('pgaudit', 'pg_stat_statements') AND installed_version <> default_version
  AND NOT EXISTS (SELECT FROM pg_extension_update_paths(name) AS step
    WHERE step.source = installed_version AND step.target = default_version AND step.path IS NOT NULL)
\\gexec
SELECT format(CASE WHEN installed_version IS NULL THEN 'CREATE EXTENSION %I' ELSE 'ALTER EXTENSION %I UPDATE' END, name)
FROM pg_available_extensions
WHERE name IN ('pgaudit', 'pg_stat_statements') AND installed_version IS DISTINCT FROM default_version
  AND name = ANY (string_to_array(replace(current_setting('shared_preload_libraries'), ' ', ''), ','))
\\gexec

SELECT format('CREATE ROLE %I NOLOGIN', name) FROM unnest(ARRAY[:'owner', :'reader', :'monitor']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\\gexec
SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', name, verifier)
FROM (VALUES (:'owner_a', :'owner_a_verifier'), (:'owner_b', :'owner_b_verifier'),
             (:'reader_a', :'reader_a_verifier'), (:'reader_b', :'reader_b_verifier'),
             (:'monitor_a', :'monitor_a_verifier'), (:'monitor_b', :'monitor_b_verifier')) AS login (name, verifier)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\\gexec

GRANT :"owner" TO CURRENT_USER;
GRANT :"owner" TO :"owner_a", :"owner_b";
GRANT :"reader" TO :"reader_a", :"reader_b";
GRANT :"monitor" TO :"monitor_a", :"monitor_b";
-- Each session takes on the owner's role: what one login makes belongs to the owner, and the other may use it.
ALTER ROLE :"owner_a" SET role = :'owner';
ALTER ROLE :"owner_b" SET role = :'owner';
ALTER ROLE :"reader_a" SET default_transaction_read_only = on;
ALTER ROLE :"reader_b" SET default_transaction_read_only = on;
ALTER ROLE :"monitor_a" SET default_transaction_read_only = on;
ALTER ROLE :"monitor_b" SET default_transaction_read_only = on;
-- The owner's logins see what all sessions do: each would see its own alone, and the checks before a migration look for
-- transactions that the other one has left open.
GRANT pg_monitor TO :"owner_a", :"owner_b";
-- What the server reports about itself: settings, sessions, statistics, replication. None of it is in a table.
GRANT pg_monitor TO :"monitor";

ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"reader", :"monitor";
${handOver}
SET ROLE :"owner";
-- Before PostgreSQL 15, and in a database that is older than its version, everybody may make things in the schema.
GRANT USAGE, CREATE ON SCHEMA public TO :"owner";
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"reader";
-- What is there already; the defaults below are for what comes.
SELECT format('GRANT USAGE ON SCHEMA %I TO %I', nspname, :'reader') FROM pg_namespace
WHERE pg_get_userbyid(nspowner) = :'owner'
\\gexec
SELECT format('GRANT SELECT ON %s TO %I', oid::regclass, :'reader') FROM pg_class
WHERE pg_get_userbyid(relowner) = :'owner' AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
\\gexec
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO :"reader";
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO :"reader";
ALTER DEFAULT PRIVILEGES GRANT SELECT ON SEQUENCES TO :"reader";
${readerMakesNothing}`;
