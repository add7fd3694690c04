import { randomBytes, randomInt } from "node:crypto";
import { otherLogin, type LoginSlot } from "../../components/data/logins";
import { scramVerifier } from "../../components/data/scram";
import { identifier, inSession, literal, Refused, type Connect, type Database } from "./database";
import { readLogins, readMaster, type Secrets } from "./secrets";

/** What Secrets Manager asks of a rotation function, one call a step. */
export interface RotationEvent {
  readonly SecretId: string;
  readonly ClientRequestToken: string;
  readonly Step: string;
}

/** Where a store is, and what belongs to it. */
export interface Target {
  /** Host of the instance that takes writes: itself, no proxy. */
  readonly host: string;
  /** Hosts of its read replicas. */
  readonly replicas: readonly string[];
  /** Host of the proxy in front of it, where workloads come in by one. */
  readonly proxy?: string;
  /** The application's entry: the one that is rotated. */
  readonly entry: string;
  /** The master user's entry. */
  readonly master: string;
  /** Entries of the owner's two logins, `{ username, password }` each, where a proxy reads them. */
  readonly proxied?: Readonly<Record<LoginSlot, string>>;
}

export interface Tools {
  readonly secrets: Secrets;
  readonly connect: Connect;
  /** Waits for so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/**
 * A proxy looks a changed password up within seconds: how often it is tried, and the milliseconds between two tries.
 */
const proxyTries = 4;
const proxyPause = 5_000;

/** Letters and digits of a password: 32 of them are 190 bits, and none has to be escaped in a URL. */
const passwordLength = 32;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const password = () =>
  Array.from({ length: passwordLength }, () => alphabet.charAt(randomInt(alphabet.length))).join("");

const current = "AWSCURRENT";
const pending = "AWSPENDING";

type Step = (token: string, target: Target, tools: Tools) => Promise<void>;

/** Writes down what will be: the logins that aren't in use, with new passwords. */
const createSecret: Step = async (token, { entry }, { secrets }) => {
  // A retry must find what the first try wrote, or two passwords would be on their way.
  if ((await secrets.read(entry, pending, token)) !== undefined) return;
  const now = readLogins(await secrets.read(entry, current), "the current version");
  const next = {
    ...now,
    user: otherLogin(now.user),
    password: password(),
    readUser: otherLogin(now.readUser),
    readPassword: password(),
  };
  await secrets.write(entry, token, JSON.stringify(next), pending);
};

/** Makes the database take the new passwords. The logins in use aren't touched. */
const setSecret: Step = async (token, target, { secrets, connect }) => {
  const { host, entry } = target;
  const next = readLogins(await secrets.read(entry, pending, token), "the pending version");
  const now = readLogins(await secrets.read(entry, current), "the current version");
  if ([now.user, now.readUser].some((used) => used === next.user || used === next.readUser))
    throw new Error("the pending version names a login that is in use");
  const master = readMaster(await secrets.read(target.master, current));
  await inSession(connect, { host, ...master }, async (database) => {
    await setPassword(database, next.user, next.password);
    await setPassword(database, next.readUser, next.readPassword);
  });
  // The proxy looks a login's password up when somebody logs in: after the database knows it.
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
 * Logs in everywhere as the workloads will. A replica that is behind fails the step, and it is tried again.
 *
 * When a schedule is made or changed, Secrets Manager has this step run by itself, for a pending version with nothing
 * in it: then it tries the logins in use, over the same ways.
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
  if (proxy === undefined) return;
  for (let tries = 1; ; tries += 1)
    try {
      return await inSession(connect, { host: proxy, ...owner }, (database) => ownsAs(database, owner.user));
    } catch (error) {
      if (!(error instanceof Refused) || tries === proxyTries) throw error;
      await pause(proxyPause);
    }
};

/** Throws unless the session is the login's and acts as the owner. */
async function ownsAs(database: Database, user: string): Promise<void> {
  const rows = await database.query("SELECT current_user::text AS role, session_user::text AS login");
  const { role, login } = rows[0] ?? {};
  if (login !== user || role === login)
    throw new Error(`${user} doesn't take on the owner's role: has the bootstrap job run?`);
}

/** Puts the pending version in the current one's place. */
const finishSecret: Step = async (token, { entry }, { secrets }) => {
  const { stages } = await secrets.describe(entry);
  const from = Object.keys(stages).find((version) => stages[version]?.includes(current));
  if (from !== token) await secrets.promote(entry, token, from);
};

const steps: Readonly<Record<string, Step>> = { createSecret, setSecret, testSecret, finishSecret };

/**
 * One step of one rotation. Each may come again, or late: what has happened isn't done twice, and a step of a
 * rotation that is over changes nothing. Throws where the step failed; no message has a secret in it.
 */
export async function rotate(event: RotationEvent, target: Target, tools: Tools): Promise<void> {
  const { SecretId: entry, ClientRequestToken: token, Step: name } = event;
  if (entry !== target.entry) throw new Error(`${entry} isn't this function's entry`);
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (step === undefined) throw new Error(`no step "${name}": known are ${Object.keys(steps).join(", ")}`);
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
