import assert from "node:assert/strict";
import { kubeconfig } from "../../../components/cluster/kubeconfig";

const config = JSON.parse(
  kubeconfig({
    name: "plinth-test",
    region: "ap-northeast-2",
    endpoint: "https://api.test",
    certificateAuthority: "Y2VydA==",
  }),
) as {
  "current-context": string;
  clusters: { name: string; cluster: Record<string, string> }[];
  contexts: { name: string; context: { cluster: string; user: string } }[];
  users: {
    name: string;
    user: Record<string, { command: string; args: string[]; interactiveMode: string }>;
  }[];
};

describe("kubeconfig", () => {
  it("selects the cluster with its current context", () => {
    const context = config.contexts.find(({ name }) => name === config["current-context"])?.context;
    const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster;
    assert.deepEqual(cluster, {
      server: "https://api.test",
      "certificate-authority-data": "Y2VydA==",
    });
    assert.ok(config.users.some(({ name }) => name === context?.user));
  });

  it("contains no credentials, only the command that gets a token for this cluster and region", () => {
    assert.equal(config.users.length, 1);
    for (const { user } of config.users) {
      assert.deepEqual(Object.keys(user), ["exec"]);
      assert.equal(user.exec?.command, "aws");
      assert.equal(
        user.exec?.args.join(" "),
        "--region ap-northeast-2 eks get-token --cluster-name plinth-test --output json",
      );
      // It runs in CI, without a terminal.
      assert.equal(user.exec?.interactiveMode, "Never");
    }
  });
});
