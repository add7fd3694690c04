// Builds what `npm run test:cluster` needs and npm doesn't have: a Kubernetes control plane, kwok's simulated nodes, and
// the custom resource definitions of the operators, each from its own Go module at the version pinned in the go.mod
// files next to this file.
//
//   node tools/build.mjs           build what is missing (about five minutes on two cores)
//   node tools/build.mjs --where   print their folder, and build nothing
//
// The folder is in the user's cache, and is named after the Kubernetes version and a digest of its inputs, so each
// version is built once.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { GO_ENV, HERE, cache, digest, fail, goBuild, into, pinned, requireGo, run, sweep } from "./go.mjs";
import { answerHelp } from "./usage.mjs";

const MODULES = ["etcd", "kwok", "kubernetes", "crds"];

/** Packages from which controller-gen reads types, as in `crds/types.go`. */
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

/** Definitions that are YAML files in their modules, as in `crds/yaml.go`. */
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

/** The folder of a module of `crds/`, downloaded if necessary. */
function moduleFolder(module) {
  const cwd = join(HERE, "crds");
  run("go", ["mod", "download", module], cwd);
  const args = ["list", "-m", "-f", "{{.Dir}}", module];
  return execFileSync("go", args, { cwd, env: GO_ENV, encoding: "utf8" }).trim();
}

/** Without these the server reports v0.0.0-master, also to clients and `kubectl version`. */
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
    // The projects also generate theirs without descriptions, and allow float fields.
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
