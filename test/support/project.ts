import { environment } from "../../components/environment";
import { loadSettings, type Settings } from "../../config";
import { previewProgram, type Recording, type RunOptions } from "../../preview/run-program";
import { speedUp } from "../../preview/sdk/speed";
import type { StackConfig } from "../../preview/stack-file";
import type { Catalog } from "../../systems/spec";
import { keptRecording } from "./kept-recordings";
import { stackNames } from "./stack-files";
import { StackText, type Edit } from "./stack-text";

// Test files preview many stacks, so use the faster preview.
speedUp(new Set());

/** Name of a stack, as in its file's name: `Pulumi.<name>.yaml`. */
export type Stack = string;

/** A fixed day on which every engine of the stack files is supported. */
export const today = new Date("2026-11-21T00:00:00Z");

/** Stack files and their catalog. */
export interface Project {
  /** Names of its stacks, sorted. */
  readonly stacks: readonly Stack[];
  /** Text of a stack file after an edit. */
  readonly stackText: (stack: Stack, edit?: Edit) => string;
  /** A stack's configuration as the engine would pass it. */
  readonly stackConfig: (stack: Stack, edit?: Edit) => StackConfig;
  /** Settings of a stack, decoded by the project's own schema. */
  readonly settingsOf: (stack: Stack, edit?: Edit, now?: Date) => Promise<Settings>;
  /** Settings of a stack file's text. Faults have their lines in it. */
  readonly settingsOfText: (stack: Stack, text: string, now?: Date) => Promise<Settings>;
  /** What a stack registers. Each stack runs once for all tests in all processes. */
  readonly recordingOf: (stack: Stack) => Promise<Recording>;
  /** What a stack would register after an edit of its file. With `outputsOf` it runs each time. */
  readonly recordingWith: (
    stack: Stack,
    edit?: Edit,
    options?: Pick<RunOptions, "outputsOf">,
  ) => Promise<Recording>;
}

/** Calls a function without printing its warnings: each reading of a stack file advises on its example values. */
export function quietly<T>(call: () => T): T {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return call();
  } finally {
    console.warn = warn;
  }
}

/** Number of recordings of edited stack files that are kept: the tests of a suite often share an edit. */
const RECENT = 4;

/** The stack files of a folder, run with a catalog. */
export function projectIn(folder: string, catalog: Catalog): Project {
  const files = new Map<Stack, StackText>();
  const fileOf = (stack: Stack) => {
    const file = files.get(stack) ?? new StackText(folder, `Pulumi.${stack}.yaml`);
    files.set(stack, file);
    return file;
  };
  const stackText: Project["stackText"] = (stack, edit) => {
    const file = fileOf(stack);
    return edit === undefined ? file.text : file.edited(edit);
  };
  const read = (stack: Stack, text: string) => fileOf(stack).read(text);
  const configs = new Map<Stack, StackConfig>();
  const stackConfig: Project["stackConfig"] = (stack, edit) => {
    if (edit !== undefined) return read(stack, stackText(stack, edit));
    const known = configs.get(stack) ?? read(stack, stackText(stack));
    configs.set(stack, known);
    return known;
  };
  const run = (stack: Stack, config: StackConfig, options: Pick<RunOptions, "outputsOf">) =>
    previewProgram(() => environment(loadSettings(catalog, today), catalog), {
      stack,
      ...options,
      ...config,
    });
  const record = (stack: Stack, config: StackConfig) =>
    keptRecording([stack, config, catalog], () => run(stack, config, {}));
  const recent = new Map<string, Promise<Recording>>();
  const recordingWith: Project["recordingWith"] = (stack, edit, options = {}) => {
    const config = stackConfig(stack, edit);
    if (options.outputsOf !== undefined) return run(stack, config, options);
    const key = JSON.stringify([stack, config]);
    if (key === JSON.stringify([stack, stackConfig(stack)])) return recordingOf(stack);
    const recording = recent.get(key) ?? record(stack, config);
    recent.delete(key);
    recent.set(key, recording);
    const [oldest] = recent.keys();
    if (recent.size > RECENT && oldest !== undefined) recent.delete(oldest);
    return recording;
  };
  const settingsOfText: Project["settingsOfText"] = async (stack, text, now = today) => {
    let settings: Settings | undefined;
    const load = () => void (settings = loadSettings(catalog, now, { [stack]: text }));
    await previewProgram(() => quietly(load), { stack, ...read(stack, text) });
    if (settings === undefined) throw new Error("the program did not run");
    return settings;
  };
  const recordings = new Map<Stack, Promise<Recording>>();
  const recordingOf: Project["recordingOf"] = (stack) => {
    const known = recordings.get(stack) ?? record(stack, stackConfig(stack));
    recordings.set(stack, known);
    return known;
  };
  return {
    stacks: stackNames(folder),
    stackText,
    stackConfig,
    recordingWith,
    recordingOf,
    settingsOfText,
    settingsOf: (stack, edit, now = today) => settingsOfText(stack, stackText(stack, edit), now),
  };
}
