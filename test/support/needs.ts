/** Skips a suite or a test, and says why, where something that it runs is missing; undefined: nothing is. */
export function needs(context: Mocha.Context, lack: string | undefined): void {
  if (lack === undefined) return;
  console.log(`      skipped: no ${lack} here`);
  context.skip();
}
