import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

describe(".ci/prune-config", () => {
  const prune = (fails = false): string => {
    const folder = mkdtempSync(join(tmpdir(), "prune-"));
    const items = (...list: object[]) => JSON.stringify({ items: list });
    const map = (name: string) => ({ metadata: { namespace: "tapwork", name } });
    const user = (name: string) => ({
      spec: { template: { spec: { containers: [{ envFrom: [{ configMapRef: { name } }] }] } } },
    });
    writeFileSync(
      join(folder, "kubectl"),
      `#!/usr/bin/env bash
case "$1 $2" in
  "get configmaps") cat <<'J'
${items(map("config-old"), map("config-kept"), map("config-now"))}
J
  ;;
  "get crd") exit 0 ;;
  "get "*) [ "$2" = pods,replicasets.apps,deployments.apps,rollouts.argoproj.io ] || exit 9
${
  fails
    ? "exit 1"
    : `cat <<'J'
${items(user("config-kept"), user("config-now"))}
J`
}
  ;;
  delete*) echo "$@" >> ${folder}/deleted ;;
esac
`,
    );
    chmodSync(join(folder, "kubectl"), 0o755);
    writeFileSync(join(folder, "deleted"), "");
    try {
      execFileSync(join(__dirname, "..", "..", ".ci", "prune-config"), {
        env: { ...process.env, PATH: `${folder}:${process.env.PATH ?? ""}` },
        stdio: "pipe",
      });
    } catch (error) {
      if (!fails) throw error;
    }
    const deleted = readFileSync(join(folder, "deleted"), "utf8");
    rmSync(folder, { recursive: true });
    return deleted;
  };

  it("deletes only ConfigMaps without references", () =>
    assert.equal(prune(), "delete configmap config-old --namespace tapwork\n"));
  it("deletes nothing if it can't read the references", () => assert.equal(prune(true), ""));
});
