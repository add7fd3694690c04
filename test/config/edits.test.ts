import assert from "node:assert/strict";
import { describeFault } from "../../config/reading/errors";
import { isMap, isNode, isScalar, isSeq, parseDocument, type Document, type Node, type Pair } from "yaml";
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

/** A scalar of a stack file below `config`. */
interface Leaf {
  readonly stack: Stack;
  readonly path: Path;
  readonly value: unknown;
}

const last = ({ path }: Leaf) => String(path.at(-1));
/** Values of environment variables, tags and the identity provider's groups are any text. */
const isFree = ({ path }: Leaf) => /(^|,)(env|plinth:tags|groups)(,|$)/.test(path.join());
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

const documents = new Map(stacks.map((stack) => [stack, parseDocument(stackText(stack))]));

/** The project's leaves in a stack file. */
function leavesOf(stack: Stack): Leaf[] {
  const found: Leaf[] = [];
  const walk = (node: unknown, path: Path): void => {
    if (isMap(node))
      for (const { key, value } of node.items as Pair<Node, Node>[])
        walk(value, [...path, isScalar(key) ? String(key.value) : "?"]);
    else if (isSeq(node)) node.items.forEach((item, index) => walk(item, [...path, index]));
    else if (isScalar(node) && String(path[1]).startsWith("plinth:"))
      found.push({ stack, path, value: node.value });
  };
  walk(documents.get(stack)?.contents, []);
  return found;
}

/** Each path once: the stacks have the same schema, and most of the same paths. */
const leaves = [
  ...new Map(stacks.flatMap(leavesOf).map((leaf) => [JSON.stringify(leaf.path), leaf])).values(),
];

const nodeAt = (stack: Stack, path: Path) => documents.get(stack)?.getIn(path, true);

/** The stack file's text with another source for a node. Editing the document takes ten times as long. */
function edited(stack: Stack, node: unknown, source: (old: string) => string): string {
  const text = stackText(stack);
  const [start, end] = (isNode(node) && node.range) || assert.fail("a node of the file");
  return `${text.slice(0, start)}${source(text.slice(start, end))}${text.slice(end)}`;
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

/** Mistakes that were once accepted or reported badly: path and message of the fault. Some come from cross-checks. */
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
      "a misspelt rule of a managed group",
      set("edge.waf.countedRules", ["SizeRestrictions_BOBY"]),
      "edge.waf.countedRules.0",
      /did you mean "SizeRestrictions_BODY"/,
    ],
    [
      "a host that turns the line around",
      set("systems.ams.hosts.app", "\u202eams.suresoft.com"),
      "systems.ams.hosts.app",
      /found "\\u202eams\.suresoft\.com"/,
    ],
    [
      "a zone with a dot at its end",
      set("edge.zones", { "suresoft.com.": "Z0000000000SURESOFT1" }),
      "edge.zones.suresoft.com.",
      /without a dot at its end/,
    ],
    [
      "a mirror of a registry that has none",
      set("imageMirrors", { "gcr.io": "1.dkr.example.com" }),
      "imageMirrors.gcr.io",
      /one of the keys docker\.io, ghcr\.io, public\.ecr\.aws, quay\.io, registry\.k8s\.io/,
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

describe("config: mistakes with a message of their own", () => {
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
    it(`reports only one fault for ${what}`, async () => {
      const { faults } = await refusal("prod", edit);
      assert.equal(faults.length, 1, JSON.stringify(faults));
    });
});

describe("config: mistakes in stack files", () => {
  for (const [at, edit] of edits.entries())
    it(`refuses ${edit.what}`, async () => {
      const chosen = leaves.filter(
        (leaf, index) => index % share === at % share && edit.harmless?.(leaf) !== true,
      );
      const missed: string[] = [];
      for (const { stack, path } of chosen) {
        const faults = await faultsOf(
          stack,
          edited(stack, nodeAt(stack, path), () => edit.source),
        );
        const own = faults.filter(
          (fault) => dotted(path).startsWith(fault.path) || fault.path.startsWith(dotted(path)),
        );
        if (own.length === 0 || !faults.every(isUseful))
          missed.push(`${dotted(path)}: ${JSON.stringify(faults)}`);
      }
      assert.deepEqual(missed, []);
    });

  it("suggests the correct key for a misspelt one", async () => {
    const missed: string[] = [];
    for (const { stack, path } of leaves.filter((leaf, index) => index % share === 0 && hasFixedKey(leaf))) {
      const [key, map] = [path.at(-1), nodeAt(stack, path.slice(0, -1))];
      assert.ok(isMap(map));
      const pair = map.items.find((each) => isScalar(each.key) && each.key.value === key);
      const faults = await faultsOf(
        stack,
        edited(stack, pair?.key, (old) => `${old}x`),
      );
      const [first] = faults;
      if (faults.length !== 1 || first?.remedy?.includes(`did you mean ${key}?`) !== true)
        missed.push(`${dotted(path)}: ${JSON.stringify(faults)}`);
    }
    assert.deepEqual(missed, []);
  });

  it("refuses a repeated entry of each list", async () => {
    for (const { stack, path: first } of leaves.filter(({ path }) => path.at(-1) === 0)) {
      const path = first.slice(0, -1);
      const list = nodeAt(stack, path);
      assert.ok(isSeq(list) && list.flow);
      const faults = await faultsOf(
        stack,
        edited(stack, list.items[0], (entry) => `${entry}, ${entry}`),
      );
      assert.ok(
        faults.some((fault) => fault.path.startsWith(dotted(path)) && isUseful(fault)),
        `${dotted(path)}: ${JSON.stringify(faults)}`,
      );
    }
  });

  it("reports a tab, and not its consequences", async () => {
    const lines = stackText("prod").split("\n");
    for (let line = 3; line < lines.length; line += 11) {
      if (/^ *(#|$)/.test(lines[line] ?? "")) continue;
      const text = lines
        .map((each, index) => (index === line ? each.replace(/^ {2}/, "\t") : each))
        .join("\n");
      const faults = await faultsOf("prod", text);
      assert.deepEqual(
        faults.map(({ line: at, found }) => [at, /tab/.test(found)]),
        [[line + 1, true]],
        `${lines[line]}: ${JSON.stringify(faults)}`,
      );
    }
  });
});

/**
 * Whether a schema recognizes a misspelling of the leaf's key. It can't for names of the environment's own, and without
 * its discriminator an object's other keys can't be checked.
 */
const hasFixedKey = ({ path }: Leaf) =>
  path.length > 2 &&
  typeof path.at(-1) === "string" &&
  !/^(kind|strategy|backup)$/.test(String(path.at(-1))) &&
  !path.some((step) => /^(zones|plinth:tags|dataSlots|parameters)$/.test(String(step)));
