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
import { scramVerifier } from "../../../components/data/scram";
import { Refused, type Connect } from "../../../functions/rotation/database";

/** Where Debian keeps the server's programs, newest first; they aren't in the path. */
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

/** What a real server needs that isn't here; undefined: nothing. */
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

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const nobody = 65534;

/** Files of a server as it starts, which all servers of this process begin with. */
let made: string | undefined;

/** Who logs in. */
interface Login {
  readonly user: string;
  readonly password: string;
}

/** A PostgreSQL server of its own, with TLS and passwords, as RDS has it: the master is no superuser. */
export class Server {
  static async start(): Promise<Server> {
    return new Server(programs() ?? "", await freePort());
  }

  readonly authority: string;
  readonly host = "localhost";
  readonly database = "ams";
  /** Nobody has it on RDS. */
  readonly superuser = { user: "super", password: "superpassword" };
  readonly master = { user: "plinth", password: "masterpassword" };
  private readonly folder = mkdtempSync(join(tmpdir(), "plinth-postgres-"));
  /** Whom its programs run as. */
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

  /** Makes the files of a server with the master and its database, and keeps a copy for the servers after it. */
  private make(): void {
    const passwords = join(this.folder, "superuser");
    writeFileSync(passwords, "superpassword\n");
    this.run("initdb", ["-D", this.data, "-U", "super", "-A", "scram-sha-256", "--pwfile", passwords, "-N"]);
    this.certify();
    copyFileSync(join(this.data, "server.crt"), this.authority);
    this.start();
    const superuser = (text: string, database: string) => this.psql(this.superuser, ["-c", text, database]);
    superuser(`CREATE ROLE plinth LOGIN CREATEROLE CREATEDB PASSWORD '${this.master.password}'`, "postgres");
    // What RDS's master has beside that.
    superuser("GRANT pg_monitor TO plinth WITH ADMIN OPTION", "postgres");
    superuser("CREATE DATABASE ams OWNER plinth", "postgres");
    // Before PostgreSQL 15 the schema belongs to who made the cluster; on RDS the master may say who makes things in it.
    superuser(
      `DO $$ BEGIN IF current_setting('server_version_num')::int < 150000 THEN
        ALTER SCHEMA public OWNER TO plinth; END IF; END $$`,
      this.database,
    );
    // RDS lets its master make it; PostgreSQL only a superuser.
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

  /** Runs a script as psql reads it; throws with what psql said. */
  script(text: string, variables: Readonly<Record<string, string>>, login: Login = this.master): void {
    this.psql(login, ["-f", "-"], text, variables);
  }

  /** What libpq answers to a connection string by itself, with nothing in its environment. */
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

  /** A session that goes on with what it was told until it is ended. */
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
