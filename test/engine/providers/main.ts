import * as fs from "node:fs";
import { awsProvider } from "./aws";
import { Cloud } from "./cloud";
import { dockerProvider } from "./docker";
import { kubernetesProvider } from "./kubernetes";
import { randomProvider } from "./random";
import type { PackageSchema } from "./schema";
import { serve } from "./serve";
import type { Note, Service, Surroundings } from "./service";

/** Each provider package by its name. */
const providers: Readonly<Record<string, (version: string, surroundings: Surroundings) => Service>> = {
  aws: awsProvider,
  docker: dockerProvider,
  kubernetes: kubernetesProvider,
  random: randomProvider,
};

/**
 * One provider process: `<package> <version> <file of the schema> <the engine's arguments>`.
 *
 * `ENGINE_CLOUD` is the folder of existing resources, `ENGINE_NOTES` the file for notes to the test.
 */
const [, , name = "", version = "", schemaFile = "", ...args] = process.argv;
const { ENGINE_CLOUD: folder, ENGINE_NOTES: notes } = process.env;
const provider = providers[name];
if (provider === undefined) throw new Error(`no in-memory provider for the package ${name}`);
if (folder === undefined) throw new Error("ENGINE_CLOUD isn't set");

const write = (note: Note) => {
  if (notes !== undefined) fs.appendFileSync(notes, `${JSON.stringify(note)}\n`);
};
const schema = JSON.parse(fs.readFileSync(schemaFile, "utf8")) as PackageSchema;
void serve(provider(version, { cloud: new Cloud(folder), schema, write }), args, write);

// A killed engine can't stop its providers, so they stop when it is gone.
const engine = process.ppid;
setInterval(() => process.ppid === engine || process.exit(0), 1000).unref();
