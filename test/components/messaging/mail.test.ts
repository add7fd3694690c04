import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { SesMail, type SesMailArgs } from "../../../components/messaging/ses-mail";
import { smtpOutputs } from "../../../components/messaging/smtp";
import { context, created, entryOf, inClear, keyArn, logsKeyArn, preview } from "../data/fixture";
import { statementsOf } from "../../support/inputs";

const makeWith = (settings: Partial<SesMailArgs["settings"]>) => (opts: pulumi.ComponentResourceOptions) =>
  new SesMail(
    "tapwork-mail",
    {
      context: context(true),
      domain: "tapwork.com",
      zoneId: "Z123",
      system: "tapwork",
      store: "mail",
      keyArn,
      logsKeyArn,
      settings: { credentialsVersion: 1, ...settings },
    },
    opts,
  );

const makeSes = makeWith({});

/** Password that belongs to the fixture's access key in ap-northeast-2. */
const smtpPassword = "BKI+YXNMG2HFFy3+0ByIbMsaVNz75poLFH4/IHhdfR4i";

describe("SesMail", () => {
  it("verifies and signs the domain by DNS", async () => {
    const resources = await created(makeSes);
    const records = [...resources.values()]
      .filter(({ zoneId }) => zoneId === "Z123")
      .map(({ name, type, records: values }) => [name, type, ...(values as string[])])
      .sort();
    assert.deepEqual(records, [
      ["_dmarc.tapwork.com", "TXT", "v=DMARC1; p=quarantine;"],
      ["mail.tapwork.com", "MX", "10 feedback-smtp.ap-northeast-2.amazonses.com"],
      ["mail.tapwork.com", "TXT", "v=spf1 include:amazonses.com ~all"],
      ["one._domainkey.tapwork.com", "CNAME", "one.dkim.amazonses.com"],
      ["three._domainkey.tapwork.com", "CNAME", "three.dkim.amazonses.com"],
      ["two._domainkey.tapwork.com", "CNAME", "two.dkim.amazonses.com"],
    ]);
  });

  it("also registers every record in a preview, when the tokens are unknown", async () => {
    const { recording } = await preview(makeSes);
    assert.equal(recording.ofType("aws:route53/record:Record").length, 6);
  });

  it("sends only over TLS", async () => {
    const { recording } = await preview(makeSes);
    const set = recording.one("aws:sesv2/configurationSet:ConfigurationSet");
    assert.deepEqual(set.inputs.deliveryOptions, { tlsPolicy: "REQUIRE" });
    const identity = recording.one("aws:sesv2/emailIdentity:EmailIdentity");
    assert.equal(identity.inputs.emailIdentity, "tapwork.com");
    assert.equal(identity.inputs.configurationSetName, set.inputs.configurationSetName);
  });

  it("has a user that can only send from the domain", async () => {
    const { inputs } = (await preview(makeSes)).recording.one("aws:iam/userPolicy:UserPolicy");
    const policy = typeof inputs.policy === "string" ? (JSON.parse(inputs.policy) as object) : inputs.policy;
    const ses = "arn:aws:ses:ap-northeast-2:123456789012";
    assert.deepEqual(policy, {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Sid: "SendAsDomain",
          Action: "ses:SendRawEmail",
          // In the sandbox SES also requires permission on the recipient's identity; the condition limits the sender.
          Resource: [`${ses}:identity/*`, `${ses}:configuration-set/plinth-test-tapwork-mail`],
          Condition: { StringLike: { "ses:FromAddress": "*@tapwork.com" } },
        },
      ],
    });
  });

  it("writes the described entry, and nothing in clear text", async () => {
    assert.deepEqual(await entryOf(makeSes, "tapwork-mail-entry-version"), {
      user: "tapwork-mail-smtp-key-1-id",
      password: smtpPassword,
    });
    for (const [name, inputs] of await created(makeSes))
      for (const secret of [smtpPassword, "some+secret+key"])
        assert.ok(!inClear(inputs).includes(secret), name);
  });

  it("allows only the configured recipients", async () => {
    const { inputs } = (await preview(makeWith({ recipients: ["*@suresoft.com"] }))).recording.one(
      "aws:iam/userPolicy:UserPolicy",
    );
    const policy = typeof inputs.policy === "string" ? inputs.policy : JSON.stringify(inputs.policy);
    assert.match(policy, /"ForAllValues:StringLike":\{"ses:Recipients":\["\*@suresoft\.com"\]\}/);
  });

  it("creates new credentials with each version, and keeps the previous ones until the next", async () => {
    const users = async (credentialsVersion: number) => {
      const make = makeWith({ credentialsVersion });
      const keys = (await preview(make)).recording.ofType("aws:iam/accessKey:AccessKey");
      const { user } = await entryOf(make, "tapwork-mail-entry-version");
      return [...keys.map(({ name }) => name), user];
    };
    const key = (version: number) => `tapwork-mail-smtp-key-${version}`;
    assert.deepEqual(await users(1), [key(1), `${key(1)}-id`]);
    assert.deepEqual(await users(2), [key(1), key(2), `${key(2)}-id`]);
    assert.deepEqual(await users(3), [key(2), key(3), `${key(3)}-id`]);
  });

  it("publishes bounces and complaints to the default event bus and an encrypted log", async () => {
    const resources = await created(makeSes);
    const inputs = (name: string) => resources.get(`tapwork-mail-events-${name}`) ?? {};
    assert.deepEqual(inputs("destination").eventDestination, {
      enabled: true,
      matchingEventTypes: ["BOUNCE", "COMPLAINT"],
      eventBridgeDestination: {
        eventBusArn: "arn:aws:events:ap-northeast-2:123456789012:event-bus/default",
      },
    });
    assert.deepEqual(JSON.parse(String(inputs("rule").eventPattern)), {
      source: ["aws.ses"],
      "detail-type": ["Email Bounced", "Email Complaint Received"],
      detail: { mail: { tags: { "ses:configuration-set": ["plinth-test-tapwork-mail"] } } },
    });
    assert.equal(inputs("log").kmsKeyId, logsKeyArn);
    assert.equal(inputs("target").arn, "arn:tapwork-mail-events-log");
    assert.equal(inputs("log-policy").resourceArn, "arn:tapwork-mail-events-log");
    // EventBridge creates the stream without the rule's ARN: a condition there would deny every event.
    const rule = "arn:aws:events:ap-northeast-2:123456789012:rule/*";
    assert.deepEqual(
      statementsOf(inputs("log-policy").policyDocument).map(({ Action, Condition }) => [Action, Condition]),
      [
        ["logs:CreateLogStream", undefined],
        ["logs:PutLogEvents", { ArnLike: { "aws:SourceArn": rule } }],
      ],
    );
  });

  it("permits EventBridge to write before the rule exists", async () => {
    const { recording } = await preview(makeSes);
    const policy = recording.one("aws:cloudwatch/logResourcePolicy:LogResourcePolicy");
    assert.ok(recording.one("aws:cloudwatch/eventTarget:EventTarget").dependencies.includes(policy.urn));
  });

  it("outputs its address", async () => {
    const { plain, secret, destinations } = (await preview(makeSes)).store.outputs;
    assert.deepEqual(plain, { host: "email-smtp.ap-northeast-2.amazonaws.com", port: "587" });
    assert.equal(secret?.entry, "plinth-test/tapwork/mail");
    assert.deepEqual(destinations, [{ kind: "internet", ports: [587] }]);
  });
});

describe("an external SMTP server", () => {
  it("creates no resources: people fill the configured entry", () => {
    const settings = {
      kind: "smtp",
      host: "smtp.example.com",
      port: 465,
      credentials: "plinth-test/smtp",
    } as const;
    assert.deepEqual(smtpOutputs(settings), {
      plain: { host: "smtp.example.com", port: "465" },
      secret: { entry: "plinth-test/smtp", filledBy: [] },
      ready: [],
      destinations: [{ kind: "internet", ports: [465] }],
      grants: [],
    });
  });
});
