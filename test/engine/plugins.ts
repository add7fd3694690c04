import { buildSync } from "esbuild";
import * as fs from "node:fs";
import * as path from "node:path";
import { awsRules } from "./providers/rules/aws";
import { dockerRules } from "./providers/rules/docker";
import { kinds, patched, release } from "./providers/rules/kubernetes";
import { randomRules } from "./providers/rules/random";
import { readSchema } from "./providers/schema";

/** The SDK's token of a kind: `kubernetes:apps/v1:Deployment`, `kubernetes:core/v1:Service`. */
function kubernetesToken(kind: string): string {
  const at = kind.lastIndexOf("/");
  const version = kind.slice(0, at);
  return `kubernetes:${version.includes("/") ? version : `core/${version}`}:${kind.slice(at + 1)}`;
}

const kubernetesTypes = () => [
  ...Object.keys(kinds).map(kubernetesToken),
  ...patched.map((kind) => `${kubernetesToken(kind)}Patch`),
  release,
];

/** The provider packages of the program, with the types that their in-memory providers support. */
export const packages: Readonly<Record<string, readonly string[]>> = {
  aws: Object.keys(awsRules),
  docker: Object.keys(dockerRules),
  kubernetes: kubernetesTypes(),
  random: Object.keys(randomRules),
};

/** Version of an installed package. */
export function installedVersion(modules: string, name: string): string {
  const file = path.join(modules, "@pulumi", name, "package.json");
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
}

/**
 * Installs the in-memory providers where the engine looks for plugins.
 *
 * @param home `PULUMI_HOME`.
 * @param modules The project's `node_modules`, which determine versions and types.
 */
export function installPlugins(home: string, modules: string): void {
  const bundle = path.join(home, "providers.js");
  buildSync({
    entryPoints: [path.join(__dirname, "providers/main.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    target: "node20",
    // The SDK loads these only to serialize functions.
    external: ["typescript", "ts-node"],
    logLevel: "error",
  });
  // The API server that a cluster's provider starts reads its certificate from the bundle's folder.
  fs.cpSync(path.join(__dirname, "../support/api-server"), path.join(home, "api-server"), {
    recursive: true,
  });
  for (const [name, types] of Object.entries(packages)) {
    const version = installedVersion(modules, name);
    const schema = path.join(home, `${name}.json`);
    fs.writeFileSync(schema, JSON.stringify(readSchema(path.join(modules, "@pulumi", name), types)));
    const folder = path.join(home, "plugins", `resource-${name}-v${version}`);
    fs.mkdirSync(folder, { recursive: true });
    const command = [process.execPath, bundle, name, version, schema].map(quoted).join(" ");
    fs.writeFileSync(path.join(folder, `pulumi-resource-${name}`), `#!/bin/sh\nexec ${command} "$@"\n`, {
      mode: 0o755,
    });
  }
}

const quoted = (text: string) => `'${text.replace(/'/g, `'\\''`)}'`;
