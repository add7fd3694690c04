import assert from "node:assert/strict";
import { drop, faultsOf, set } from "../support/edits";
import { stackText } from "../support/frozen";

/** Faults of prod's stack file after an edit, each as its path without the project's name, and what to do. */
async function told(
  edit: Parameters<typeof faultsOf>[1],
): Promise<[path: string, remedy: string | undefined][]> {
  const { faults } = await faultsOf("prod", edit);
  return faults.map(({ path, remedy }) => [path.replace(/^plinth:/, ""), remedy]);
}

const web = "systems.ams.workloads.web";
const load = { users: 5, minutes: 10, paths: [{ path: "/", status: 600 }] };

/** Line of the file on which a fault is, with the text of that line. */
async function lineOf(edit: Parameters<typeof faultsOf>[1]): Promise<string | undefined> {
  const [fault] = (await faultsOf("prod", edit)).faults;
  return stackText("prod", edit).split("\n")[(fault?.line ?? 0) - 1];
}

describe("the message of a configuration fault", () => {
  for (const [what, path, value, remedy] of [
    ["text without quotes", "systems.ams.stores.postgres.version", 15, 'put it in quotes: "15"'],
    ["a number in quotes", `${web}.replicas`, "3", "remove the quotes: 3"],
    ["a Boolean in quotes", "systems.ams.stores.postgres.multiAz", "true", "remove the quotes: true"],
    ["a number in quotes that is out of range", `${web}.replicas`, "501", undefined],
    ["a number with a unit", "network.flowLogDays", "365d", "did you mean the number 365? Change the value"],
    ["a status that doesn't exist", "systems.ams.loadTest", load, undefined],
    ["a key where none is", "systems.ams.networks", { office: {} }, "remove it"],
    [
      "a misspelt rule group",
      "edge.waf.groups",
      { ipReputation: "block", knownBadInputs: "block", common: "block", sqlInjecton: "block" },
      "did you mean sqlInjection? Rename it, or remove it",
    ],
    [
      "a misspelt kind",
      "backups.vault.lock",
      { mode: "complaince" },
      'did you mean "compliance"? Change the value',
    ],
  ] as const)
    it(`says what to do about ${what}`, async () => {
      const faults = await told(set(path, value));
      assert.deepEqual(
        faults.map(([at, what]) => [at.startsWith(path), what]),
        [[true, remedy]],
      );
    });

  it("names the line of `config` for a key that is missing in it", async () => {
    assert.equal(await lineOf(drop("storage")), "config:");
  });

  it("lists the keys of an object that has another type", async () => {
    const { message } = await faultsOf("prod", set("edge.waf", true));
    assert.match(
      message,
      /found the boolean true; allowed is an object; its keys are groups, countedRules, /,
    );
  });

  for (const [what, edit, ...paths] of [
    ["an EKS version that isn't on offer", set("cluster.version", "1.20"), "cluster.version"],
    [
      "a permissions boundary of another account",
      set("permissionsBoundary", "arn:aws:iam::444444444444:policy/x"),
      "permissionsBoundary",
    ],
    ["no hosted zone", set("edge.zones", {}), "edge.zones"],
    ["no slots", drop("network.dataSlots"), "network.dataSlots"],
    ["no single sign-on", drop("signOn"), "signOn"],
    [
      "metrics kept too short for every system's alerts",
      set("cluster.operators.prometheus.retentionDays", 1),
      "cluster.operators.prometheus.retentionDays",
    ],
    ["nodes for logs that zones can't share", set("logs.nodes.count", 2), "logs.nodes.count"],
    ["readers of an unknown system's logs", set("logs.readers.opmass", []), "logs.readers.opmass"],
    [
      "readers of logs from another account",
      set("logs.readers.all", ["arn:aws:iam::444444444444:role/auditor"]),
      "logs.readers.all.0",
    ],
    [
      "readers of logs that aren't roles",
      set("logs.readers.all", ["arn:aws:iam::333333333333:user/auditor"]),
      "logs.readers.all.0",
    ],
    ["no place where traces are searched", drop("logs"), "traces.host"],
    [
      "a second region that isn't one",
      set("standby", {
        region: "ap-northeast-1",
        active: "standby",
        network: { cidr: "10.40.0.0/16", zones: ["ap-northeast-1a", "ap-northeast-1c"] },
      }),
      "standby.active",
    ],
    [
      "an empty list of networks, from which anybody could connect",
      set("edge.inboundCidrs", []),
      "edge.inboundCidrs",
    ],
    [
      "recovery points during the databases' maintenance",
      set("backups.vault.hour", 18),
      "backups.vault.hour",
    ],
    ["weekly recovery points just before it", set("backups.vault.hour", 15), "backups.vault.hour"],
    [
      "a release that the workload can't have",
      set("systems.ams.workloads.worker.release", { strategy: "blue-green" }),
      "systems.ams.workloads.worker.release.strategy",
    ],
    [
      "a misspelt top-level key",
      (file: Parameters<ReturnType<typeof set>>[0]) => {
        set("prefxi", "plinth-prod")(file);
        drop("prefix")(file);
      },
      "prefxi",
    ],
    [
      "no operators",
      drop("cluster.operators"),
      "cluster.operators.externalSecrets.chart",
      "cluster.operators.externalSecrets.replicas",
    ],
    [
      "a disposable stack that is protected",
      set("disposable", true),
      "disposable",
      "backups.configuration",
      "backups.vault.lock.mode",
    ],
  ] as const)
    it(`names ${what} without its consequences`, async () => {
      assert.deepEqual(
        (await told(edit)).map(([path]) => path),
        paths,
      );
    });
});
