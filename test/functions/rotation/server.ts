import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { scramVerifier } from "../../../components/data/credentials/scram";
import { Refused, type Connect } from "../../../functions/rotation/database";

/** Folders of the server's programs on Debian, newest first; they aren't on the PATH. */
function programs(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  return folders.find((folder) =>
    ["initdb", "pg_ctl", "psql"].every((name) => existsSync(join(folder, name))),
  );
}

const hasOpenssl = () => spawnSync("openssl", ["version"]).status === 0;

/** What is missing for a real server; undefined: nothing. */
export const missing = (): string | undefined =>
  programs() === undefined
    ? "PostgreSQL's server (Debian: postgresql)"
    : hasOpenssl()
      ? undefined
      : "openssl";

/** Variables of the bootstrap script, for an owner of that name whose logins have one password. */
export function rolesOf(owner: string, password: string): Record<string, string> {
  const verifier = scramVerifier(password, randomBytes(16));
  return {
    OWNER: owner,
    OWNER_A_VERIFIER: verifier,
    OWNER_B_VERIFIER: verifier,
    READER_A_VERIFIER: verifier,
    READER_B_VERIFIER: verifier,
    MONITOR_A_VERIFIER: verifier,
    MONITOR_B_VERIFIER: verifier,
  };
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

/** PostgreSQL refuses to run as root, so it runs as nobody. */
const nobody = 65534;

/** Initial files of a server, which all servers of this process share. */
let made: string | undefined;

/** The login. */
interface Login {
  readonly user: string;
  readonly password: string;
}

/** A PostgreSQL server with TLS and passwords, as on RDS: the master user isn't a superuser. */
export class Server {
  static async start(): Promise<Server> {
    return new Server(programs() ?? "", await freePort());
  }

  readonly authority: string;
  readonly host = "localhost";
  readonly database = "ams";
  /** No user has it on RDS. */
  readonly superuser = { user: "super", password: "superpassword" };
  readonly master = { user: "plinth", password: "masterpassword" };
  private readonly folder = mkdtempSync(join(tmpdir(), "plinth-postgres-"));
  /** User that runs its programs. */
  readonly as = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

  private constructor(
    /** Folder of the server's programs. */
    readonly bin: string,
    readonly port: number,
  ) {
    this.authority = join(this.folder, "authority.pem");
    chmodSync(this.folder, 0o755);
    if (this.as.uid !== undefined) chownSync(this.folder, nobody, nobody);
    if (made === undefined) this.make();
    else execFileSync("cp", ["-a", made, this.data]);
    copyFileSync(join(this.data, "server.crt"), this.authority);
    this.start();
  }

  private start(): void {
    this.run("pg_ctl", ["-D", this.data, "-l", this.log, "-w", "-o", this.options, "start"]);
  }

  /** Creates the files of a server with the master user and its database, and keeps a copy for further servers. */
  private make(): void {
    const passwords = join(this.folder, "superuser");
    writeFileSync(passwords, "superpassword\n");
    this.run("initdb", ["-D", this.data, "-U", "super", "-A", "scram-sha-256", "--pwfile", passwords, "-N"]);
    this.certify();
    copyFileSync(join(this.data, "server.crt"), this.authority);
    this.start();
    const superuser = (text: string, database: string) => this.psql(this.superuser, ["-c", text, database]);
    superuser(`CREATE ROLE plinth LOGIN CREATEROLE CREATEDB PASSWORD '${this.master.password}'`, "postgres");
    // Further privileges of RDS' master user.
    superuser("GRANT pg_monitor TO plinth WITH ADMIN OPTION", "postgres");
    superuser("CREATE DATABASE ams OWNER plinth", "postgres");
    // Before PostgreSQL 15 the schema belongs to the cluster's creator; on RDS the master user can grant CREATE on it.
    superuser(
      `DO $$ BEGIN IF current_setting('server_version_num')::int < 150000 THEN
        ALTER SCHEMA public OWNER TO plinth; END IF; END $$`,
      this.database,
    );
    // RDS' master user can create it; elsewhere only a superuser can.
    superuser("CREATE EXTENSION pg_stat_statements", this.database);
    this.run("pg_ctl", ["-D", this.data, "-m", "fast", "-w", "stop"]);
    const copy = mkdtempSync(join(tmpdir(), "plinth-postgres-"));
    process.once("exit", () => rmSync(copy, { recursive: true, force: true }));
    made = join(copy, "data");
    execFileSync("cp", ["-a", this.data, made]);
  }

  private get options(): string {
    return `-p ${this.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c ssl=on -c fsync=off -c log_statement=ddl -c shared_preload_libraries=pg_stat_statements`;
  }

  private get data(): string {
    return join(this.folder, "data");
  }

  get log(): string {
    return join(this.folder, "log");
  }

  /** Runs a script with psql; throws psql's error. */
  script(text: string, variables: Readonly<Record<string, string>>, login: Login = this.master): void {
    this.psql(login, ["-f", "-"], text, variables);
  }

  /** Result of a connection string with libpq, without environment variables. */
  libpq(url: string, text: string): string {
    const { status, stdout, stderr } = spawnSync(
      join(this.bin, "psql"),
      ["-X", "-q", "-A", "-t", "-c", text, url],
      {
        encoding: "utf8",
        env: { PATH: process.env.PATH ?? "" },
      },
    );
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  /** A session that runs its statement until it is ended. */
  hold(login: Login, text: string): { end(): void } {
    const env = this.environment(login);
    const child = spawn(join(this.bin, "psql"), ["-X", "-q", "-c", text], { env, stdio: "ignore" });
    return { end: () => void child.kill() };
  }

  /** Sessions over TLS, the server's name verified. One statement is one process. */
  readonly connect: Connect = (login) => {
    this.psql(login, "SELECT 1");
    const query = (text: string) => {
      const [head = "", ...rows] = this.psql(login, text).trimEnd().split("\n");
      const keys = head.split(",");
      return rows.map((row) =>
        Object.fromEntries(row.split(",").map((value, index) => [keys[index] ?? "", value])),
      );
    };
    return Promise.resolve({
      // In the promise, so that a failure is a rejection as with a real client.
      query: async (text: string) => Promise.resolve(query(text)),
      close: () => Promise.resolve(),
    });
  };

  stop(): void {
    try {
      this.run("pg_ctl", ["-D", this.data, "-m", "immediate", "-w", "stop"]);
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private psql(
    login: Login,
    command: string | readonly string[],
    input = "",
    variables: Readonly<Record<string, string>> = {},
  ): string {
    const what = typeof command === "string" ? ["--csv", "-c", command] : command;
    const { status, stdout, stderr } = spawnSync(join(this.bin, "psql"), ["-X", "-q", ...what], {
      input,
      encoding: "utf8",
      env: { ...variables, ...this.environment(login) },
    });
    if (status === 0) return stdout;
    if (/password authentication failed|not permitted to log in/.test(stderr)) throw new Refused(login.user);
    throw new Error(stderr);
  }

  /** libpq's variables for a login, and where the programs are. */
  environment(login: Login): Record<string, string> {
    return {
      PATH: process.env.PATH ?? "",
      PGHOST: this.host,
      PGHOSTADDR: "127.0.0.1",
      PGPORT: String(this.port),
      PGDATABASE: this.database,
      PGUSER: login.user,
      PGPASSWORD: login.password,
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: this.authority,
      PGCONNECT_TIMEOUT: "5",
    };
  }

  /** A certificate for the server's name, which is its own authority. */
  private certify(): void {
    const [key, certificate] = [join(this.data, "server.key"), join(this.data, "server.crt")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject];
    execFileSync("openssl", [...args, "-keyout", key, "-out", certificate], { stdio: "pipe" });
    chmodSync(key, 0o600);
    if (this.as.uid !== undefined) for (const file of [key, certificate]) chownSync(file, nobody, nobody);
  }

  private run(program: string, args: readonly string[]): void {
    const options = { ...this.as, cwd: this.folder, stdio: "ignore" } as const;
    const { status, error } = spawnSync(join(this.bin, program), args, options);
    if (status !== 0) throw new Error(`${program} ended with ${status ?? error?.message}`);
  }
}
