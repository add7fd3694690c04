import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { Credentials } from "../../../components/data/credentials";
import { CredentialsRotation } from "../../../components/data/credentials/rotation";
import { rotationSchedule } from "../../../components/data/credentials/schedule";
import { Component } from "../../../components/base/component";
import { context, created, entryOf, inClear, keyArn, logsKeyArn, preview } from "./fixture";
import { inputsOf, statementsOf } from "../../support/inputs";

class Parent extends Component {}

const alarmTopicArn = "arn:aws:sns:ap-northeast-2:123456789012:alarms";
const outputs = { plain: {}, ready: [], destinations: [], grants: [] };

/** Credentials and their rotation, for the fixture. */
const make =
  (proxied = false, days = 30) =>
  (opts: pulumi.ComponentResourceOptions) => {
    const common = { context: context(true), system: "ams", store: "postgres", keyArn };
    const credentials = new Credentials(
      "ams-credentials",
      { ...common, owner: "ams", proxied, masterVersion: 1 },
      opts,
    );
    const { rotation } = new CredentialsRotation(
      "ams-rotation",
      {
        ...common,
        credentials,
        days,
        logsKeyArn,
        host: "primary.test",
        port: 5432,
        database: "amsdb",
        replicas: ["r0.test", "r1.test"],
        subnetIds: ["subnet-a"],
        securityGroupId: "sg-rotation",
        alarmTopicArn,
        ...(proxied ? { proxy: "proxy.test" } : {}),
      },
      opts,
    );
    const parent = new Parent("plinth:test:Parent", "parent", opts);
    rotationSchedule(parent, "schedule", rotation, []);
    return { outputs };
  };

const names = (recording: Awaited<ReturnType<typeof preview>>["recording"]) =>
  recording.ofType("aws:secretsmanager/secret:Secret").map(({ inputs }) => inputs.name);

describe("Credentials", () => {
  it("keep the master user's password apart from what workloads read", async () => {
    assert.deepEqual(names((await preview(make())).recording).sort(), [
      "plinth-test/ams/postgres",
      "plinth-test/ams/postgres/master",
    ]);
    const application = await entryOf(make(), "ams-credentials-application-version");
    assert.deepEqual(Object.keys(application), [
      ...["user", "password", "readUser", "readPassword", "monitorUser", "monitorPassword"],
    ]);
    assert.equal(application.user, "ams_a");
    assert.equal(application.readUser, "ams_read_a");
    assert.equal(application.monitorUser, "ams_monitor_a");
    const master = await entryOf(make(), "ams-credentials-master-version");
    assert.equal(master.user, "plinth");
    assert.ok(!Object.values(application).includes(master.password ?? ""));
  });

  it("give the bootstrap job verifiers, and none of the logins' passwords", async () => {
    const { user, password, ...verifiers } = await entryOf(make(), "ams-credentials-master-version");
    assert.ok(user && password);
    assert.deepEqual(Object.keys(verifiers).sort(), [
      "monitor_a_verifier",
      "monitor_b_verifier",
      "owner_a_verifier",
      "owner_b_verifier",
      "reader_a_verifier",
      "reader_b_verifier",
    ]);
    assert.equal(new Set(Object.values(verifiers)).size, 6);
    for (const verifier of Object.values(verifiers)) assert.match(verifier, /^SCRAM-SHA-256\$4096:/);
  });

  it("write an entry for each of the owner's logins, in RDS Proxy's format", async () => {
    assert.ok(names((await preview(make(true))).recording).includes("plinth-test/ams/postgres/b"));
    const login = await entryOf(make(true), "ams-credentials-login-b-version");
    assert.deepEqual(login, { username: "ams_b", password: "generatedamscredentialsownerb" });
  });

  it("ignore changes by rotation, and keep the first version", async () => {
    const { recording } = await preview(make(true));
    for (const { name, inputs, options } of recording.ofType(
      "aws:secretsmanager/secretVersion:SecretVersion",
    )) {
      const rotated = !name.includes("master");
      assert.deepEqual(options.ignoreChanges ?? [], rotated ? ["secretString", "versionStages"] : [], name);
      assert.deepEqual(inputs.versionStages, rotated ? ["AWSCURRENT", "plinth-initial"] : undefined, name);
    }
  });

  it("send nothing in clear text", async () => {
    for (const [name, inputs] of await created(make(true)))
      assert.doesNotMatch(inClear(inputs), /generatedams/, name);
  });
});

describe("CredentialsRotation", () => {
  it("calls the function on a schedule, and not at once", async () => {
    const { recording } = await preview(make(false, 45));
    const { inputs, dependencies } = recording.one("aws:secretsmanager/secretRotation:SecretRotation");
    assert.deepEqual(inputs.rotationRules, { automaticallyAfterDays: 45 });
    assert.equal(inputs.rotateImmediately, false);
    const first = recording.one(
      "aws:secretsmanager/secretVersion:SecretVersion",
      "ams-credentials-application-version",
    );
    assert.ok(dependencies.includes(first.urn), "there is no version to start from");
    assert.ok(
      dependencies.includes(recording.one("aws:lambda/permission:Permission").urn),
      "may not call it",
    );
  });

  it("lets Secrets Manager call it for its own entry only", async () => {
    const permission = (await created(make())).get("ams-rotation-permission");
    assert.equal(permission?.principal, "secretsmanager.amazonaws.com");
    assert.equal(permission?.sourceArn, "arn:ams-credentials-application");
    assert.equal(permission?.sourceAccount, "123456789012");
  });

  it("runs in private subnets, encrypted, with RDS's authorities trusted, and waits for its permissions", async () => {
    const { recording } = await preview(make());
    const { inputs, dependencies } = recording.one("aws:lambda/function:Function");
    assert.deepEqual(inputs.vpcConfig, { securityGroupIds: ["sg-rotation"], subnetIds: ["subnet-a"] });
    assert.equal(inputs.kmsKeyArn, keyArn);
    assert.equal(inputs.runtime, "nodejs22.x");
    assert.equal(inputs.handler, "index.handler");
    const logs = recording.one("aws:cloudwatch/logGroup:LogGroup");
    assert.equal(logs.inputs.kmsKeyId, logsKeyArn);
    assert.ok(dependencies.includes(logs.urn));
    for (const type of ["aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"])
      assert.ok(dependencies.includes(recording.one(type).urn), type);
  });

  it("gets all addresses, and no secret", async () => {
    const handler = (await created(make(true))).get("ams-rotation-function");
    assert.ok(handler);
    const { environment } = inputsOf<{ environment: { variables: object } }>({ inputs: handler });
    assert.deepEqual(environment.variables, {
      HOST: "primary.test",
      REPLICAS: "r0.test,r1.test",
      PROXY: "proxy.test",
      PORT: "5432",
      DATABASE: "amsdb",
      ENTRY: "arn:ams-credentials-application",
      MASTER_ENTRY: "arn:ams-credentials-master",
      LOGIN_ENTRIES: "arn:ams-credentials-login-a,arn:ams-credentials-login-b",
      NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
    });
  });

  it("may use only its own entries", async () => {
    const policy = (await created(make(true))).get("ams-rotation-policy")?.policy;
    const statements = statementsOf(policy);
    const resources = Object.fromEntries(statements.map(({ Sid, Resource }) => [Sid, Resource]));
    assert.deepEqual(resources, {
      Rotate: "arn:ams-credentials-application",
      ActAsMaster: "arn:ams-credentials-master",
      TellProxy: ["arn:ams-credentials-login-a", "arn:ams-credentials-login-b"],
      UseKey: keyArn,
      Log: "arn:ams-rotation-logs:*",
    });
    const master = statements.find(({ Sid }) => Sid === "ActAsMaster");
    assert.deepEqual(master?.Action, "secretsmanager:GetSecretValue");
  });
});
