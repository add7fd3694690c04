/**
 * Changes the owner of objects that other roles own, such as the tables of an imported database, which the owner
 * couldn't migrate otherwise. Extensions, their members and the server's own objects keep their owner. If an object's
 * owner can't be changed, the script lists all such objects and fails: otherwise the workloads would fail later, one by
 * one.
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
      -- Not the members of extensions, nor sequences, which change with their table.
      AND NOT EXISTS (SELECT FROM pg_depend AS part WHERE part.classid = dep.classid AND part.objid = dep.objid
        AND (part.deptype = 'e' OR (part.deptype IN ('a', 'i') AND part.refclassid = 'pg_class'::regclass
          AND what.type = 'sequence')))
    -- Schemas first: the owner of an object needs CREATE on its schema.
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
      stuck := stuck || format('%s %s, owned by %s (%s)', item.type, item.identity, item.old, SQLERRM);
    END;
  END LOOP;
  IF stuck <> '{}' THEN
    RAISE EXCEPTION 'Can''t change the owner of objects to "%": %', owner, array_to_string(stuck, '; ')
      USING HINT = 'As their current owner, run ALTER ... OWNER TO or REASSIGN OWNED BY. Then run this job again.';
  END IF;
END
$handover$;`;

/** The reader must not be able to create tables. Only the schema's owner can revoke that privilege from PUBLIC. */
const readerMakesNothing = `RESET ROLE;
SET handover.reader = :'reader';
DO $reader$
BEGIN
  IF has_schema_privilege(current_setting('handover.reader'), 'public', 'CREATE') THEN
    RAISE EXCEPTION 'The reader has CREATE on the schema "public", and the owner can''t revoke it'
      USING HINT = 'As the owner of the schema, run REVOKE CREATE ON SCHEMA public FROM PUBLIC. Then run this job again.';
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

-- The extensions pgaudit and pg_stat_statements, if their libraries are preloaded. A major upgrade leaves the old
-- versions. They hold no data, so an extension without an update path is dropped and created again.
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
-- Each session assumes the owner's role, so the owner owns what either login creates, and both can use it.
ALTER ROLE :"owner_a" SET role = :'owner';
ALTER ROLE :"owner_b" SET role = :'owner';
ALTER ROLE :"reader_a" SET default_transaction_read_only = on;
ALTER ROLE :"reader_b" SET default_transaction_read_only = on;
ALTER ROLE :"monitor_a" SET default_transaction_read_only = on;
ALTER ROLE :"monitor_b" SET default_transaction_read_only = on;
-- The owner's logins can see all sessions, not only their own: the checks before a migration look for transactions that
-- the other login has left open.
GRANT pg_monitor TO :"owner_a", :"owner_b";
-- Settings, sessions, statistics and replication of the server, but no table.
GRANT pg_monitor TO :"monitor";

ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"reader", :"monitor";
${handOver}
SET ROLE :"owner";
-- PUBLIC has CREATE on the schema in databases that were created before PostgreSQL 15.
GRANT USAGE, CREATE ON SCHEMA public TO :"owner";
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"reader";
-- Objects that exist. The default privileges below are for those that are created later.
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
