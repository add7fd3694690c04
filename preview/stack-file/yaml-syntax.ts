import { visit, type Document, type YAMLParseError } from "yaml";

import type { Fault } from "../../config/reading/errors";

/** Syntax faults of a stack file, in words for its editor: the YAML library's messages are for programmers. */

type Finding = Pick<Fault, "found" | "expected" | "remedy">;

const indentation: Finding = {
  found: "indentation that doesn't fit the lines before",
  expected: "two more spaces than the parent key, and the same number for all keys of a map",
  remedy: "correct the spaces at the line's start",
};

const structure: Finding = {
  found: "invalid YAML",
  expected: "`key: value`, `- entry`, or [lists] and { objects } whose brackets are closed",
  remedy: "look for a missing colon, space, quote or bracket in this line and the previous one",
};

const missing: Finding = {
  found: "a missing quote, bracket or colon",
  expected: "quotes and brackets in pairs, and a colon after each key",
  remedy: "add the missing character in this line or the previous one",
};

const findings: Partial<Record<YAMLParseError["code"], Finding>> = {
  TAB_AS_INDENT: {
    found: "a tab in the indentation",
    expected: "spaces",
    remedy: "replace the tab with spaces",
  },
  BAD_INDENT: indentation,
  BAD_COLLECTION_TYPE: indentation,
  BLOCK_IN_FLOW: structure,
  DUPLICATE_KEY: {
    found: "a duplicate key",
    expected: "each key once in an object",
    remedy: "remove one of the two",
  },
  MULTIPLE_DOCS: {
    found: "a second document (---)",
    expected: "one document",
    remedy: "remove the line --- and everything after it",
  },
  MISSING_CHAR: missing,
  BAD_ALIAS: {
    found: "a value that begins with *",
    expected: "text that begins with * in quotes",
    remedy: "put it in quotes",
  },
  BAD_DQ_ESCAPE: {
    found: "an invalid escape sequence (\\)",
    expected: "a valid escape sequence, or single quotes, in which \\ has no special meaning",
    remedy: "use single quotes",
  },
  MULTILINE_IMPLICIT_KEY: {
    found: "a key over several lines",
    expected: "a key in one line, with a colon and a space after it",
    remedy: "add the missing colon in this line or the previous one",
  },
};

/** Characters that the CLI refuses: all except tab, line ends and printable characters. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]/;

const lineOf = (text: string, index: number) => text.slice(0, index).split("\n").length;

/** The library reports a bracket that isn't closed as a matter of the next line's indentation. */
const findingOf = ({ code, message }: YAMLParseError) =>
  /end with a [\]}]/.test(message) ? missing : findings[code];

/** Spaces other than the space bar's, at the start of a line: text that was copied from a page has them. */
const SPACE = /^ *[\u00a0\u2000-\u200b\u202f\u3000]/m;

/** Whether a key begins with such a space, which YAML takes for a letter. */
function spaceInKey(document: Document): boolean {
  let found = false;
  visit(document, { Pair: (_, { key }) => void (found ||= SPACE.test(String(key))) });
  return found;
}

/** The first syntax fault of a file: others follow from it. */
export function syntaxFaults(text: string, document: Document): Fault[] {
  const control = CONTROL.exec(text);
  if (control !== null)
    return [
      {
        path: "the file",
        line: lineOf(text, control.index),
        found: "a control character",
        expected: "printable characters",
        remedy: "remove it",
      },
    ];
  if (document.directives?.yaml.explicit === true)
    return [
      {
        path: "the file",
        line: 1,
        found: "a %YAML directive",
        expected: "no directive",
        remedy: "remove it",
      },
    ];
  const tab = /^ *\t[^\n]*\S/m.exec(text);
  const [error] = document.errors;
  const space = SPACE.exec(text);
  if (space !== null && (error !== undefined || spaceInKey(document)))
    return [
      {
        path: "the file",
        line: lineOf(text, space.index),
        found: "a character that looks like a space in the indentation",
        expected: "spaces",
        remedy: "replace it with spaces",
      },
    ];
  if (error === undefined) return [];
  const line = error.linePos?.[0].line ?? 1;
  // The library reports the line after a tab, or a consequence of the tab.
  const tabbed = tab !== null && lineOf(text, tab.index) <= line + 1;
  return [
    {
      path: "the file",
      line: tabbed ? lineOf(text, tab.index) : line,
      ...((tabbed ? findings.TAB_AS_INDENT : findingOf(error)) ?? structure),
    },
  ];
}
