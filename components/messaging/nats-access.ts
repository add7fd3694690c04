import { natsAccount, natsController, natsSystemAccount } from "./nats-names";

/** Who may do what at the NATS servers, as plain data. */

/** A workload as NATS knows it. */
export interface NatsUser {
  /** Name of the workload. */
  readonly name: string;
  /** Streams whose subjects it publishes on. */
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

/** To NATS, an empty list of what is allowed allows everything. */
const only = (subjects: readonly string[]): Rights =>
  subjects.length > 0 ? { allow: subjects } : { deny: [">"] };

/**
 * Prefix of the subjects on which a user is answered. Messages of a consumer come as answers too: with one prefix for
 * all, each user could read what others are given.
 */
export const inboxOf = (user: string) => `_INBOX_${user}`;

/**
 * Rights of a workload: it publishes on the subjects of its streams, asks for its consumers' messages and acknowledges
 * them, looks at both, and listens on its own inbox. It makes and deletes nothing. Subjects from NATS' own
 * documentation: JetStream wire API reference.
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
  if (stream === undefined) throw new Error(`no stream ${name} among ${Object.keys(streams).join(", ")}`);
  return stream.subjects;
}

/**
 * Rights of the streams' controller: it makes, changes and deletes the described streams and their consumers. It
 * neither publishes nor asks for messages. Its client picks its own inboxes.
 */
export function controllerPermissions(streams: Subjects): Permissions {
  const each = Object.keys(streams).flatMap((stream) => [
    ...["CREATE", "UPDATE", "DELETE", "INFO"].map((what) => `$JS.API.STREAM.${what}.${stream}`),
    ...["CREATE", "DURABLE.CREATE", "DELETE", "INFO"].map((what) => `$JS.API.CONSUMER.${what}.${stream}.>`),
  ]);
  return { publish: only(each), subscribe: only(["_INBOX.>"]) };
}

/** What a user logs in as; each version of the credentials has a login of its own. */
export const loginOf = (user: string, version: number) => `${user}_${version}`;

/** Versions that the servers take: the one in use, and the one before, which pods may still hold. */
export const versionsOf = (version: number): readonly number[] =>
  version > 1 ? [version - 1, version] : [version];

/** Every user's rights, the controller's where there are streams. */
export function permissionsOf(users: readonly NatsUser[], streams: Subjects): Record<string, Permissions> {
  const all: Record<string, Permissions> = {};
  for (const user of users) all[user.name] = workloadPermissions(user, streams);
  if (Object.keys(streams).length > 0) all[natsController] = controllerPermissions(streams);
  return all;
}

/**
 * The part of the servers' configuration that says who may log in: one account for the system, one for the servers.
 *
 * @param hash What stands for the bcrypt hash of a login's password.
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
