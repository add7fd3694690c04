// Builds what `npm run test:cluster` needs and no package registry of Node's carries: a Kubernetes control plane,
// kwok's simulated nodes, and the custom resource definitions of the operators, each from its own Go modules at the
// versions pinned in the go.mod files beside this one.
//
//   node tools/build.mjs           build what is missing (about five minutes on two cores, then nothing)
//   node tools/build.mjs --where   print the folder that they are in, and build nothing
//
// The folder is outside the work tree, in the user's cache, and is named after the Kubernetes version and a digest
// of all that decides its content: a changed version gets a new folder, an unchanged one is never built twice.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { GO_ENV, HERE, cache, digest, fail, goBuild, into, pinned, requireGo, run, sweep } from "./go.mjs";
import { answerHelp } from "./usage.mjs";

const MODULES = ["etcd", "kwok", "kubernetes", "crds"];

/** What controller-gen takes types from: the packages that `crds/types.go` names. */
function apiPackages() {
  const source = readFileSync(join(HERE, "crds", "types.go"), "utf8");
  return [...source.matchAll(/^\t_ "(.+)"$/gm)].map((match) => match[1]);
}

const ARGO_KINDS = [
  "rollout",
  "analysis-template",
  "cluster-analysis-template",
  "analysis-run",
  "experiment",
];

/** Definitions that stand as YAML in their modules: of what `crds/yaml.go` names. */
const YAML_DEFINITIONS = {
  ...Object.fromEntries(
    ARGO_KINDS.map((kind) => {
      const file = `${kind}-crd.yaml`;
      return [`argoproj.io_${file}`, ["github.com/argoproj/argo-rollouts", `manifests/crds/${file}`]];
    }),
  ),
  "jetstream.nats.io.yaml": ["github.com/nats-io/nack", "deploy/crds.yml"],
  "autoscaling.k8s.io.yaml": ["k8s.io/autoscaler/vertical-pod-autoscaler", "deploy/vpa-v1-crd-gen.yaml"],
};

/** The folder of a module of `crds/`, downloaded where it isn't yet. */
function moduleFolder(module) {
  const cwd = join(HERE, "crds");
  run("go", ["mod", "download", module], cwd);
  const args = ["list", "-m", "-f", "{{.Dir}}", module];
  return execFileSync("go", args, { cwd, env: GO_ENV, encoding: "utf8" }).trim();
}

/** Without these the server calls itself v0.0.0-master, and clients and `kubectl version` believe it. */
function kubernetesVersionFlags(version) {
  const [major, minor] = version.slice(1).split(".");
  const at = "k8s.io/component-base/version";
  const flags = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
  return Object.entries(flags).map(([name, value]) => `-X ${at}.${name}=${value}`);
}

function binaries() {
  const kubernetes = kubernetesVersionFlags(pinned("kubernetes", "k8s.io/kubernetes"));
  return [
    { name: "etcd", module: "etcd", pkg: "go.etcd.io/etcd/server/v3", flags: [] },
    { name: "kwok", module: "kwok", pkg: "sigs.k8s.io/kwok/cmd/kwok", flags: [] },
    ...["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map((name) => {
      return { name, module: "kubernetes", pkg: `k8s.io/kubernetes/cmd/${name}`, flags: kubernetes };
    }),
    {
      name: "controller-gen",
      module: "crds",
      pkg: "sigs.k8s.io/controller-tools/cmd/controller-gen",
      flags: [],
    },
  ];
}

/** The folder that holds (or will hold) the binaries and, in `crds/`, the definitions. */
function folder() {
  const version = pinned("kubernetes", "k8s.io/kubernetes");
  return cache("envtest", `${version}-${digest(MODULES, readFileSync(fileURLToPath(import.meta.url)))}`);
}

function build(target) {
  mkdirSync(target, { recursive: true });
  sweep(target);
  for (const { name, module, pkg, flags } of binaries())
    into(join(target, name), (out) => goBuild(module, pkg, out, { flags }));
  into(join(target, "crds"), (out) => {
    const paths = apiPackages().map((path) => `paths=${path}`);
    // The projects generate theirs without descriptions and with float fields allowed, too.
    const options = ["crd:maxDescLen=0,allowDangerousTypes=true", `output:crd:dir=${out}`];
    run(join(target, "controller-gen"), [...options, ...paths], join(HERE, "crds"));
    run("go", ["run", ".", out], join(HERE, "crds"));
    for (const [name, [module, file]] of Object.entries(YAML_DEFINITIONS))
      copyFileSync(join(moduleFolder(module), file), join(out, name));
  });
}

answerHelp(
  "Usage: npm run tools:cluster [-- --where]\nBuilds what npm run test:cluster needs, once: takes minutes. --where prints the folder.",
  ["--where"],
);
const target = folder();
if (process.argv.includes("--where")) {
  process.stdout.write(`${target}\n`);
} else {
  requireGo(
    "crds",
    "the test cluster's binaries, or set KUBEBUILDER_ASSETS to a folder that holds etcd, kube-apiserver, " +
      "kube-controller-manager, kube-scheduler, kwok and crds/.",
  );
  try {
    build(target);
  } catch (error) {
    fail(`${error.message}; see the output above. Nothing incomplete was kept.`);
  }
  process.stdout.write(`the test cluster's binaries are in ${target}\n`);
}
