import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isNode, isPair, Pair, parseDocument, YAMLMap, type Document, type Node } from "yaml";
import { topLevelParts } from "../../config/reading/lines";
import { readStackFile, type StackConfig } from "../../preview/stack-file";

/*
 * Tests read thousands of edited stack files, and most edits change one of two dozen top-level keys. So only what an
 * edit touches is copied, written and read again.
 */

/** A change of a stack file. */
export type Edit = (file: Document) => void;

const copyOf = <T extends object>(object: T): T =>
  Object.create(
    Object.getPrototypeOf(object) as object,
    Object.getOwnPropertyDescriptors(object),
  ) as unknown as T;

/** A copy of a pair, whose value is copied when it is first asked for. */
function lazyCopy(original: Pair<Node, Node>): { readonly pair: Pair; readonly isSame: () => boolean } {
  const pair = new Pair<Node, unknown>(original.key.clone() as Node, null);
  let value: { readonly now: unknown } | undefined;
  Object.defineProperty(pair, "value", {
    get: () => (value ??= { now: isNode(original.value) ? original.value.clone() : original.value }).now,
    set: (now: unknown) => (value = { now }),
  });
  const key = String(original.key);
  return { pair, isSame: () => value === undefined && String(pair.key) === key };
}

/** How a stack file is written after an edit: without one as `plain`. */
function writer(text: string): { readonly plain: string; readonly edited: (edit: Edit) => string } {
  const whole = parseDocument(text) as Document;
  const plain = whole.toString();
  const [top] = isMap(whole.contents) ? whole.contents.items : [];
  const config = top?.value;
  if (!isPair(top) || !isMap(config)) return assert.fail("the stack file has no map config");
  const file = (outer: YAMLMap, key: unknown, inner: YAMLMap, items: Pair[]): Document => {
    const copy = copyOf(whole);
    inner.items = items;
    outer.items = [new Pair(key, inner)];
    copy.contents = outer as never;
    return copy;
  };
  /** A pair as it stands below `config`. */
  const written = (pair: Pair): string => {
    const [outer, inner] = [new YAMLMap(whole.schema), new YAMLMap(whole.schema)];
    const alone = file(outer, "config", inner, [pair]);
    alone.commentBefore = null;
    return alone.toString().slice("config:\n".length);
  };
  const originals = config.items as Pair<Node, Node>[];
  const texts = new Map<Pair, string>(originals.map((pair) => [pair, written(pair)]));
  const all = [...texts.values()].join("");
  assert.ok(plain.endsWith(all), "the stack file isn't the sum of its keys");
  const head = plain.slice(0, -all.length);
  const edited = (edit: Edit): string => {
    const copies = originals.map((original) => ({ original, ...lazyCopy(original) }));
    const [contents, map] = [copyOf(whole.contents as YAMLMap), copyOf(config)];
    const copy = file(
      contents,
      (top.key as Node).clone(),
      map,
      copies.map(({ pair }) => pair),
    );
    edit(copy);
    const [now, ...others] = isMap(copy.contents) ? copy.contents.items : [];
    if (
      (copy.contents as unknown) !== contents ||
      now?.value !== map ||
      others.length > 0 ||
      map.items.length === 0
    )
      return copy.toString();
    return [
      head,
      ...map.items.map((pair) => {
        const known = copies.find((each) => each.pair === pair && each.isSame());
        return known === undefined ? written(pair) : texts.get(known.original);
      }),
    ].join("");
  };
  return { plain, edited };
}

/** A stack file: its text, also after edits, and what it says. */
export class StackText {
  readonly text: string;
  /** Keys that edited files have, too. */
  private readonly known = new Map<string, StackConfig>();
  private written: ReturnType<typeof writer> | undefined;

  constructor(
    folder: string,
    private readonly file: string,
  ) {
    this.text = readFileSync(join(folder, file), "utf8");
  }

  /** The text after an edit. */
  edited(edit: Edit): string {
    if (this.written === undefined) {
      this.written = writer(this.text);
      this.remember(this.written.plain);
    }
    return this.written.edited(edit);
  }

  /** Configuration of a text, which may be an edited one. */
  read(text: string): StackConfig {
    if (this.known.size === 0) this.remember(this.text);
    const [head = "", ...keys] = topLevelParts(text);
    const isPlain = /^(#.*\n)*config:\n( *#.*\n|\n)*$/.test(head) && !/^[^\s#]/m.test(keys.join(""));
    if (!isPlain) return this.whole(text);
    try {
      const parts = keys.map((key) => this.known.get(key) ?? this.whole(`config:\n${key}`));
      const config = Object.assign({}, ...parts.map((part) => part.config)) as StackConfig["config"];
      if (Object.keys(config).length === keys.length)
        return { config, secretKeys: parts.flatMap(({ secretKeys }) => secretKeys) };
    } catch {
      // Whole, for the fault's line; and an alias may be of another key's anchor.
    }
    return this.whole(text);
  }

  private remember(text: string): void {
    try {
      for (const key of topLevelParts(text).slice(1)) this.known.set(key, this.whole(`config:\n${key}`));
    } catch {
      // The file has a fault, which reading it as a whole reports.
    }
  }

  private whole(text: string): StackConfig {
    return readStackFile(text, { file: this.file, project: "plinth" });
  }
}
