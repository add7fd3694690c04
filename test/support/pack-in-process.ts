import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Analyzer } from "../../preview/analyzer/analyzer";
import { PackModule } from "../../preview/analyzer/module";

const folder = join(__dirname, "..", "..", "policies");

/**
 * Builds the policy pack, and runs it in this process: a third of the time of a process of its own, with the same
 * verdicts (`test/preview/speed.program.test.ts`). The SDK serves one pack per process, so this one gets its own SDK.
 */
export async function packInProcess(): Promise<Analyzer> {
  execFileSync(process.execPath, [join(folder, "build.mjs")]);
  const loaded = Object.entries(require.cache).filter(([file]) =>
    /[\\/](@pulumi[\\/]policy|policies[\\/]bin)[\\/]/.test(file),
  );
  for (const [file] of loaded) delete require.cache[file];
  try {
    return await new PackModule(folder).analyzer;
  } finally {
    for (const file of Object.keys(require.cache))
      if (/[\\/]@pulumi[\\/]policy[\\/]/.test(file)) delete require.cache[file];
    Object.assign(require.cache, Object.fromEntries(loaded));
  }
}
