/**
 * Exits with a command's usage: with 0 for --help or -h, with 2 for an unknown option. Otherwise a command that takes
 * minutes would start.
 *
 * @param usage what the command does, and how it is called
 * @param options its options, such as `--runs`
 */
export function answerHelp(usage, options = []) {
  const words = process.argv.slice(2);
  const unknown = words.find((word) => word.startsWith("-") && !options.includes(word));
  if (unknown === undefined) return;
  const asked = unknown === "--help" || unknown === "-h";
  process[asked ? "stdout" : "stderr"].write(
    asked ? `${usage}\n` : `unknown option '${unknown}'\n${usage}\n`,
  );
  process.exit(asked ? 0 : 2);
}
