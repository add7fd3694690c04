import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { addonBuilds, addonFaults } from "../../config/cluster/addons";
import { tags } from "../../config/environment";
import { settingsOf, stacks } from "../support/frozen";

describe("the add-ons' builds", () => {
  it("of every stack are known for the cluster's version", async () => {
    for (const stack of stacks) {
      const { version, addons } = (await settingsOf(stack)).cluster;
      assert.deepEqual(addonFaults(version, addons), [], stack);
    }
  });

  it("that are unknown are refused, with the command that lists AWS' builds", async () => {
    const { addons } = (await settingsOf("prod")).cluster;
    const [old, ...more] = addonFaults("1.36", { ...addons, "metrics-server": "v0.8.0-eksbuild.3" });
    assert.deepEqual([old?.path, more], [["addons", "metrics-server"], []]);
    assert.match(
      old?.message ?? "",
      /^one of v0\.9\.0-eksbuild\.11 for Kubernetes 1\.36; .*describe-addon-versions --addon-name metrics-server --kubernetes-version 1\.36/,
    );
    const certManager = { ...addons["cert-manager"], version: "v1.21.0-eksbuild.3" };
    assert.deepEqual(addonFaults("1.36", { ...addons, "cert-manager": certManager })[0]?.path, [
      ...["addons", "cert-manager", "version"],
    ]);
  });

  it("are refused for a version of Kubernetes without a row", async () => {
    const { addons } = (await settingsOf("prod")).cluster;
    const [fault] = addonFaults("1.37", addons);
    assert.deepEqual(fault?.path, ["version"]);
    assert.match(fault?.message ?? "", /^one of 1\.35, 1\.36: .*--kubernetes-version 1\.37/);
  });

  it("are documented by add-on and version", () => {
    const rows = readFileSync(`${__dirname}/../../docs/operators.md`, "utf8").split("\n");
    for (const row of Object.values(addonBuilds))
      for (const [name, builds] of Object.entries(row))
        for (const build of builds)
          assert.ok(
            rows.some((line) => line.includes(`| \`${name}\``) && line.includes(build)),
            build,
          );
  });
});

describe("tags", () => {
  it("contain only characters that IAM accepts, which are fewer than EC2's", () => {
    assert.ok(tags.safeParse({ Owner: "Team of platform 1", CostCenter: "1000" }).success);
    const refused = tags.safeParse({ Owner: "R&D", CostCenter: "1000" });
    assert.match(
      refused.error?.issues[0]?.message ?? "",
      /the team that is responsible for the environment: 1 to 256 letters/,
    );
  });
});
