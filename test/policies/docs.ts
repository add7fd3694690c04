import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { page, type Findings } from "../../policies/table";
import { formatted } from "../../tools/format";
import { recordReads, unreadOf } from "./reads";
import { scenarios } from "./scenarios";

const target = join(__dirname, "../../docs/policies.md");

/**
 * The current docs/policies.md, and the one generated from the policies and the recorded stacks.
 *
 * @param write Whether to replace the current page.
 */
export async function documentation({ write }: { write: boolean }): Promise<{ is: string; made: string }> {
  const reads = await recordReads();
  const findings: Findings = {
    reads: (rule) => [...(reads.byRule.get(rule) ?? [])].sort(),
    tests: (rule) => {
      const titles = scenarios
        .filter(({ bad }) => bad.some(({ policies }) => policies.includes(rule)))
        .map(({ title }) => title);
      return titles.length > 0 ? titles : ["rows with invalid values"];
    },
    unread: (words) => unreadOf(reads, words),
  };
  const made = await formatted(target, page(findings));
  if (write) writeFileSync(target, made);
  return { is: readFileSync(target, "utf8"), made };
}

if (require.main === module) void documentation({ write: true });
