import { natsAccount, natsBackupUsers, natsController, natsSystemAccount } from "./nats-names";

/** NATS users and their permissions, as plain data. */

/** A workload as a NATS user. */
export interface NatsUser {
  /** Name of the workload. */
  readonly name: string;
  /** Streams that it publishes to. */
  readonly publishes: readonly string[];
  readonly consumes: readonly { readonly stream: string; readonly consumer: string }[];
}

/** Streams with their subjects. */
export type Subjects = Readonly<Record<string, { readonly subjects: readonly string[] }>>;

interface Rights {
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

export interface Permissions {
  readonly publish: Rights;
  readonly subscribe: Rights;
}

/** In NATS, an empty `allow` list allows everything. */
const only = (subjects: readonly string[]): Rights =>
  subjects.length > 0 ? { allow: subjects } : { deny: [">"] };

/**
 * Prefix of a user's inbox subjects. Messages of a consumer also arrive as replies: with one prefix for all, users
 * could read each other's messages.
 */
export const inboxOf = (user: string) => `_INBOX_${user}`;

/**
 * Permissions of a workload: it may publish to its streams, pull and acknowledge its consumers' messages, read the
 * state of both, and subscribe to its own inbox. It may not create or delete any. Source of the subjects: NATS
 * documentation, JetStream wire API reference.
 */
export function workloadPermissions({ name, publishes, consumes }: NatsUser, streams: Subjects): Permissions {
  const own = publishes.flatMap((stream) => subjectsOf(streams, stream));
  const reading = consumes.flatMap(({ stream, consumer }) => [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.CONSUMER.INFO.${stream}.${consumer}`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
    `$JS.ACK.${stream}.${consumer}.>`,
  ]);
  return { publish: only([...new Set([...own, ...reading])]), subscribe: only([`${inboxOf(name)}.>`]) };
}

function subjectsOf(streams: Subjects, name: string): readonly string[] {
  const stream = streams[name];
  if (stream === undefined)
    throw new Error(`stream ${name} isn't described; allowed is ${Object.keys(streams).join(", ")}`);
  return stream.subjects;
}

/**
 * Permissions of the JetStream controller: it may create, update and delete the described streams and their consumers.
 * It may not publish or pull messages. Its client picks its own inbox prefix.
 */
export function controllerPermissions(streams: Subjects): Permissions {
  const each = Object.keys(streams).flatMap((stream) => [
    ...["CREATE", "UPDATE", "DELETE", "INFO"].map((what) => `$JS.API.STREAM.${what}.${stream}`),
    ...["CREATE", "DURABLE.CREATE", "DELETE", "INFO"].map((what) => `$JS.API.CONSUMER.${what}.${stream}.>`),
  ]);
  return { publish: only(each), subscribe: only(["_INBOX.>"]) };
}

/**
 * Permissions of the job that backs up streams: it may read their state and take snapshots, which arrive at its inbox
 * in chunks that it acknowledges. Source of the subjects: nats-server 2.14, `server/jetstream_api.go`.
 */
export function backupPermissions(streams: Subjects): Permissions {
  const each = Object.keys(streams).flatMap((stream) => [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.STREAM.SNAPSHOT.${stream}`,
    `$JS.SNAPSHOT.ACK.${stream}.>`,
  ]);
  return { publish: only(each), subscribe: only([`${inboxOf(natsBackupUsers.backup)}.>`]) };
}

/** Permissions of the job that restores a snapshot: a stream that is there already has to be deleted first. */
export function restorePermissions(streams: Subjects): Permissions {
  const each = Object.keys(streams).flatMap((stream) => [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.STREAM.DELETE.${stream}`,
    `$JS.API.STREAM.RESTORE.${stream}`,
    `$JS.SNAPSHOT.RESTORE.${stream}.>`,
  ]);
  return { publish: only(each), subscribe: only([`${inboxOf(natsBackupUsers.restore)}.>`]) };
}

/** Login of a user. Each version of the credentials has its own login. */
export const loginOf = (user: string, version: number) => `${user}_${version}`;

/** Versions that the servers accept: the current one, and the previous one, which pods may still use. */
export const versionsOf = (version: number): readonly number[] =>
  version > 1 ? [version - 1, version] : [version];

/**
 * Permissions of every user, and of the controller if there are streams.
 *
 * @param backedUp Whether jobs back up the streams. Default: none does.
 */
export function permissionsOf(
  users: readonly NatsUser[],
  streams: Subjects,
  backedUp = false,
): Record<string, Permissions> {
  const all: Record<string, Permissions> = {};
  for (const user of users) all[user.name] = workloadPermissions(user, streams);
  if (Object.keys(streams).length === 0) return all;
  all[natsController] = controllerPermissions(streams);
  if (!backedUp) return all;
  all[natsBackupUsers.backup] = backupPermissions(streams);
  all[natsBackupUsers.restore] = restorePermissions(streams);
  return all;
}

/**
 * The `accounts` block of the servers' configuration: one account for the system, one for the servers.
 *
 * @param hash Placeholder for the bcrypt hash of a login's password.
 */
export function accountsConfig(
  permissions: Readonly<Record<string, Permissions>>,
  version: number,
  hash: (login: string) => string,
): string {
  const users = Object.entries(permissions).flatMap(([name, rights]) =>
    versionsOf(version).map((each) => ({
      user: loginOf(name, each),
      password: hash(loginOf(name, each)),
      permissions: rights,
    })),
  );
  const accounts = {
    [natsSystemAccount]: { users: [] },
    [natsAccount]: { jetstream: "enabled", users },
  };
  return JSON.stringify({ system_account: natsSystemAccount, accounts }, undefined, 2);
}
