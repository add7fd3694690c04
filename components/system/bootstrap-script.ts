/**
 * The psql script that makes a database's roles. It may run again at any time: it makes what is missing and grants
 * what isn't granted, and never touches the password of a login that exists, which is rotation's by then.
 *
 * The environment has `OWNER`, and a SCRAM verifier for each login: what the server would keep of its password, so
 * that none stands in a statement. Runs as the master user, who is no superuser on RDS.
 */
export const bootstrapScript = `\\set ON_ERROR_STOP on
\\getenv owner OWNER
\\getenv owner_a_verifier OWNER_A_VERIFIER
\\getenv owner_b_verifier OWNER_B_VERIFIER
\\getenv reader_a_verifier READER_A_VERIFIER
\\getenv reader_b_verifier READER_B_VERIFIER
SET client_min_messages = warning;
SELECT :'owner' || '_a' AS owner_a, :'owner' || '_b' AS owner_b, :'owner' || '_read' AS reader,
  :'owner' || '_read_a' AS reader_a, :'owner' || '_read_b' AS reader_b, current_database() AS database \\gset

-- What pgaudit and pg_stat_statements need in the database; without their libraries they can't be made.
SELECT format('CREATE EXTENSION IF NOT EXISTS %I', name) FROM pg_available_extensions
WHERE name IN ('pgaudit', 'pg_stat_statements') AND installed_version IS NULL
  AND name = ANY (string_to_array(replace(current_setting('shared_preload_libraries'), ' ', ''), ','))
\\gexec

SELECT format('CREATE ROLE %I NOLOGIN', name) FROM unnest(ARRAY[:'owner', :'reader']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\\gexec
SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', name, verifier)
FROM (VALUES (:'owner_a', :'owner_a_verifier'), (:'owner_b', :'owner_b_verifier'),
             (:'reader_a', :'reader_a_verifier'), (:'reader_b', :'reader_b_verifier')) AS login (name, verifier)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\\gexec

GRANT :"owner" TO CURRENT_USER;
GRANT :"owner" TO :"owner_a", :"owner_b";
GRANT :"reader" TO :"reader_a", :"reader_b";
-- Each session takes on the owner's role: what one login makes belongs to the owner, and the other may use it.
ALTER ROLE :"owner_a" SET role = :'owner';
ALTER ROLE :"owner_b" SET role = :'owner';
ALTER ROLE :"reader_a" SET default_transaction_read_only = on;
ALTER ROLE :"reader_b" SET default_transaction_read_only = on;

ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"reader";
SET ROLE :"owner";
-- Before PostgreSQL 15 the schema isn't the database owner's: these then say so, and everybody has the rights anyway.
GRANT USAGE, CREATE ON SCHEMA public TO :"owner";
GRANT USAGE ON SCHEMA public TO :"reader";
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO :"reader";
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO :"reader";
ALTER DEFAULT PRIVILEGES GRANT SELECT ON SEQUENCES TO :"reader";
`;
