import type { z } from "zod";
import type { Catalog } from "../systems/spec";
import { audit } from "./audit";
import { backups } from "./recovery/backups";
import { cluster } from "./cluster";
import { costs } from "./costs";
import { edge } from "./edge";
import * as environment from "./environment";
import { gameDays } from "./recovery/game-days";
import { logs } from "./logs";
import { signOn } from "./edge/sign-on";
import { standby } from "./recovery/standby";
import { systemsSchema } from "./systems";
import { traces } from "./traces";

/** Schemas by catalog and day: one takes longer to make than a stack file to read. */
const made = new WeakMap<Catalog, Map<number, Schemas>>();

/** The schema of every top-level key of a stack file, without the project's prefix. */
export function schemas(catalog: Catalog, now: Date): Schemas {
  const ofCatalog = made.get(catalog) ?? new Map<number, Schemas>();
  const known = ofCatalog.get(now.getTime()) ?? newSchemas(catalog, now);
  made.set(catalog, ofCatalog.set(now.getTime(), known));
  return known;
}

const newSchemas = (catalog: Catalog, now: Date) => ({
  account: environment.account,
  prefix: environment.prefix,
  tags: environment.tags,
  protect: environment.protect,
  disposable: environment.disposable,
  testData: environment.testData,
  permissionsBoundary: environment.permissionsBoundary,
  registry: environment.registry,
  imageMirrors: environment.imageMirrors,
  network: environment.network,
  cluster: cluster(now),
  edge,
  alarms: environment.alarms,
  storage: environment.storage,
  audit,
  backups,
  costs,
  gameDays,
  credentials: environment.credentials,
  signOn: signOn
    .optional()
    .describe("Single sign-on for Grafana and Jaeger. Without it, neither has a page."),
  logs,
  traces,
  standby: standby(catalog)
    .optional()
    .describe("A second region that holds copies of all data: docs/recovery.md. Default: none."),
  systems: systemsSchema(catalog, now),
});

type Schemas = ReturnType<typeof newSchemas>;

/** One environment, as its stack file describes it. */
export type Settings = { readonly [Key in keyof Schemas]: z.output<Schemas[Key]> } & {
  readonly project: string;
  readonly stack: string;
};
