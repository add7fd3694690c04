import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Cloud } from "./providers/cloud";
import { leaks } from "./state";

describe("the search for secrets in clear", () => {
  const secret = "Canary0123456789abcdef";
  let folder: string;
  let searched: { backend: string; cloud: Cloud };

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "plinth-state-"));
    searched = { backend: path.join(folder, "backend"), cloud: new Cloud(path.join(folder, "cloud")) };
    fs.mkdirSync(path.join(searched.backend, ".pulumi/stacks"), { recursive: true });
    searched.cloud.addSecret(secret);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const write = (text: string) =>
    fs.writeFileSync(path.join(searched.backend, ".pulumi/stacks/dev.json"), text);

  it("finds none in encrypted state", () => {
    write('{"ciphertext":"v1:abc"}');
    assert.deepEqual(leaks(searched), []);
  });

  it("finds a secret in plain text or base64, without printing it", () => {
    for (const text of [secret, Buffer.from(`${secret}`).toString("base64")]) {
      write(`{"url":"postgres://${text}@db"}`);
      const [leak] = leaks(searched);
      assert.equal(leak?.file, path.join(".pulumi/stacks/dev.json"));
      assert.match(leak?.around ?? "", /"url":"postgres:\/\/…/);
      assert.doesNotMatch(leak?.around ?? "", new RegExp(secret));
    }
  });
});
