import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";

import { findOperators, type Operators } from "./assets";
import { deviations, installed } from "./versions";

const root = join(__dirname, "../..");

describe("the operators' versions", () => {
  const where = execFileSync(process.execPath, [join(root, "tools/operators.mjs"), "--where"], {
    encoding: "utf8",
  });
  const pinned = JSON.parse(where) as Operators;

  it("equal those that production installs", () => {
    assert.deepEqual(deviations(pinned, installed(root)), []);
  });

  it("are refused if they differ", () => {
    const older = { ...pinned, "keda-operator": { file: "", version: "v2.19.0" } };
    assert.deepEqual(deviations(older, installed(root)), [
      `keda-operator is v2.19.0, but the stack file installs ${pinned["keda-operator"]?.version ?? ""}`,
    ]);
  });

  it("are empty if nothing is built", () => {
    assert.deepEqual(
      findOperators(root, { PATH: dirname(process.execPath), XDG_CACHE_HOME: join(root, "nowhere") }),
      {},
    );
  });
});
