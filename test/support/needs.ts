/** Skips a suite or a test, and prints why, if a program that it needs is missing. Undefined: nothing is missing. */
export function needs(context: Mocha.Context, lack: string | undefined): void {
  if (lack === undefined) return;
  console.log(`      skipped: no ${lack} here`);
  context.skip();
}
