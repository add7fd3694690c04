import type { Document, YAMLParseError } from "yaml";

import type { Fault } from "../config/errors";

/** Faults of a stack file's syntax, in words for who edits it: the YAML library's own are for who programs with it. */

type Finding = Pick<Fault, "found" | "expected" | "remedy">;

const indentation: Finding = {
  found: "indentation that doesn't fit the lines before",
  expected: "two more spaces for what belongs to the key above, the same number for its neighbours",
  remedy: "correct the spaces at the line's start",
};

const structure: Finding = {
  found: "what isn't YAML",
  expected: "`key: value`, `- entry`, or [lists] and { objects } whose brackets are closed",
  remedy: "look for a missing colon, space, quote or bracket in this line and the one before",
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
    found: "a key that stands there twice",
    expected: "each key once in an object",
    remedy: "remove one of the two",
  },
  MULTIPLE_DOCS: {
    found: "a second document (---)",
    expected: "one document",
    remedy: "remove the line ---, and what is after it",
  },
  MISSING_CHAR: {
    found: "a quote, bracket or colon that is missing",
    expected: "quotes and brackets in pairs, and a colon after each key",
    remedy: "add the missing character in this line or the one before",
  },
  BAD_ALIAS: {
    found: "a value that begins with *",
    expected: "text that begins with * in quotes",
    remedy: "put it in quotes",
  },
  BAD_DQ_ESCAPE: {
    found: "an escape (\\) that YAML doesn't know",
    expected: "a known escape, or single quotes, in which \\ is itself",
    remedy: "use single quotes",
  },
  MULTILINE_IMPLICIT_KEY: {
    found: "a key over several lines",
    expected: "a key in one line, with a colon and a space after it",
    remedy: "add the colon that is missing in this line or the one before",
  },
};

/** Characters that the CLI refuses: all but tab, line ends and what can be printed. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]/;

const lineOf = (text: string, index: number) => text.slice(0, index).split("\n").length;

/** The first fault of a file's syntax: others follow from it. */
export function syntaxFaults(text: string, document: Document): Fault[] {
  const control = CONTROL.exec(text);
  if (control !== null)
    return [
      {
        path: "the file",
        line: lineOf(text, control.index),
        found: "a control character",
        expected: "characters that can be printed",
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
  if (error === undefined) return [];
  const line = error.linePos?.[0].line ?? 1;
  // The library names the line after a tab, or what came of it.
  const tabbed = tab !== null && lineOf(text, tab.index) <= line + 1;
  return [
    {
      path: "the file",
      line: tabbed ? lineOf(text, tab.index) : line,
      ...((tabbed ? findings.TAB_AS_INDENT : findings[error.code]) ?? structure),
    },
  ];
}
