import assert from "node:assert/strict";
import { describeFault } from "../../config/errors";
import {
  isCollection,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
} from "yaml";
import { ConfigError, type Fault } from "../../config";
import { drop, faultsOf as refusal, set } from "../support/edits";
import { settingsOfText, stackText, stacks, type Stack } from "../support/frozen";

/** Each kind of mistake at each leaf of each stack file is refused with a useful fault, or harmless. */

type Path = (string | number)[];

interface Edit {
  readonly what: string;
  /** The value to put there, as source. */
  readonly source: string;
  /** Whether the edit may be a valid value at this leaf. */
  readonly harmless?: (leaf: Leaf) => boolean;
}

interface Leaf {
  readonly path: Path;
  readonly value: unknown;
}

const last = ({ path }: Leaf) => String(path.at(-1));
/** Values of environment variables and tags are any text. */
const isFree = ({ path }: Leaf) => path.includes("env") || path.includes("plinth:tags");
/** Zero turns these off, or is one of their values. */
const zero =
  /^(replicas|minAvailable|snapshotDays|rotationDays|versionDays|tolerancePercent|stabilizationSeconds|max_connections)$/;

const edits: readonly Edit[] = [
  { what: "an empty string", source: '""' },
  { what: "null", source: "null" },
  { what: "an object", source: "{ nested: 1 }" },
  { what: "a list", source: "[[1]]" },
  { what: "a Boolean where none is", source: "true", harmless: ({ value }) => typeof value === "boolean" },
  { what: "a negative number", source: "-1" },
  {
    what: "zero",
    source: "0",
    harmless: (leaf) =>
      zero.test(last(leaf)) || leaf.path.includes("plinth:network") || leaf.path.includes("parameters"),
  },
  { what: "not a number", source: ".nan" },
  { what: "infinity", source: ".inf" },
  { what: "a huge number", source: "1e30" },
  { what: "a hexadecimal number", source: "0x10" },
  { what: "a fraction", source: "1.5", harmless: (leaf) => /latencySeconds|target|cost/.test(last(leaf)) },
  { what: "a date", source: "2026-01-01" },
  { what: "spaces around text", source: '" x "' },
  { what: "a line break", source: '"x\\ny"' },
  { what: "very long text", source: `"${"x".repeat(5000)}"` },
  { what: "nonsense", source: '"???"', harmless: isFree },
  { what: "a secret", source: "{ secure: AAAA }" },
];

/** The leaves of a stack file: the project's scalars below `config`. */
function leavesOf(stack: Stack): Leaf[] {
  const found: Leaf[] = [];
  const walk = (node: unknown, path: Path): void => {
    if (isMap(node))
      for (const { key, value } of node.items as Pair<Node, Node>[])
        walk(value, [...path, isScalar(key) ? String(key.value) : "?"]);
    else if (isSeq(node)) node.items.forEach((item, index) => walk(item, [...path, index]));
    else if (isScalar(node) && String(path[1]).startsWith("plinth:")) found.push({ path, value: node.value });
  };
  walk(parseDocument(stackText(stack)).contents, []);
  return found;
}

const documents = new Map(stacks.map((stack) => [stack, parseDocument(stackText(stack))]));

/** A stack file of one's own to edit: a clone takes a tenth of the time that parsing does. */
const documentOf = (stack: Stack) => (documents.get(stack) ?? assert.fail(stack)).clone();

function edited(stack: Stack, path: Path, source: string): string {
  const document = documentOf(stack);
  const value = parseDocument(source).contents;
  document.setIn(path, value);
  return document.toString({ lineWidth: 0 });
}

/** Faults of a stack file's text. Any error but a `ConfigError` is a crash. */
async function faultsOf(stack: Stack, text: string): Promise<readonly Fault[]> {
  try {
    await settingsOfText(stack, text);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

/** The part of a path that names the edited value in faults. */
const dotted = (path: Path) => path.slice(1).join(".");

/** Whether a fault has a path, the found value, what is allowed and what to do. */
const isUseful = ({ found, expected, line }: Fault) =>
  found !== "" &&
  expected !== "" &&
  !/undefined|NaN |\[object|Invalid input|YAML\./.test(`${found} ${expected}`) &&
  line !== undefined;

/** Every n-th of a list, so that each leaf meets some edits and each edit many leaves. */
const share = 41;

const networks = (count: number) => Array.from({ length: count }, (_, index) => `198.51.${index}.0/24`);

/** Slips that were once accepted, or said badly: where the fault is, and what it says. Others follow from no schema. */
const seen: readonly (readonly [what: string, edit: (file: Document) => void, path: string, says: RegExp])[] =
  [
    [
      "more syslog networks than a security group takes",
      set("systems.opmas.syslog.sources", networks(21)),
      "systems.opmas.syslog.sources",
      /at most 20/,
    ],
    [
      "more networks than the load balancer's group takes",
      set("edge.inboundCidrs", networks(31)),
      "edge.inboundCidrs",
      /at most 30/,
    ],
    [
      "a rule of a managed group with a space",
      set("edge.waf.countedRules", ["Size Body"]),
      "edge.waf.countedRules.0",
      /letters, digits, _ and -/,
    ],
    [
      "too long a rule of a managed group",
      set("edge.waf.countedRules", ["x".repeat(129)]),
      "edge.waf.countedRules.0",
      /at most 128 characters/,
    ],
    [
      "a zone with a dot at its end",
      set("edge.zones", { "suresoft.com.": "Z0000000000SURESOFT1" }),
      "edge.zones.suresoft.com.",
      /without a dot at its end/,
    ],
    [
      "a mirror of a registry that has none",
      set("imageMirrors", { "quay.io": "1.dkr.example.com" }),
      "imageMirrors.quay.io",
      /one of the keys docker\.io/,
    ],
    [
      "an objective that nothing measures",
      drop("cluster.operators.prometheus"),
      "systems.ams.objectives",
      /add that operator, or remove this key/,
    ],
    [
      "a chart of another series",
      set("cluster.operators.prometheus.chart", "70.0.0"),
      "cluster.operators.prometheus.chart",
      /a chart of the series 88\.5/,
    ],
  ];

describe("config: slips that need a word of their own", () => {
  for (const [what, edit, path, says] of seen)
    it(`refuses ${what}`, async () => {
      const { file, faults } = await refusal("prod", edit);
      const fault = faults.find((each) => each.path === `plinth:${path}`);
      assert.match(describeFault(file, fault ?? assert.fail(JSON.stringify(faults))), says);
    });

  for (const [what, edit] of [
    ["both replicas and autoscaling", set("systems.ams.workloads.api.replicas", 2)],
    ["a prefix in capitals", set("prefix", "Plinth-prod")],
  ] as const)
    it(`says one thing of ${what}`, async () => {
      const { faults } = await refusal("prod", edit);
      assert.equal(faults.length, 1, JSON.stringify(faults));
    });
});

describe("config: slips in stack files", () => {
  for (const stack of stacks) {
    const leaves = leavesOf(stack);
    for (const [at, edit] of edits.entries())
      it(`refuses ${edit.what} in ${stack}`, async () => {
        const chosen = leaves.filter(
          (leaf, index) => index % share === at % share && edit.harmless?.(leaf) !== true,
        );
        const missed: string[] = [];
        for (const { path } of chosen) {
          const faults = await faultsOf(stack, edited(stack, path, edit.source));
          const own = faults.filter(
            (fault) => dotted(path).startsWith(fault.path) || fault.path.startsWith(dotted(path)),
          );
          if (own.length === 0 || !faults.every(isUseful))
            missed.push(`${dotted(path)}: ${JSON.stringify(faults)}`);
        }
        assert.deepEqual(missed, []);
      });

    it(`says what a misspelt key of ${stack} was meant to be`, async () => {
      const missed: string[] = [];
      for (const { path } of leaves.filter(
        ({ path: each }, index) => index % share === 0 && typeof each.at(-1) === "string",
      )) {
        const document = documentOf(stack);
        const key = String(path.at(-1));
        if (isNameOfOwn(path)) continue;
        visit(document, {
          Pair: (_, pair, ancestors) => {
            if (!isScalar(pair.key) || pair.key.value !== key) return undefined;
            const above = ancestors
              .filter(isPairNode)
              .map((each) => (isScalar(each.key) ? String(each.key.value) : ""));
            if (
              above.join() !==
              path
                .slice(0, -1)
                .filter((step) => typeof step === "string")
                .join()
            )
              return undefined;
            pair.key.value = `${key}x`;
            delete pair.key.source;
            return visit.BREAK;
          },
        });
        const faults = await faultsOf(stack, document.toString({ lineWidth: 0 }));
        const [first] = faults;
        if (faults.length !== 1 || first?.remedy?.includes(`did you mean ${key}?`) !== true)
          missed.push(`${dotted(path)}: ${JSON.stringify(faults)}`);
      }
      assert.deepEqual(missed, []);
    });

    it(`refuses a repeated entry of each list of ${stack}`, async () => {
      const lists = new Set(
        leaves.flatMap(({ path }) =>
          typeof path.at(-1) === "number" ? [JSON.stringify(path.slice(0, -1))] : [],
        ),
      );
      for (const path of [...lists].map((each) => JSON.parse(each) as Path)) {
        const document = documentOf(stack);
        const node = document.getIn(path);
        assert.ok(isCollection(node) && isSeq(node));
        node.add((node.items[0] as Node).clone());
        const faults = await faultsOf(stack, document.toString());
        assert.ok(
          faults.some((fault) => fault.path.startsWith(dotted(path)) && isUseful(fault)),
          `${dotted(path)}: ${JSON.stringify(faults)}`,
        );
      }
    });
  }

  it("blames a tab, and nothing that follows from it", async () => {
    const lines = stackText("prod").split("\n");
    for (let line = 3; line < lines.length; line += 11) {
      if (lines[line]?.trim() === "") continue;
      const text = lines
        .map((each, index) => (index === line ? each.replace(/^ {2}/, "\t") : each))
        .join("\n");
      const faults = await faultsOf("prod", text);
      assert.deepEqual(
        faults.map(({ line: at, found }) => [at, /tab/.test(found)]),
        /^ *#/.test(lines[line] ?? "") ? [] : [[line + 1, true]],
        `${lines[line]}: ${JSON.stringify(faults)}`,
      );
    }
  });
});

const isPairNode = (node: unknown): node is Pair<Node, Node> =>
  typeof node === "object" && node !== null && "key" in node && "value" in node;

/** Keys that are names of the environment's own, so a schema can't recognize a misspelt one. */
const isNameOfOwn = (path: Path) =>
  path.includes("zones") ||
  path.includes("plinth:tags") ||
  path.includes("dataSlots") ||
  path.includes("parameters") ||
  path.length === 2 ||
  isTextKind(path);

/** Without its discriminator an object's other keys can't be checked. */
const isTextKind = (path: Path) => ["kind", "strategy", "backup"].includes(String(path.at(-1)));
