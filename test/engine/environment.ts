import * as fs from "node:fs";
import * as path from "node:path";
import type { Lab } from "./lab";
import { Cloud } from "./providers/cloud";
import { clusterSecurityGroup } from "./providers/rules/aws/cluster";
import { texts } from "./providers/wire";
import { parse, parseDocument, type Document } from "yaml";

/**
 * One environment of one stack: a project folder with copies of the stack files and links to everything else, and its
 * own backend and cloud.
 */
export class Environment {
  readonly folder: string;
  readonly cloud: Cloud;
  private readonly root: string;

  /**
   * @param source Folder of the Pulumi project.
   * @param stack The stack, whose file is `Pulumi.<stack>.yaml`.
   * @param name Name of the environment in the lab. Default: the stack's name.
   */
  constructor(
    readonly lab: Lab,
    source: string,
    readonly stack: string,
    name = stack,
  ) {
    this.root = path.join(lab.root, name);
    this.folder = path.join(this.root, "project");
    for (const folder of [this.folder, this.backend, this.cloudFolder])
      fs.mkdirSync(folder, { recursive: true });
    for (const file of fs.readdirSync(source)) {
      if (file.startsWith(".")) continue;
      const [from, to] = [path.join(source, file), path.join(this.folder, file)];
      if (/^Pulumi(\..+)?\.yaml$/.test(file)) fs.copyFileSync(from, to);
      else fs.symlinkSync(from, to);
    }
    if (!fs.existsSync(path.join(this.folder, "node_modules")))
      fs.symlinkSync(lab.modules, path.join(this.folder, "node_modules"));
    // A project in a folder of the repository loads `../tools`.
    fs.symlinkSync(path.join(lab.project, "tools"), path.join(this.root, "tools"));
    this.cloud = new Cloud(this.cloudFolder);
    this.admitOutsiders();
  }

  get backend(): string {
    return path.join(this.root, "backend");
  }

  get stackFile(): string {
    return path.join(this.folder, `Pulumi.${this.stack}.yaml`);
  }

  /** File of the providers' notes during one command. */
  notes(command: string): string {
    return path.join(this.root, `${command}.notes`);
  }

  events(command: string): string {
    return path.join(this.root, `${command}.events`);
  }

  /** Changes the copy of the stack file and preserves its other text. */
  edit(change: (document: Document) => void): void {
    const document = parseDocument(fs.readFileSync(this.stackFile, "utf8"));
    change(document);
    fs.writeFileSync(this.stackFile, document.toString());
  }

  /** Environment variables of the CLI and its child processes. */
  variables(command: string): NodeJS.ProcessEnv {
    return {
      ...withoutPulumi(process.env),
      PULUMI_HOME: this.lab.home,
      PULUMI_BACKEND_URL: `file://${this.backend}`,
      PULUMI_CONFIG_PASSPHRASE: "engine-test",
      // One checkpoint at the end is enough: nothing reads the state before that.
      PULUMI_SKIP_CHECKPOINTS: "true",
      // The event log is an option for debugging the CLI.
      PULUMI_DEBUG_COMMANDS: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // The command that creates tokens for the cluster, and the server that accepts them.
      PATH: [this.lab.commands, process.env["PATH"]].join(path.delimiter),
      ENGINE_API_SERVER: this.lab.apiServer,
      ENGINE_CLOUD: this.cloudFolder,
      ENGINE_NOTES: this.notes(command),
      ...this.lab.variables,
    };
  }

  private get cloudFolder(): string {
    return path.join(this.root, "cloud");
  }

  /**
   * Registers resources outside of the program: those that the stack file refers to (people's roles, hosted zones,
   * manual secrets with their replicas in the second region, a bucket of the foundation, also by ARN), and those that EKS
   * creates.
   */
  private admitOutsiders(): void {
    const file = fs.existsSync(this.stackFile)
      ? (parse(fs.readFileSync(this.stackFile, "utf8")) as unknown)
      : {};
    const named = [...texts(file)].map(([, text]) => text);
    const regions = named.filter((text) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(text));
    for (const text of named) {
      const replicas = regions.map((region) =>
        text.replace(/^(arn:aws:secretsmanager):[^:]*:/, `$1:${region}:`),
      );
      for (const name of [text, `arn:aws:s3:::${text}`, ...replicas]) this.cloud.admit(name);
    }
    this.cloud.admit(clusterSecurityGroup);
  }
}

/** Removes the caller's Pulumi settings: login, token, options. */
function withoutPulumi(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^(PULUMI_|AWS_|KUBECONFIG$|NODE_OPTIONS$|TS_NODE_)/;
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !own.test(name)));
}
