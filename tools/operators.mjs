// Builds the programs that `npm run test:operators` runs next to the control plane: the controllers that a stack
// installs by chart or add-on, and Pulumi's Kubernetes provider, each from its own Go module at the version pinned in
// the go.mod next to this file.
//
//   node tools/operators.mjs             build what is missing
//   node tools/operators.mjs keda nats   build only these modules
//   node tools/operators.mjs --where     print each program's file and version as JSON, without building
//
// Each module has its own folder in the user's cache, named after its version and a digest of its inputs. If a module
// can't be built, the others still are: the exit code is 1, and the test skips the scenarios that need it.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fail } from "./go.mjs";
import { programSet } from "./programs.mjs";
import { answerHelp } from "./usage.mjs";

/**
 * Modules in build order, quick ones first. `from` sets the version. A module with `beside` is only used together with
 * that command: if the command isn't on the PATH, the module is only built when named.
 */
const MODULES = {
  nats: {
    from: "github.com/nats-io/nats-server/v2",
    programs: { "nats-server": "github.com/nats-io/nats-server/v2" },
  },
  "argo-rollouts": {
    from: "github.com/argoproj/argo-rollouts",
    programs: { "rollouts-controller": "github.com/argoproj/argo-rollouts/cmd/rollouts-controller" },
  },
  "cert-manager": { from: "github.com/cert-manager/cert-manager", programs: { "cert-manager": "." } },
  prometheus: {
    from: "github.com/prometheus/prometheus",
    programs: {
      prometheus: "github.com/prometheus/prometheus/cmd/prometheus",
      promtool: "github.com/prometheus/prometheus/cmd/promtool",
    },
    // The test serves the targets over HTTP. Without service discovery for clouds the build takes a third of the time.
    tags: ["remove_all_sd"],
  },
  alertmanager: {
    from: "github.com/prometheus/alertmanager",
    programs: { amtool: "github.com/prometheus/alertmanager/cmd/amtool" },
  },
  "postgres-exporter": {
    from: "github.com/prometheus-community/postgres_exporter",
    programs: {
      "postgres-exporter": "github.com/prometheus-community/postgres_exporter/cmd/postgres_exporter",
    },
  },
  "otel-collector": {
    from: "github.com/open-telemetry/opentelemetry-collector-contrib/receiver/filelogreceiver",
    programs: { otelcol: "." },
    // Takes minutes, and only the tests of its configuration need it: npm run tools:collector.
    onRequest: true,
  },
  keda: {
    from: "github.com/kedacore/keda/v2",
    programs: {
      "keda-operator": "github.com/kedacore/keda/v2/cmd/operator",
      "keda-metrics-server": "github.com/kedacore/keda/v2/cmd/adapter",
    },
  },
  "pulumi-kubernetes": {
    from: "github.com/pulumi/pulumi-kubernetes/provider/v4",
    programs: { "pulumi-resource-kubernetes": "." },
    beside: "pulumi",
  },
};

const operators = programSet("operators", MODULES);

function wanted() {
  const names = process.argv.slice(2).filter((word) => !word.startsWith("--"));
  const unknown = names.filter((name) => MODULES[name] === undefined);
  if (unknown.length > 0)
    fail(`No module ${unknown.join(", ")}; the modules are ${Object.keys(MODULES).join(", ")}`);
  if (names.length > 0) return names;
  return Object.keys(MODULES).filter((module) => {
    const { beside, onRequest } = MODULES[module];
    if (onRequest) return false;
    if (beside === undefined || isOnPath(beside)) return true;
    process.stderr.write(
      `${module} is not built: it is only used with ${beside}, which is not on the PATH\n`,
    );
    return false;
  });
}

const isOnPath = (command) =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, command)));

answerHelp(
  `Usage: npm run tools:operators [-- <module ...> | --where]\nBuilds the controllers, once: takes minutes. --where prints where they are. Modules: ${Object.keys(MODULES).join(", ")}.`,
  ["--where"],
);
if (process.argv.includes("--where")) {
  process.stdout.write(`${JSON.stringify(operators.where(), undefined, 2)}\n`);
} else {
  const failed = operators.build("the operators. Without them, their scenarios are skipped.", wanted());
  process.exitCode = failed.length > 0 ? 1 : 0;
}
