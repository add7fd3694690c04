import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Postgres } from "../../../components/data/postgres";
import { created, context, keyArn, logsKeyArn, network, preview, type Inputs } from "./fixture";

const make = (opts: pulumi.ComponentResourceOptions) =>
  new Postgres(
    "ams-postgres",
    {
      context: context(true),
      spec: { kind: "postgres", database: "amsdb", user: "ams", driver: "libpq", readRoles: ["read"] },
      settings: {
        version: "15",
        class: "db.m7g.large",
        storage: 20,
        maxStorage: 100,
        multiAz: true,
        backupDays: 14,
        readReplicas: {},
        parameters: { max_connections: "250" },
        pooling: { kind: "rds-proxy", connections: 200 },
        windows: {
          backup: "16:00-17:00",
          maintenance: "sun:18:00-sun:19:00",
          replicaMaintenance: "sat:18:00-sat:19:00",
        },
        credentialsVersion: 1,
        acceptEndOfSupport: false,
      },
      system: "ams",
      store: "postgres",
      network: { ...network, rotationSecurityGroupId: "sg-rotation" },
      keyArn,
      logsKeyArn,
      logDays: 365,
      pools: {},
    },
    opts,
  );

const name = "ams-postgres-proxy";
const inputsOf = (all: Map<string, Inputs>, child: string): Inputs => {
  const inputs = all.get(`${name}-${child}`);
  assert.ok(inputs, `no ${child} among ${[...all.keys()].filter((each) => each.startsWith(name)).join()}`);
  return inputs;
};

describe("Proxy", () => {
  it("allows the rotation function to test the logins", async () => {
    const all = await created(make);
    const group = `${name}-group-id`;
    const rule = (child: string) => {
      const { securityGroupId, referencedSecurityGroupId, fromPort } = inputsOf(all, child);
      return [securityGroupId, referencedSecurityGroupId, fromPort];
    };
    assert.deepEqual(rule("from-rotation"), [group, "sg-rotation", 5432]);
    assert.deepEqual(rule("to-proxy"), ["sg-rotation", group, 5432]);
  });

  it("accepts the two logins over TLS, and reads only their entries", async () => {
    const all = await created(make);
    const proxy = inputsOf(all, "proxy");
    const arns = ["a", "b"].map((letter) => `arn:ams-postgres-credentials-login-${letter}`);
    assert.equal(proxy.engineFamily, "POSTGRESQL");
    assert.equal(proxy.requireTls, true);
    assert.deepEqual(
      (proxy.auths as Inputs[]).map(({ secretArn, authScheme, iamAuth, clientPasswordAuthType }) => [
        secretArn,
        authScheme,
        iamAuth,
        clientPasswordAuthType,
      ]),
      arns.map((arn) => [arn, "SECRETS", "DISABLED", "POSTGRES_SCRAM_SHA_256"]),
    );
    assert.equal(proxy.roleArn, `arn:${name}-role`);
    const policy = JSON.stringify(inputsOf(all, "role-policy").policy);
    const statement = { Action: "secretsmanager:GetSecretValue", Effect: "Allow", Resource: arns };
    assert.ok(policy.includes(JSON.stringify(statement)), policy);
    assert.match(policy, /kms:Decrypt/);
    assert.match(policy, /secretsmanager\.ap-northeast-2\.amazonaws\.com/);
    assert.doesNotMatch(policy, /"\*"|:\*/);
    const trust = JSON.stringify(inputsOf(all, "role").assumeRolePolicy);
    assert.match(trust, /"StringEquals":{"aws:SourceAccount":"123456789012"}/);
    assert.match(trust, /"Principal":{"Service":"rds\.amazonaws\.com"}/);
  });

  it("allows ingress only from the nodes and egress only to the database", async () => {
    const all = await created(make);
    const way = (child: string) => {
      const { securityGroupId, referencedSecurityGroupId, ipProtocol, fromPort, toPort } = inputsOf(
        all,
        child,
      );
      return [securityGroupId, referencedSecurityGroupId, ipProtocol, fromPort, toPort];
    };
    const group = `${name}-group-id`;
    assert.deepEqual(way("from-nodes"), [group, "sg-nodes", "tcp", 5432, 5432]);
    assert.deepEqual(way("from-proxy"), ["sg-data", group, "tcp", 5432, 5432]);
    assert.deepEqual(way("to-database"), [group, "sg-data", "tcp", 5432, 5432]);
    assert.deepEqual(inputsOf(all, "proxy").vpcSecurityGroupIds, [group]);
    assert.deepEqual(inputsOf(all, "proxy").vpcSubnetIds, network.subnetIds);
  });

  it("has the configured share of connections to the primary", async () => {
    const all = await created(make);
    const pool = inputsOf(all, "pool").connectionPoolConfig as Inputs;
    assert.equal(pool.maxConnectionsPercent, 80);
    assert.equal(pool.maxIdleConnectionsPercent, 40);
    assert.equal(inputsOf(all, "target").dbInstanceIdentifier, "plinth-test-ams");
  });

  it("waits for its role's policy, its security group rules, its logins and its log group", async () => {
    const { recording } = await preview(make);
    const proxy = recording.one("aws:rds/proxy:Proxy");
    for (const child of [
      ...["role-policy", "from-nodes", "from-proxy", "to-database", "log"].map((part) => `${name}-${part}`),
      ...["a", "b"].map((letter) => `ams-postgres-credentials-login-${letter}-version`),
    ])
      assert.ok(
        proxy.dependencies.some((urn) => urn.endsWith(`::${child}`)),
        child,
      );
    const log = recording.one("aws:cloudwatch/logGroup:LogGroup", `${name}-log`);
    assert.equal(log.inputs.name, `/aws/rds/proxy/${String(proxy.inputs.name)}`);
    assert.equal(log.inputs.kmsKeyId, logsKeyArn);
  });

  it("is recreated with its pool and target, after the old one with its name is deleted", async () => {
    const { recording } = await preview(make);
    const proxy = recording.one("aws:rds/proxy:Proxy");
    assert.equal(proxy.options.deleteBeforeReplace, true);
    for (const type of [
      "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
      "aws:rds/proxyTarget:ProxyTarget",
    ])
      assert.deepEqual(recording.one(type).options.replaceWith, [proxy.urn], type);
  });

  it("is the workloads' host, while roles are created on the database itself", async () => {
    const stores: Postgres[] = [];
    await created((opts) => {
      const store = make(opts);
      stores.push(store);
      return store;
    });
    const [store] = stores;
    const text = (value: pulumi.Input<string> | undefined) =>
      new Promise<string>((resolve) => void pulumi.output(value ?? "").apply(resolve));
    const { plain, roles, secret, ready } = store?.outputs ?? assert.fail("no store");
    const written = (output: string) => text(secret?.composed?.[output]?.((property) => property, "app"));
    assert.equal(await text(plain.host), `${name}-proxy.proxy.test`);
    assert.equal(await text(roles?.host), "ams-postgres-primary.rds.test");
    assert.match(await written("url"), /@ams-postgres-proxy-proxy\.proxy\.test:5432/);
    assert.match(
      await written("readUrl"),
      /@ams-postgres-primary\.rds\.test:5432/,
      "the proxy has no login for the reader",
    );
    assert.equal(ready.length, 2);
  });
});
