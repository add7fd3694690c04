// Builds what `npm run test:cluster` needs and no package registry of Node's carries: a Kubernetes control plane,
// kwok's simulated nodes, and the custom resource definitions of the operators, each from its own Go modules at the
// versions pinned in the go.mod files beside this one.
//
//   node tools/build.mjs           build what is missing (about five minutes on two cores, then nothing)
//   node tools/build.mjs --where   print the folder that they are in, and build nothing
//
// The folder lies outside the work tree, in the user's cache, and is named after the Kubernetes version and a digest
// of all that decides its content: a changed version gets a new folder, an unchanged one is never built twice.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
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

/** The version that a tools module requires of one of its dependencies. */
function pinned(module, dependency) {
  const text = readFileSync(join(HERE, module, "go.mod"), "utf8");
  const match = text
    .split("\n")
    .find((line) => line.replace("require ", "").trim().startsWith(`${dependency} v`));
  if (match === undefined) throw new Error(`tools/${module}/go.mod requires no ${dependency}`);
  return match
    .trim()
    .split(" ")
    .find((word) => /^v\d/.test(word));
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
  const digest = createHash("sha256");
  const inputs = MODULES.flatMap((module) =>
    readdirSync(join(HERE, module))
      .sort()
      .map((file) => join(HERE, module, file)),
  );
  for (const file of [...inputs, fileURLToPath(import.meta.url)]) digest.update(readFileSync(file));
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const version = pinned("kubernetes", "k8s.io/kubernetes");
  return join(cache, "plinth", "envtest", `${version}-${digest.digest("hex").slice(0, 12)}`);
}

/** Modules stand alone, whatever workspace or vendoring the user's own Go settings ask for. */
const GO_ENV = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false", GOWORK: "off" };

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, env: GO_ENV, stdio: ["ignore", 2, 2] });
  if (error !== undefined || status !== 0) {
    fail(`${command} ${args[0]} failed in ${cwd}; its own words stand above. Nothing half-built was kept.`);
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function requireGo() {
  const wanted = /^go (\S+)/m.exec(readFileSync(join(HERE, "crds", "go.mod"), "utf8"))[1];
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
  } catch {
    fail(
      `go was not found on the PATH. Install Go ${wanted} or newer to build the test cluster's binaries, ` +
        "or set KUBEBUILDER_ASSETS to a folder that holds etcd, kube-apiserver, kube-controller-manager, " +
        "kube-scheduler, kwok and crds/.",
    );
  }
}

/** Runs `make` on a scratch folder and moves its result into place whole, so that a cut build leaves no half of it. */
function into(target, make) {
  if (existsSync(target)) return;
  const started = Date.now();
  const scratch = mkdtempSync(join(dirname(target), SCRATCH));
  const remove = () => rmSync(scratch, { recursive: true, force: true });
  process.once("exit", remove);
  make(join(scratch, "out"));
  renameSync(join(scratch, "out"), target);
  remove();
  process.off("exit", remove);
  process.stdout.write(`built ${target} in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

/** Name of scratch folders, and how old one is when no build can be at work in it any more: an hour. */
const SCRATCH = ".partial-";
const STALE_MS = 3_600_000;

/** Removes what builds that were killed have left. */
function sweep(folder) {
  const old = (path) => Date.now() - statSync(path).mtimeMs > STALE_MS;
  const left = readdirSync(folder)
    .filter((name) => name.startsWith(SCRATCH))
    .map((name) => join(folder, name));
  for (const path of left.filter(old)) rmSync(path, { recursive: true, force: true });
}

function build(target) {
  mkdirSync(target, { recursive: true });
  sweep(target);
  for (const { name, module, pkg, flags } of binaries()) {
    into(join(target, name), (out) => {
      const ldflags = ["-s", "-w", ...flags].join(" ");
      run("go", ["build", "-trimpath", "-ldflags", ldflags, "-o", out, pkg], join(HERE, module));
    });
  }
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

const target = folder();
if (process.argv.includes("--where")) {
  process.stdout.write(`${target}\n`);
} else {
  requireGo();
  build(target);
  process.stdout.write(`the test cluster's binaries are in ${target}\n`);
}
