import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "../..");

describe("npm run preview -- foundation/<stack>", () => {
  it("previews the project in the folder, with the policy pack's verdicts", () => {
    const text = execFileSync(process.execPath, ["preview/run.mjs", "foundation/prod"], {
      cwd: root,
      encoding: "utf8",
    });
    assert.match(text, /^foundation\/prod as a new stack: /);
    assert.match(text, /, 0 violated/);
    assert.match(text, /pulumi --cwd foundation up --stack prod --policy-pack \.\.\/policies/);
  });
});
