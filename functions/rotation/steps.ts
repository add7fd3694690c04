import { randomBytes, randomInt } from "node:crypto";
import { otherLogin, type LoginSlot } from "../../components/data/credentials/logins";
import { scramVerifier } from "../../components/data/credentials/scram";
import { identifier, inSession, literal, Refused, type Connect, type Database } from "./database";
import { loginProperties, readLogins, readMaster, type Secrets } from "./secrets";

/** The event that Secrets Manager sends to a rotation function, once per step. */
export interface RotationEvent {
  readonly SecretId: string;
  readonly ClientRequestToken: string;
  readonly Step: string;
}

/** A store and its Secrets Manager entries. */
export interface Target {
  /** Host of the writer itself, not of a proxy. */
  readonly host: string;
  /** Hosts of its read replicas. */
  readonly replicas: readonly string[];
  /** Host of the proxy, if workloads connect through one. */
  readonly proxy?: string;
  /** The application's entry, which is rotated. */
  readonly entry: string;
  /** The master user's entry. */
  readonly master: string;
  /** Entries of the owner's two logins, `{ username, password }` each, if a proxy reads them. */
  readonly proxied?: Readonly<Record<LoginSlot, string>>;
}

export interface Tools {
  readonly secrets: Secrets;
  readonly connect: Connect;
  /** Waits for a number of milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** A proxy picks up a changed password within seconds: number of attempts, and the milliseconds between two. */
const proxyTries = 4;
const proxyPause = 5_000;

/** Length of a password: 32 letters and digits are 190 bits, and none has to be escaped in a URL. */
const passwordLength = 32;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const password = () =>
  Array.from({ length: passwordLength }, () => alphabet.charAt(randomInt(alphabet.length))).join("");

const current = "AWSCURRENT";
const pending = "AWSPENDING";

type Step = (token: string, target: Target, tools: Tools) => Promise<void>;

/** Stores the next logins: the ones that aren't in use, with new passwords. */
const createSecret: Step = async (token, { entry }, { secrets }) => {
  // A retry must reuse what the first attempt wrote, or there would be two pending passwords.
  if ((await secrets.read(entry, pending, token)) !== undefined) return;
  const now = readLogins(await secrets.read(entry, current), "the current version");
  const next = loginProperties.flatMap(([user, word]) => [
    [user, otherLogin(now[user])],
    [word, password()],
  ]);
  await secrets.write(entry, token, JSON.stringify({ ...now, ...Object.fromEntries(next) }), pending);
};

/** Sets the new passwords in the database. The logins in use aren't changed. */
const setSecret: Step = async (token, target, { secrets, connect }) => {
  const { host, entry } = target;
  const next = readLogins(await secrets.read(entry, pending, token), "the pending version");
  const now = readLogins(await secrets.read(entry, current), "the current version");
  const used = loginProperties.map(([user]) => now[user]);
  if (loginProperties.some(([user]) => used.includes(next[user])))
    throw new Error("the pending version has a login that is in use");
  const master = readMaster(await secrets.read(target.master, current));
  await inSession(connect, { host, ...master }, async (database) => {
    for (const [user, word] of loginProperties) await setPassword(database, next[user], next[word]);
  });
  // The proxy reads a login's password when a client logs in, so the database must have it first.
  const proxied = target.proxied?.[next.user.slice(-1) as LoginSlot];
  if (proxied !== undefined)
    await secrets.write(
      proxied,
      token,
      JSON.stringify({ username: next.user, password: next.password }),
      current,
    );
};

async function setPassword(database: Database, user: string, word: string): Promise<void> {
  const verifier = scramVerifier(word, randomBytes(16));
  await database.query(`ALTER ROLE ${identifier(user)} PASSWORD ${literal(verifier)}`);
}

/**
 * Logs in to every server as the workloads will. If a replica lags behind the step fails, and is retried.
 *
 * When a schedule is created or changed, Secrets Manager runs only this step, with an empty pending version: then the
 * logins in use are tested in the same way.
 */
const testSecret: Step = async (token, target, { secrets, connect, pause }) => {
  const { host, replicas, proxy, entry } = target;
  const pendingText = await secrets.read(entry, pending, token);
  const logins =
    pendingText === undefined
      ? readLogins(await secrets.read(entry, current), "the current version")
      : readLogins(pendingText, "the pending version");
  const owner = { user: logins.user, password: logins.password };
  await inSession(connect, { host, ...owner }, (database) => ownsAs(database, owner.user));
  for (const each of [host, ...replicas])
    await inSession(
      connect,
      { host: each, user: logins.readUser, password: logins.readPassword },
      (database) => database.query("SELECT 1 AS one"),
    );
  const monitor = { user: logins.monitorUser, password: logins.monitorPassword };
  await inSession(connect, { host, ...monitor }, (database) => database.query("SELECT 1 AS one"));
  if (proxy === undefined) return;
  for (let tries = 1; ; tries += 1)
    try {
      return await inSession(connect, { host: proxy, ...owner }, (database) => ownsAs(database, owner.user));
    } catch (error) {
      if (!(error instanceof Refused) || tries === proxyTries) throw error;
      await pause(proxyPause);
    }
};

/** Throws unless the session's login is the given one and acts as the owner. */
async function ownsAs(database: Database, user: string): Promise<void> {
  const rows = await database.query("SELECT current_user::text AS role, session_user::text AS login");
  const { role, login } = rows[0] ?? {};
  if (login !== user || role === login)
    throw new Error(`${user} doesn't assume the owner's role: check that the bootstrap job has run`);
}

/** Makes the pending version the current one. */
const finishSecret: Step = async (token, { entry }, { secrets }) => {
  const { stages } = await secrets.describe(entry);
  const from = Object.keys(stages).find((version) => stages[version]?.includes(current));
  if (from !== token) await secrets.promote(entry, token, from);
};

const steps: Readonly<Record<string, Step>> = { createSecret, setSecret, testSecret, finishSecret };

/**
 * Runs one step of a rotation. Steps are idempotent, and a step of a finished rotation changes nothing. Throws when the
 * step fails; messages never contain secrets.
 */
export async function rotate(event: RotationEvent, target: Target, tools: Tools): Promise<void> {
  const { SecretId: entry, ClientRequestToken: token, Step: name } = event;
  if (entry !== target.entry) throw new Error(`${entry} isn't this function's entry`);
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (step === undefined)
    throw new Error(`unknown step "${name}"; allowed is ${Object.keys(steps).join(", ")}`);
  const { rotationEnabled, stages } = await tools.secrets.describe(entry);
  if (!rotationEnabled) throw new Error(`${entry} isn't rotated`);
  const labels = stages[token];
  if (labels === undefined) throw new Error(`${entry} has no version ${token}`);
  if (labels.includes(current)) return;
  if (!labels.includes(pending)) throw new Error(`version ${token} of ${entry} is no longer pending`);
  try {
    await step(token, target, tools);
  } catch (error) {
    if (error instanceof Refused) throw new Error(`${name}: the database refused a login: ${error.message}`);
    throw error;
  }
}
