import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { entryOf, preview } from "../data/fixture";
import { credentials } from "./nats-fixture";

const passwordType = "random:index/randomPassword:RandomPassword";

describe("NATS' logins", () => {
  it("are a password and its hash each, for the workloads and the JetStream controller", async () => {
    const entry = await entryOf(credentials(), "shop-stores-nats-entry-version");
    assert.deepEqual(Object.keys(entry).sort(), [
      ...["jetstream-controller_1", "jetstream-controller_1_hash"],
      ...["shop-api_1", "shop-api_1_hash"],
      ...["shop-packer_1", "shop-packer_1_hash"],
    ]);
    for (const login of ["shop-api_1", "shop-packer_1"]) {
      assert.match(entry[login] ?? "", new RegExp(`^generated.*${login.replace("-", "")}$`));
      assert.match(entry[`${login}_hash`] ?? "", /^hash/);
    }
  });

  it("of the previous version don't change when new ones are created", async () => {
    const names = async (version: number) =>
      (await preview(credentials(version))).recording.ofType(passwordType).map(({ name }) => name);
    const [one, two, three] = await Promise.all([names(1), names(2), names(3)].map(async (each) => each));
    assert.equal(two?.length, 6);
    for (const name of one ?? []) assert.ok(two?.includes(name), name);
    for (const name of one ?? []) assert.ok(!three?.includes(name), name);
  });

  it("are part of each workload's own URL, in the current version", async () => {
    const { outputs } = (await preview(credentials(2))).store;
    const url = async (reader: string) =>
      new Promise<string>((resolve) => {
        const text = outputs.secret?.composed?.url?.((property) => `<${property}>`, reader);
        pulumi.output(text ?? "").apply(resolve);
      });
    assert.equal(await url("shop-api"), "tls://shop-api_2:<shop-api_2>@nats.shop.svc.cluster.local:4222");
    assert.notEqual(await url("shop-api"), await url("shop-packer"));
  });

  it("include the path of the authority's certificate, and an inbox", async () => {
    const { plain, personal } = (await preview(credentials())).store.outputs;
    assert.deepEqual(plain, { ca: "/etc/plinth/nats/ca.crt" });
    assert.equal(personal?.inbox?.("shop-api"), "_INBOX_shop-api");
  });
});
