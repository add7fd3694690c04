// Builds what `npm run test:operators` runs beside the control plane: the controllers that a stack installs by chart or
// add-on, each from its own Go module at the version pinned in the go.mod beside this file.
//
//   node tools/operators.mjs           build what is missing
//   node tools/operators.mjs --where   print, as JSON, each program's file and version, and build nothing
//
// Each module has a folder of its own in the user's cache, named after its version and a digest of all that decides its
// content. One that can't be built is said and left out: the exit code is 1, and the test counts what needs it as skipped.
import { programSet } from "./programs.mjs";

/** Modules in the order in which they are built: the quick ones first. `from` decides the version. */
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
    // Targets come from the test by HTTP: without the ways to ask clouds for them it builds in a third of the time.
    tags: ["remove_all_sd"],
  },
  keda: {
    from: "github.com/kedacore/keda/v2",
    programs: {
      "keda-operator": "github.com/kedacore/keda/v2/cmd/operator",
      "keda-metrics-server": "github.com/kedacore/keda/v2/cmd/adapter",
    },
  },
};

const operators = programSet("operators", MODULES);

if (process.argv.includes("--where")) {
  process.stdout.write(`${JSON.stringify(operators.where(), undefined, 2)}\n`);
} else {
  const failed = operators.build("the operators; without them their scenarios are skipped.");
  process.exitCode = failed.length > 0 ? 1 : 0;
}
