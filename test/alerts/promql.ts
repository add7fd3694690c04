/** Metrics in an expression: its names except labels, windows, functions and modifiers. */
export function metricsIn(expr: string): string[] {
  const plain = expr
    .replace(/\{[^}]*\}/g, "")
    .replace(/\[[^\]]*\]/g, "")
    .replace(/\b(?:by|on|ignoring) \([^)]*\)/g, "");
  const names = [...plain.matchAll(/\b[a-z_][a-z0-9_:]*\b(?!\s*\()/g)].map(([name]) => name);
  return names.filter((name) => !["and", "or", "unless"].includes(name));
}
