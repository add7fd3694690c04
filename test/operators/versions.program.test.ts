import assert from "node:assert/strict";
import { dirname, join } from "node:path";

import { programsOf } from "../support/built-program";
import { findOperators, type Operators } from "./assets";
import { deviations, installed } from "./versions";

const root = join(__dirname, "../..");

describe("the operators' versions", () => {
  const pinned: Operators = programsOf("operators.mjs");

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
