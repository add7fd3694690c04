/**
 * How lines of a container's log become records: stack traces are joined, JSON is parsed, severity and trace id are
 * set.
 */

/**
 * Beginning of a line that continues the previous one: an indented one, which stack traces of Java, Node and .NET consist
 * of, and the lines around a traceback of Python.
 */
const continuation = String.raw`^(?:\s|Caused by: |\.\.\. \d+ |Traceback \(|During handling of |The above exception |[\w.$]*(?:Error|Exception)(?::|$))`;

/** Maximum size of a record in bytes: longer ones are split. */
const longest = "256KiB";

/** Operators of the receiver: the runtime's own form first, then several lines as one. */
export const lineOperators = () => [
  // Parses containerd's time, stream and partial lines; namespace, pod and container are in the file's path.
  { type: "container", id: "container" },
  {
    type: "recombine",
    id: "stack-traces",
    // A line of JSON is a complete record: a stack trace is one of its strings.
    if: 'not (body matches "^\\\\s*\\\\{")',
    combine_field: "body",
    is_first_entry: `not (body matches ${JSON.stringify(continuation)})`,
    source_identifier: 'attributes["log.file.path"]',
    force_flush_period: "2s",
    max_log_size: longest,
    overwrite_with: "oldest",
  },
];

/** Severities by the words that loggers write, and by pino's numbers. */
const severities = [
  ["TRACE", "^(?:TRACE|10)$"],
  ["DEBUG", "^(?:DEBUG|20)$"],
  ["INFO", "^(?:INFO|INFORMATION|NOTICE|30)$"],
  ["WARN", "^(?:WARN|WARNING|40)$"],
  ["ERROR", "^(?:ERR|ERROR|SEVERE|50)$"],
  ["FATAL", "^(?:FATAL|CRIT|CRITICAL|PANIC|EMERG|ALERT|60)$"],
] as const;

const escaped = (text: string) => JSON.stringify(text.replaceAll("$", "$$$$"));

/** The first of these fields that the line's JSON has, as a string. */
const firstOf = (target: string, fields: readonly string[], when: string) =>
  fields.map(
    (field) =>
      `set(${target}, String(log.attributes["${field}"])) where ${when} and log.attributes["${field}"] != nil`,
  );

/** Statements of the transformation. They run after masking, since they parse the line. */
export const parseStatements = (): string[] => [
  `merge_maps(log.attributes, ParseJSON(log.body), "upsert") where IsMatch(log.body, "^\\\\s*\\\\{.*\\\\}\\\\s*$$")`,
  ...firstOf("log.severity_text", ["level", "severity", "lvl", "log.level"], 'log.severity_text == ""'),
  'set(log.severity_text, "ERROR") where log.severity_text == "" and IsMatch(log.body, "\\\\b(?:ERROR|FATAL|CRITICAL|Exception|Traceback)\\\\b")',
  "set(log.severity_text, ToUpperCase(log.severity_text))",
  ...severities.map(
    ([name, pattern]) =>
      `set(log.severity_number, SEVERITY_NUMBER_${name}) where IsMatch(log.severity_text, ${escaped(pattern)})`,
  ),
  ...severities.map(
    ([name]) => `set(log.severity_text, "${name}") where log.severity_number == SEVERITY_NUMBER_${name}`,
  ),
  ...["trace_id", "traceId"].map(
    (field) =>
      `set(log.trace_id.string, log.attributes["${field}"]) where IsString(log.attributes["${field}"]) and IsMatch(log.attributes["${field}"], "^[0-9a-f]{32}$$")`,
  ),
];
