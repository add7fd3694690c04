import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { recordingOf } from "../support/recordings";
import { largest } from "../support/stacks";
import { inputsOf } from "../support/inputs";

/**
 * Folder of charts, each unpacked in a folder of its name: `helm pull --untar -d <folder> --repo <repository> <chart>`.
 * Charts aren't part of the project, and their repositories may be unreachable in tests.
 */
const folder = process.env.PLINTH_CHARTS;

type Values = Readonly<Record<string, unknown>>;

interface Chart {
  readonly version: string;
  readonly defaults: Values;
  /** Templates, and the files that they include. */
  readonly text: string;
}

const isMap = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function read(path: string): Chart {
  const texts = readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => /^(templates|files|charts)\//.test(name) && /\.(ya?ml|tpl|txt)$/.test(name))
    .map((name) => readFileSync(join(path, name), "utf8"));
  return {
    version: String((parse(readFileSync(join(path, "Chart.yaml"), "utf8")) as Values).version),
    defaults: (parse(readFileSync(join(path, "values.yaml"), "utf8")) ?? {}) as Values,
    text: texts.join("\n"),
  };
}

/**
 * Unused keys of a chart: neither among its defaults nor named in a template. Keys below a default that is empty, not a
 * map, or used as a whole by a template aren't checked.
 */
function unread(values: Values, defaults: Values, text: string, path: readonly string[] = []): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const here = [...path, key];
    const known = defaults[key];
    if (isMap(value) && isMap(known) && Object.keys(known).length > 0)
      return unread(value, known, text, here);
    if (key in defaults || text.includes(`.${here.join(".")}`)) return [];
    // Templates use nested keys within a block: `with .Values.config.nats`, then `.tls`.
    if (path.length > 0 && new RegExp(`\\.${key}\\b`).test(text)) return [];
    return [here.join(".")];
  });
}

describe("the charts' values", () => {
  it("have no key that the chart doesn't use", async function () {
    if (folder === undefined) return this.skip();
    const releases = [...(await recordingOf(largest)).resources.values()].filter(
      ({ type }) => type === "kubernetes:helm.sh/v3:Release",
    );
    assert.notEqual(releases.length, 0);
    const faults: string[] = [];
    for (const { inputs } of releases) {
      const {
        chart,
        version,
        values = {},
      } = inputsOf<{
        chart: string;
        version: string;
        values?: Values;
      }>({ inputs });
      const path = join(folder, chart);
      if (!existsSync(path)) {
        faults.push(`${chart} isn't in ${folder}`);
        continue;
      }
      const found = read(path);
      if (found.version !== version) faults.push(`${chart} in ${folder} is ${found.version}, not ${version}`);
      for (const key of unread(values, found.defaults, found.text))
        faults.push(`${chart}: nothing reads ${key}`);
    }
    assert.deepEqual(faults, []);
  });

  it("are reported if unused", () => {
    const defaults = { config: { nats: { port: 1 }, merge: {} }, name: null };
    const text = "{{- with .Values.config }}{{ .nats.port }}{{ .deep.key }}{{ end }}";
    const values = {
      config: { nats: { port: 2, prot: 3 }, merge: { any: 1 }, deep: 1 },
      nmae: "x",
      name: "y",
    };
    assert.deepEqual(unread(values, defaults, text), ["config.nats.prot", "nmae"]);
  });
});
