import assert from "node:assert/strict";
import { rotate, type Target, type Tools } from "../../../functions/rotation/steps";
import { fakeServer, FakeSecrets } from "./fakes";

const target: Target = { host: "primary", replicas: ["replica"], entry: "app", master: "app/master" };
const names = ["createSecret", "setSecret", "testSecret", "finishSecret"];

function setUp(
  overrides: Partial<Target> = {},
  passwords: Record<string, string> = {},
  pause: Tools["pause"] = () => Promise.resolve(),
) {
  const secrets = new FakeSecrets({
    app: {
      user: "ams_a",
      password: "old",
      readUser: "ams_read_a",
      readPassword: "oldread",
      monitorUser: "ams_monitor_a",
      monitorPassword: "oldmonitor",
      note: "kept",
    },
    "app/master": { user: "plinth", password: "master" },
    "login/a": { username: "ams_a", password: "old" },
    "login/b": { username: "ams_b", password: "first" },
  });
  const server = fakeServer(passwords);
  const where = { ...target, ...overrides };
  const step = (Step: string, token = "one") =>
    rotate({ SecretId: "app", ClientRequestToken: token, Step }, where, { secrets, ...server, pause });
  return { secrets, ...server, pause, step };
}

async function whole(step: (name: string, token?: string) => Promise<void>, token = "one") {
  for (const name of names) await step(name, token);
}

describe("rotation: the four steps", () => {
  it("switch to the other logins, with new passwords, and keep the rest of the entry", async () => {
    const { secrets, step } = setUp();
    secrets.begin("app", "one");
    await whole(step);
    const { user, readUser, monitorUser, note, password, readPassword, monitorPassword } =
      secrets.current("app");
    assert.deepEqual([user, readUser, monitorUser, note], ["ams_b", "ams_read_b", "ams_monitor_b", "kept"]);
    const words = [password, readPassword, monitorPassword];
    for (const word of words) assert.match(word ?? "", /^[A-Za-z0-9]{32}$/);
    assert.equal(new Set(words).size, 3);
    secrets.begin("app", "two");
    await whole(step, "two");
    assert.equal(secrets.current("app").user, "ams_a");
  });

  it("can each run twice", async () => {
    const { secrets, step } = setUp();
    secrets.begin("app", "one");
    await step("createSecret");
    const written = await secrets.read("app", "AWSPENDING", "one");
    await step("createSecret");
    assert.equal(await secrets.read("app", "AWSPENDING", "one"), written, "the password changed on the way");
    for (const name of ["setSecret", "setSecret", "testSecret", "testSecret", "finishSecret", "finishSecret"])
      await step(name);
    assert.deepEqual(secrets.writes, ["app AWSPENDING", "app promote"]);
  });

  it("change nothing after the end of the rotation", async () => {
    const { secrets, step, log } = setUp();
    secrets.begin("app", "one");
    await whole(step);
    const before = [secrets.current("app"), [...secrets.writes], [...log]];
    for (const name of names) await step(name);
    assert.deepEqual([secrets.current("app"), secrets.writes, log], before);
  });

  it("never touch a login that is in use", async () => {
    const { secrets, step, log } = setUp();
    secrets.begin("app", "one");
    await step("createSecret");
    await step("setSecret");
    assert.ok(log.some((line) => line.startsWith('ALTER ROLE "ams_b"')));
    assert.ok(!log.some((line) => line.startsWith('ALTER ROLE "ams_a"')));
    // A pending version was written manually.
    secrets.begin("app", "two");
    await secrets.write("app", "two", JSON.stringify(secrets.current("app")), "AWSPENDING");
    const lines = log.length;
    await assert.rejects(step("setSecret", "two"), /in use/);
    assert.equal(log.length, lines);
  });

  it("write no password into a statement or a message", async () => {
    const { secrets, step, log } = setUp();
    secrets.begin("app", "one");
    await step("createSecret");
    await step("setSecret");
    const { password, readPassword, monitorPassword } = JSON.parse(
      (await secrets.read("app", "AWSPENDING", "one")) ?? "",
    ) as Record<string, string>;
    assert.equal(log.filter((line) => /PASSWORD 'SCRAM-SHA-256\$/.test(line)).length, 3);
    for (const word of [password, readPassword, monitorPassword])
      assert.ok(!log.join().includes(word ?? "?"), "a password in clear");
    await secrets.write("app", "broken", "not json, but secret", "AWSPENDING");
    await assert.rejects(step("setSecret", "broken"), (error: Error) => !error.message.includes("secret,"));
  });

  it("test the logins on every host, and fail on a replica that is behind", async () => {
    const good = setUp();
    good.secrets.begin("app", "one");
    await good.step("createSecret");
    await good.step("testSecret");
    assert.deepEqual(
      good.log.filter((line) => line.includes("@")),
      ["ams_b@primary", "ams_read_b@primary", "ams_read_b@replica", "ams_monitor_b@primary"],
    );
    const behind = setUp({}, { ams_read_b: "not replicated yet" });
    behind.secrets.begin("app", "one");
    await behind.step("createSecret");
    await assert.rejects(behind.step("testSecret"), /testSecret: the database refused a login: ams_read_b/);
  });

  it("test the current logins when Secrets Manager tests a schedule without a pending version", async () => {
    const { secrets, step, log } = setUp({ proxy: "proxy" });
    secrets.begin("app", "tested");
    const before = [...secrets.writes];
    await step("testSecret", "tested");
    assert.deepEqual(
      log.filter((line) => line.includes("@")),
      ["ams_a@primary", "ams_read_a@primary", "ams_read_a@replica", "ams_monitor_a@primary", "ams_a@proxy"],
    );
    assert.deepEqual(secrets.writes, before);
  });

  it("test the owner's login through the proxy, which may accept it later", async () => {
    const passwords: Record<string, string> = {};
    let pauses = 0;
    const once = setUp({ proxy: "proxy" }, passwords, () => {
      pauses += 1;
      delete passwords["ams_b@proxy"];
      return Promise.resolve();
    });
    once.secrets.begin("app", "one");
    await once.step("createSecret");
    passwords["ams_b@proxy"] = "previous";
    await once.step("testSecret");
    assert.equal(pauses, 1);
    assert.ok(!once.log.includes("ams_read_b@proxy"), "the proxy doesn't know the readers");

    const never = setUp({ proxy: "proxy" }, { "ams_b@proxy": "previous" });
    never.secrets.begin("app", "one");
    await never.step("createSecret");
    await assert.rejects(never.step("testSecret"), /testSecret: the database refused a login: ams_b/);
    assert.equal(never.log.filter((line) => line === "ams_b@proxy").length, 4);
  });

  it("write the login to the proxy's entry, and only to that", async () => {
    const { secrets, step } = setUp({ proxied: { a: "login/a", b: "login/b" } });
    secrets.begin("app", "one");
    await whole(step);
    const { user, password } = secrets.current("app");
    assert.deepEqual(secrets.current("login/b"), { username: user, password });
    assert.deepEqual(secrets.current("login/a"), { username: "ams_a", password: "old" });
  });

  it("refuse another entry, an unknown step, and a version that isn't pending", async () => {
    const { secrets, step, connect, pause } = setUp();
    secrets.begin("app", "one");
    await assert.rejects(step("dropSecret"), /unknown step "dropSecret"/);
    await assert.rejects(step("constructor"), /unknown step "constructor"/);
    await assert.rejects(step("createSecret", "unheard-of"), /no version unheard-of/);
    await secrets.write("app", "two", JSON.stringify(secrets.current("app")), "AWSPENDING");
    await assert.rejects(step("createSecret", "one"), /no longer pending/);
    const event = { SecretId: "other", ClientRequestToken: "one", Step: "createSecret" };
    await assert.rejects(rotate(event, target, { secrets, connect, pause }), /isn't this function's entry/);
  });

  it("end every session, even after a failure", async () => {
    const { secrets, step, log } = setUp();
    secrets.begin("app", "one");
    await whole(step);
    const opened = log.filter((line) => /^\w+@/.test(line)).length;
    assert.equal(log.filter((line) => line.startsWith("bye ")).length, opened);
  });
});
