import assert from "node:assert/strict";
import type { Document } from "yaml";
import { ConfigError, loadSettings } from "../../config";
import { previewProgram } from "../../preview/run-program";
import { set } from "../support/edits";
import { catalog, stackConfig, stacks, stackText, today } from "../support/frozen";

type Edit = (file: Document) => void;

/** Faults of staging's file in combination with the other stacks' files, as text. */
async function refusal(
  edit: Edit | undefined,
  others: Readonly<Record<string, string>> = {},
): Promise<string> {
  const texts = stacks.map((stack) => [stack, stackText(stack, stack === "staging" ? edit : undefined)]);
  const files = { ...(Object.fromEntries(texts) as Record<string, string>), ...others };
  try {
    await previewProgram(() => void loadSettings(catalog, today, files), {
      stack: "staging",
      ...stackConfig("staging", edit),
    });
    return "";
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

const cases: readonly [what: string, edit: Edit, path: string, says: RegExp][] = [
  [
    "an account and a prefix",
    (file) => {
      set("account.id", "333333333333")(file);
      set("prefix", "plinth-prod")(file);
    },
    "prefix",
    /a prefix that is unique in account 333333333333: Pulumi\.prod\.yaml has it/,
  ],
  [
    "a range",
    set("network.cidr", "10.30.128.0/17"),
    "network.cidr",
    /doesn't overlap that of Pulumi\.prod\.yaml/,
  ],
  ["a host", set("systems.ams.hosts.app", "ams.suresoft.com"), "systems.ams.hosts.app", /a unique host/],
  [
    "the host of a page",
    set("cluster.operators.grafana.host", "grafana.example.com"),
    "cluster.operators.grafana.host",
    /has it at plinth:cluster\.operators\.grafana\.host/,
  ],
  [
    "a host for logs",
    set("systems.opmas.syslog.host", "syslog.opmas.example.com"),
    "systems.opmas.syslog.host",
    /a unique host/,
  ],
  [
    "a domain that sends mail",
    set("systems.tapwork.stores.mail", { kind: "ses", domain: "tapwork.com" }),
    "systems.tapwork.stores.mail.domain",
    /a unique domain: Pulumi\.prod\.yaml has it/,
  ],
  [
    "a bucket's name",
    set("systems.tapwork.stores.backups.name", "tapwork-backups"),
    "systems.tapwork.stores.backups.name",
    /a unique bucket: Pulumi\.prod\.yaml has it/,
  ],
];

describe("config: two stacks", () => {
  for (const [what, edit, path, says] of cases)
    it(`can't share ${what}`, async () => {
      const message = await refusal(edit);
      assert.ok(message.includes(`plinth:${path}: found `), message);
      assert.match(message, says);
    });

  it("share nothing, and ignore an unreadable file, which its own preview refuses", async () => {
    assert.equal(await refusal(undefined), "");
    const broken = { prod: "config: [", dev: "config:\n  plinth:systems: 5\n  plinth:network: [1]\n" };
    assert.equal(await refusal(undefined, broken), "");
  });
});
