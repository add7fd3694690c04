import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Arguments } from "../../compose/cli";
import { filesOf, plansOf } from "../../compose/main";
import type { Plan, Profile } from "../../compose/plan";
import type { Settings } from "../../config";
import { catalog, type SystemSpec } from "../../systems";
import { developmentOf, localOf } from "../../compose/local";
import { settingsOf } from "../support/stacks";
import { scratch } from "./programs";

export const systems = Object.keys(catalog);
export const root = join(__dirname, "..", "..");

let settings: Promise<Settings> | undefined;
const dev = () => (settings ??= settingsOf("dev"));

/** Source folders of a system. */
const sources = ({ name, workloads }: SystemSpec): string[] =>
  Object.keys(workloads).map((key) => developmentOf(localOf(name), key).source);

/** A checkout of every system, each in a folder with its name. */
export function checkouts(): string {
  const folder = scratch();
  for (const spec of Object.values<SystemSpec>(catalog))
    for (const source of sources(spec)) {
      mkdirSync(join(folder, spec.name, source), { recursive: true });
      for (const file of ["Dockerfile", "package.json"])
        writeFileSync(join(folder, spec.name, source, file), "");
    }
  return folder;
}

const defaults = { profile: "image", offset: 0, seed: false, stack: "dev", source: undefined } as const;

/** The plans of one system, or of all. */
export async function plans(
  system: string | undefined,
  given: Partial<Omit<Arguments, "system">> & { profile?: Profile } = {},
): Promise<Plan[]> {
  const args = { ...defaults, out: join(root, "local", system ?? "all"), ...given, system };
  return plansOf(args, await dev(), { root, startedIn: root });
}

export async function onePlan(system: string, given: Parameters<typeof plans>[1] = {}): Promise<Plan> {
  const [plan] = await plans(system, given);
  if (plan === undefined) throw new Error(`no ${system}`);
  return plan;
}

/** The files of one system, or of all. */
export async function files(
  system: string | undefined,
  given: Parameters<typeof plans>[1] = {},
): Promise<Record<string, string>> {
  const args = { ...defaults, out: undefined, ...given, system };
  return filesOf([], args, await plans(system, given));
}

/** Tests of the files of each system, and of all, in each profile. */
export function describeFiles(
  tests: (written: () => Record<string, string>, system: string | undefined, profile: Profile) => void,
): void {
  const source = checkouts();
  for (const system of [...systems, undefined])
    for (const profile of ["image", "dev", "sample"] as const)
      describe(`of ${system ?? "all"}, profile ${profile}`, () => {
        let written: Record<string, string>;
        before(async () => {
          const folder = system === undefined ? source : join(source, system);
          written = await files(system, { profile, ...(profile === "dev" && { source: folder }) });
        });
        tests(() => written, system, profile);
      });
}
