import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "yaml";

import { readDefinitions } from "../../cluster/crds";
import { Environment } from "../../engine/environment";
import { Lab } from "../../engine/lab";
import { installedVersion } from "../../engine/plugins";
import { Pulumi } from "../../engine/pulumi";
import { makeIdentity } from "../aggregated";
import type { Operator } from "../assets";
import type { Scene } from "../scene";
import { set, type Settings, STACK } from "../stack";
import { ChartRepositories, hostsOf } from "./charts";

/** Timeout of a command in milliseconds: longer than any of Pulumi's own. */
const PATIENCE_MS = 25 * 60_000;

/**
 * Deploys production with the Pulumi CLI, as a person does, with AWS in memory and the real Kubernetes provider on the
 * scene's cluster.
 */
export class Deployer {
  readonly pulumi: Pulumi;

  private constructor(
    private readonly lab: Lab,
    private readonly environment: Environment,
    private readonly repositories: ChartRepositories,
    cli: string,
  ) {
    this.pulumi = new Pulumi(cli, environment, PATIENCE_MS);
  }

  static async start(scene: Scene): Promise<Deployer> {
    const { root, assets, operators } = scene.options;
    const file = (name: Operator): string => operators[name]?.file ?? name;
    const { releases } = await scene.rendered();
    const identity = await makeIdentity(scene.cluster, "default", hostsOf(releases));
    const lab = new Lab(root);
    try {
      lab.installPlugins();
      const folder = join(
        lab.home,
        "plugins",
        `resource-kubernetes-v${installedVersion(lab.modules, "kubernetes")}`,
      );
      script(join(folder, "pulumi-resource-kubernetes"), `exec '${file("pulumi-resource-kubernetes")}' "$@"`);
      const { url, token, ca } = scene.endpoint;
      const credential = { apiVersion: "client.authentication.k8s.io/v1beta1", kind: "ExecCredential" };
      script(join(lab.commands, "aws"), `echo '${JSON.stringify({ ...credential, status: { token } })}'`);
      const charts = join(lab.root, "charts");
      mkdirSync(charts);
      const authority = join(lab.root, "charts.pem");
      writeFileSync(authority, identity.ca);
      const repositories = new ChartRepositories(releases, readDefinitions(assets.crds), identity, charts);
      Object.assign(lab.variables, {
        ENGINE_API_SERVER: url,
        ENGINE_API_AUTHORITY: Buffer.from(ca).toString("base64"),
        HTTPS_PROXY: await repositories.listen(),
        SSL_CERT_FILE: authority,
        ...Object.fromEntries(
          ["CACHE", "CONFIG", "DATA"].map((kind) => [`HELM_${kind}_HOME`, join(lab.root, `helm-${kind}`)]),
        ),
      });
      return new Deployer(lab, new Environment(lab, root, STACK), repositories, file("pulumi"));
    } catch (error) {
      lab.remove();
      throw error;
    }
  }

  /** Changes the copy of the stack file. */
  edit(change: (document: Document) => void): void {
    this.environment.edit(change);
  }

  set(settings: Settings): void {
    this.edit((document) => set(document, settings));
  }

  close(): void {
    this.repositories.close();
    this.lab.remove();
  }
}

const script = (file: string, text: string): void =>
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
