// Builds programs for tests: those that run the local tier's files (the parser of the Compose specification, the proxy,
// the NATS CLI, the object store, and the queue server, which is a Java program from Maven), and actionlint for the
// workflows.
//
//   node tools/local.mjs           build what is missing
//   node tools/local.mjs --where   print each program's file and version as JSON, without building
//
// If a program can't be built, the others still are: the exit code is 1, and the tests that need it are skipped.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { cache, digest, HERE, into, run } from "./go.mjs";
import { attempted, programSet } from "./programs.mjs";
import { answerHelp } from "./usage.mjs";

const programs = programSet("local", {
  "compose-spec": { from: "github.com/compose-spec/compose-go/v2", programs: { "compose-config": "." } },
  natscli: { from: "github.com/nats-io/natscli", programs: { nats: "github.com/nats-io/natscli/nats" } },
  versitygw: {
    from: "github.com/versity/versitygw",
    programs: { versitygw: "github.com/versity/versitygw/cmd/versitygw" },
  },
  actionlint: {
    from: "github.com/rhysd/actionlint",
    programs: { actionlint: "github.com/rhysd/actionlint/cmd/actionlint" },
  },
  caddy: { from: "github.com/caddyserver/caddy/v2", programs: { caddy: "." } },
});

const pom = join(HERE, "elasticmq", "pom.xml");
const elasticmq = {
  version: /elasticmq-server.*\s*<version>(.*)<\/version>/.exec(readFileSync(pom, "utf8"))[1],
  file: undefined,
};
elasticmq.file = cache("local", `elasticmq-${elasticmq.version}-${digest(["elasticmq"], "")}`);

function fetchElasticmq() {
  if (spawnSync("mvn", ["--version"], { stdio: "ignore" }).status !== 0) throw new Error("mvn was not found");
  into(elasticmq.file, (out) =>
    run("mvn", ["-q", "-f", pom, "dependency:copy-dependencies", `-DoutputDirectory=${out}`], HERE),
  );
}

answerHelp(
  "Usage: npm run tools:local [-- --where]\nBuilds the programs of the local tier, once: takes minutes. --where prints where they are.",
  ["--where"],
);
if (process.argv.includes("--where")) {
  process.stdout.write(`${JSON.stringify({ ...programs.where(), elasticmq }, undefined, 2)}\n`);
} else {
  const failed = programs.build("the local tier's programs; without them its tests are skipped.");
  failed.push(...attempted(["elasticmq"], fetchElasticmq));
  process.exitCode = failed.length > 0 ? 1 : 0;
}
