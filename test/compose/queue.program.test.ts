import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts, Program, untilReady } from "../cluster/processes";
import { files } from "./fixture";
import { built, installed, missing, parsed, scratch, type ParsedFile } from "./programs";
import { needs } from "../support/needs";

describe("the local tier's queue on the real ElasticMQ", function () {
  let file: ParsedFile;
  let server: Program;
  let port: number;

  before(async function () {
    needs(this, missing("compose-config", "elasticmq") ?? (installed("java") ? undefined : "java"));
    file = parsed(await files("asset-management"));
    const folder = scratch();
    const [api = 0, page = 0] = await freePorts(2);
    port = api;
    const config = file.configs.sqs?.content.replaceAll("9324", String(api)).replaceAll("9325", String(page));
    writeFileSync(join(folder, "elasticmq.conf"), config ?? "");
    const jars = join(built("elasticmq").file, "*");
    const args = [
      `-Dconfig.file=${join(folder, "elasticmq.conf")}`,
      "-cp",
      jars,
      "org.elasticmq.server.Main",
    ];
    server = new Program("java", args, folder);
    await untilReady(
      server,
      async () => assert.ok((await fetch(`http://127.0.0.1:${api}/health`)).ok),
      60_000,
    );
  });
  after(() => server?.stop());

  /** The path of the queue's URL in the workload's variables. */
  const queue = () => new URL(file.services.api?.environment?.QUEUE_URL ?? "").pathname;
  const ask = async (path: string, parameters: Readonly<Record<string, string>>) => {
    const answer = await fetch(
      `http://127.0.0.1:${port}${path}?${new URLSearchParams(parameters).toString()}`,
    );
    assert.ok(answer.ok, `${path} ${answer.status}`);
    return answer.text();
  };

  it("has the image's version", () => {
    assert.equal(file.services.sqs?.image?.split(":")[1], built("elasticmq").version);
  });

  it("has the stack file's visibility timeout, wait time and redrive policy", async () => {
    const text = await ask(queue(), { Action: "GetQueueAttributes", "AttributeName.1": "All" });
    const value = (name: string) =>
      new RegExp(`<Name>${name}</Name>\\s*<Value>(.*?)</Value>`).exec(text)?.[1];
    assert.equal(value("VisibilityTimeout"), "60");
    assert.equal(value("ReceiveMessageWaitTimeSeconds"), "20");
    assert.match(
      value("RedrivePolicy") ?? "",
      /asset-management-tasks-dead&quot;,&quot;maxReceiveCount&quot;:5/,
    );
  });

  it("moves a message that can't be processed to the dead-letter queue", async () => {
    await ask(queue(), { Action: "SendMessage", MessageBody: "poison" });
    // The message becomes visible, or reaches the other queue, a moment later: long polling waits for it.
    const receive = (path: string, seconds: number) =>
      ask(path, { Action: "ReceiveMessage", VisibilityTimeout: "0", WaitTimeSeconds: String(seconds) });
    for (let times = 0; times < 5; times++) assert.match(await receive(queue(), 20), /poison/);
    assert.doesNotMatch(await receive(queue(), 1), /poison/);
    assert.match(await receive(`${queue()}-dead`, 20), /poison/);
  });
});
