import { join } from "node:path";
import { required } from "../components/base/required";
import { withRegistry } from "../components/system/release";
import { mainPort } from "../components/workload/ports";
import type { WorkloadSpec } from "../systems/spec";
import { developmentOf, type Development } from "./local";
import type { Build, Service } from "./model";
import { given } from "./names";
import { fromFile, port, type Plan } from "./plan";

/** How a workload runs in a profile: image, code, command and port. */
export interface Running {
  readonly service: Pick<Service, "image" | "build" | "volumes" | "working_dir" | "command" | "entrypoint">;
  /** Folder whose changes trigger a rebuild; none if the source is mounted. */
  readonly watched?: string;
  /** Volumes to declare. */
  readonly volumes: readonly string[];
  readonly port: number | undefined;
  /** Whether the image has Node, regardless of the description. */
  readonly runsNode: boolean;
  /** Health check path, if it differs from the description's. */
  readonly healthPath?: string;
  /** Whether the cluster's restrictions apply: a user, a read-only root, no capabilities, limits. */
  readonly confined: boolean;
  readonly variables: Readonly<Record<string, string>>;
}

/** This repository's sample, which replaces workloads whose image is missing here, and its health check path. */
const sample = "images/hello";
const sampleHealth = "/health";

/** Variable of `.env` with the registry of images that don't name one, the same for all systems. */
export const registryVariable = "REGISTRY";

const build = (plan: Plan, folder: string, more: Omit<Build, "context"> = {}): Build => ({
  context: fromFile(plan, folder),
  ...more,
});

/** How a workload runs. */
export function running(plan: Plan, key: string): Running {
  const spec = required(plan.spec.workloads[key], key);
  const settings = required(plan.settings.workloads[key], key);
  const description = { port: mainPort(spec)?.port, volumes: [], variables: {} };
  // A pod's command replaces the image's entry point.
  const entrypoint = spec.command === undefined ? {} : { entrypoint: spec.command };
  if (plan.profile === "sample") {
    const folder = join(plan.root, sample);
    const variables: Record<string, string> =
      description.port === undefined ? {} : { PORT: String(description.port) };
    return {
      ...description,
      service: { build: build(plan, folder) },
      runsNode: true,
      healthPath: sampleHealth,
      confined: true,
      variables,
    };
  }
  if (plan.profile === "dev" && settings.build === undefined)
    return developed(plan, developmentOf(plan.local, key), spec);
  // A workload that the stack file builds from this project is built here, too.
  if (settings.build !== undefined) {
    const { context, dockerfile, target } = settings.build;
    const made = build(plan, join(plan.root, context), {
      ...(dockerfile === `${context}/Dockerfile`
        ? {}
        : { dockerfile: fromFile(plan, join(plan.root, dockerfile)) }),
      ...(target === undefined ? {} : { target }),
    });
    // The sample runs on Node.
    return {
      ...description,
      service: { build: made, ...entrypoint },
      runsNode: context === sample,
      confined: true,
    };
  }
  // `.env` sets the registry of images that don't name one.
  const image = withRegistry(settings.image, given(registryVariable));
  return { ...description, service: { image, ...entrypoint }, runsNode: false, confined: true };
}

/** A workload that runs from source. */
function developed(plan: Plan, development: Development, spec: WorkloadSpec): Running {
  const { source, target, image, mount, keep = [], volumes = {} } = development;
  const folder = join(plan.source, source);
  const command = development.command ?? spec.command;
  return {
    service: {
      ...(image === undefined
        ? { build: build(plan, folder, target === undefined ? {} : { target }) }
        : { image, working_dir: mount ?? "/app" }),
      ...(command === undefined ? {} : { command: installed(development, command) }),
      ...(mount === undefined
        ? {}
        : {
            volumes: [
              `${fromFile(plan, folder)}:${mount}`,
              ...keep,
              ...Object.entries(volumes).map(([path, volume]) => `${volume}:${path}`),
            ],
          }),
    },
    ...(mount === undefined ? { watched: fromFile(plan, folder) } : {}),
    volumes: Object.values(volumes),
    port: development.port ?? mainPort(spec)?.port,
    runsNode: image !== undefined || target !== undefined,
    confined: false,
    variables: Object.fromEntries(
      Object.entries(development.addresses ?? {}).map(([name, other]) => [
        name,
        `http://localhost:${port(plan, required(plan.local.workloads[other]?.publish, `port of ${other}`))}`,
      ]),
    ),
  };
}

/** A command that first installs packages, in an image without them. */
export const installed = ({ install }: Development, command: readonly string[]): readonly string[] =>
  install === undefined ? command : ["sh", "-c", `${install} && exec ${command.join(" ")}`];
