import { join } from "node:path";
import { required } from "../components/base/required";
import { withRegistry } from "../components/system/release";
import { mainPort } from "../components/workload/ports";
import type { WorkloadSpec } from "../systems/spec";
import { developmentOf, type Development } from "./local";
import type { Build, Service } from "./model";
import { given } from "./names";
import { fromFile, port, type Plan } from "./plan";

/** How a workload comes to run, by the profile: image, code, command and where it listens. */
export interface Running {
  readonly service: Pick<Service, "image" | "build" | "volumes" | "working_dir" | "command" | "entrypoint">;
  /** Folder whose changes build the image again; none where the source is mounted. */
  readonly watched?: string;
  /** Volumes to be declared. */
  readonly volumes: readonly string[];
  readonly port: number | undefined;
  /** Whether Node is in the image, whatever the description says of it. */
  readonly runsNode: boolean;
  /** Path that says whether it is well, where it isn't the description's. */
  readonly healthPath?: string;
  /** Whether it runs under the cluster's conditions: a user, a read-only root, no capabilities, limits. */
  readonly confined: boolean;
  readonly variables: Readonly<Record<string, string>>;
}

/** The repository's own sample, which stands for a workload that isn't here, and the one path that it is well by. */
const sample = "images/hello";
const sampleHealth = "/health";

/** Variable of `.env`: the registry of images that name none, the same for all systems. */
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
  // A pod's command takes the place of the image's entry point.
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
  // What the stack file builds from this project is built here, too.
  if (settings.build !== undefined) {
    const { context, dockerfile, target } = settings.build;
    const made = build(plan, join(plan.root, context), {
      ...(dockerfile === `${context}/Dockerfile`
        ? {}
        : { dockerfile: fromFile(plan, join(plan.root, dockerfile)) }),
      ...(target === undefined ? {} : { target }),
    });
    // The sample is Node's.
    return {
      ...description,
      service: { build: made, ...entrypoint },
      runsNode: context === sample,
      confined: true,
    };
  }
  // The registry of images that name none stands in `.env`.
  const image = withRegistry(settings.image, given(registryVariable));
  return { ...description, service: { image, ...entrypoint }, runsNode: false, confined: true };
}

/** A workload from its source. */
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

/** A command in an image that has no packages yet: they are installed first. */
export const installed = ({ install }: Development, command: readonly string[]): readonly string[] =>
  install === undefined ? command : ["sh", "-c", `${install} && exec ${command.join(" ")}`];
