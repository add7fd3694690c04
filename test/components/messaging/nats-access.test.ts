import assert from "node:assert/strict";
import {
  accountsConfig,
  backupPermissions,
  controllerPermissions,
  inboxOf,
  permissionsOf,
  restorePermissions,
  versionsOf,
  workloadPermissions,
} from "../../../components/messaging/nats-access";
import { accountsSecret } from "../../../components/messaging/nats-secrets";
import { settings, spec, users } from "./nats-fixture";

const { streams } = spec;
const [api, packer] = users as [(typeof users)[number], (typeof users)[number]];

interface Config {
  system_account: string;
  accounts: Record<string, { jetstream?: string; users: { user: string; password: string }[] }>;
}

describe("NATS permissions of a workload", () => {
  it("allow publishing to its streams, and its own inbox", () => {
    assert.deepEqual(workloadPermissions(api, streams), {
      publish: { allow: ["orders.>", "returns.*", "audit.>"] },
      subscribe: { allow: ["_INBOX_shop-api.>"] },
    });
  });

  it("allow pulling and acknowledging its consumers' messages, and nothing else in JetStream", () => {
    assert.deepEqual(workloadPermissions(packer, streams), {
      publish: {
        allow: [
          "$JS.API.STREAM.INFO.ORDERS",
          "$JS.API.CONSUMER.INFO.ORDERS.packers",
          "$JS.API.CONSUMER.MSG.NEXT.ORDERS.packers",
          "$JS.ACK.ORDERS.packers.>",
        ],
      },
      subscribe: { allow: ["_INBOX_shop-packer.>"] },
    });
  });

  it("allow nothing without streams and consumers, where an empty list would allow everything", () => {
    const { publish } = workloadPermissions({ name: "idle", publishes: [], consumes: [] }, streams);
    assert.deepEqual(publish, { deny: [">"] });
  });

  it("give it an inbox that no other user may subscribe to", () => {
    assert.notEqual(inboxOf("a"), inboxOf("b"));
    for (const user of users)
      for (const other of users)
        if (user !== other)
          assert.ok(
            !workloadPermissions(user, streams).subscribe.allow?.includes(`${inboxOf(other.name)}.>`),
          );
  });

  it("fail for a stream that isn't described", () => {
    const lost = { name: "lost", publishes: ["NOWHERE"], consumes: [] };
    assert.throws(
      () => workloadPermissions(lost, streams),
      /stream NOWHERE isn.t described; allowed is ORDERS, AUDIT_LOG/,
    );
  });
});

describe("NATS permissions of the JetStream controller", () => {
  const { publish, subscribe } = controllerPermissions(streams);

  it("allow creating, updating and deleting the described streams and consumers, but no messages", () => {
    const allowed = publish.allow ?? [];
    for (const stream of Object.keys(streams)) {
      assert.ok(allowed.includes(`$JS.API.STREAM.CREATE.${stream}`));
      assert.ok(allowed.includes(`$JS.API.CONSUMER.CREATE.${stream}.>`));
    }
    for (const subject of allowed) {
      assert.match(subject, /^\$JS\.API\.(STREAM|CONSUMER)\.[A-Z.]+\.(ORDERS|AUDIT_LOG)(\.>)?$/);
      assert.doesNotMatch(subject, /MSG|PURGE|SNAPSHOT|RESTORE/);
    }
    assert.deepEqual(subscribe, { allow: ["_INBOX.>"] });
  });

  it("don't exist without streams", () => {
    assert.deepEqual(Object.keys(permissionsOf(users, streams)), [
      "shop-api",
      "shop-packer",
      "jetstream-controller",
    ]);
    assert.deepEqual(Object.keys(permissionsOf([{ ...api, publishes: [] }], {})), ["shop-api"]);
  });
});

describe("NATS permissions of the jobs that back up and restore", () => {
  it("are limited to the described streams, which only the restore job can change", () => {
    const allowed = (of: typeof backupPermissions) => of(streams).publish.allow ?? [];
    const changes = (of: typeof backupPermissions) =>
      allowed(of).filter((subject) => /\.(CREATE|UPDATE|DELETE|RESTORE|PURGE)\./.test(subject));
    assert.deepEqual(changes(backupPermissions), []);
    assert.equal(changes(restorePermissions).length, 3 * Object.keys(streams).length);
    for (const subject of [...allowed(backupPermissions), ...allowed(restorePermissions)])
      assert.match(subject, /\.(ORDERS|AUDIT_LOG)(\.>)?$/);
  });

  it("exist only where streams are backed up", () => {
    const names = ["jetstream-backup", "jetstream-restore"];
    assert.deepEqual(Object.keys(permissionsOf([], streams, true)).slice(1), names);
    assert.deepEqual(permissionsOf([], {}, true), {});
  });
});

describe("NATS' accounts", () => {
  const config = (version: number) =>
    JSON.parse(
      accountsConfig(permissionsOf(users, streams), version, (login) => `hash of ${login}`),
    ) as Config;

  it("are one for the system, and one for the servers without users", () => {
    const { system_account, accounts } = config(1);
    assert.deepEqual(Object.keys(accounts), ["SYS", "APP"]);
    assert.equal(system_account, "SYS");
    assert.deepEqual(accounts.SYS, { users: [] });
    assert.equal(accounts.APP?.jetstream, "enabled");
  });

  it("accept the logins of the current and the previous version", () => {
    assert.deepEqual([versionsOf(1), versionsOf(2), versionsOf(7)], [[1], [1, 2], [6, 7]]);
    const logins = config(7).accounts.APP?.users.map(({ user }) => user);
    assert.deepEqual(logins, [
      ...["shop-api_6", "shop-api_7"],
      ...["shop-packer_6", "shop-packer_7"],
      ...["jetstream-controller_6", "jetstream-controller_7"],
    ]);
  });

  it("are composed in the cluster, from hashes only", () => {
    const { data, properties } = accountsSecret(
      permissionsOf(users, streams),
      settings(3).credentialsVersion,
    );
    const text = data["accounts.conf"] ?? "";
    for (const { user, password } of (JSON.parse(text) as Config).accounts.APP?.users ?? [])
      assert.equal(password, `{{ index . \`${user}_hash\` }}`);
    assert.deepEqual(properties, ["shop-api_1_hash", "shop-packer_1_hash", "jetstream-controller_1_hash"]);
  });
});
