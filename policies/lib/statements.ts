import { ifUnknown } from "./wire";

/** Stands for a value known only after `up`. It is made by the stack, so it is no wildcard; `up` looks again. */
const later = "[unknown]";

/** One statement of an IAM policy document, its one-or-many fields made lists. */
export interface Statement {
  allows: boolean;
  actions: string[];
  /** True for a statement that says `NotAction`: everything but what is listed. */
  actionsInverted: boolean;
  resources: string[];
  /** Kind (`AWS`, `Service`, `Federated`, `*`) and value of each principal. */
  principals: { kind: string; value: string }[];
  condition: Record<string, Record<string, unknown>>;
}

/**
 * The statements of a policy document, given as JSON text or as an object. Undefined if it is missing or no
 * document: what can't be read can't be approved, so rules report that.
 */
export function statements(document: unknown): Statement[] | undefined {
  const parsed = typeof document === "string" ? parse(document) : document;
  if (!isRecord(parsed)) return undefined;
  return many(parsed.Statement).filter(isRecord).map(readStatement);
}

/** True if someone whom the document does not name may do what it allows: `*` or any account, unconditionally. */
export function allowsAnyone(statement: Statement): boolean {
  const open = statement.principals.some(
    ({ kind, value }) => value === "*" && (kind === "*" || kind === "AWS"),
  );
  return statement.allows && open && Object.keys(statement.condition).length === 0;
}

/** True if `pattern`, as IAM reads it (`*` any text, `?` any character, case ignored), covers `action`. */
export function covers(pattern: string, action: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i").test(action);
}

/** True for a statement that refuses everyone each of the actions where they come without TLS. */
export function refusesWithoutTls(
  { allows, actions, actionsInverted, principals, condition }: Statement,
  refused: readonly string[],
): boolean {
  const secure = Object.entries(condition.Bool ?? {}).find(
    ([key]) => key.toLowerCase() === "aws:securetransport",
  );
  const value = [secure?.[1]].flat().map(String);
  const everyone = principals.some((principal) => principal.value === "*");
  const everything =
    !actionsInverted && actions.some((action) => refused.every((each) => covers(action, each)));
  return !allows && everyone && everything && value.includes("false");
}

function readStatement(raw: Record<string, unknown>): Statement {
  return {
    allows: raw.Effect === "Allow",
    actions: texts(raw.Action ?? raw.NotAction),
    actionsInverted: raw.NotAction !== undefined,
    resources: texts(ifUnknown(later, () => raw.Resource)),
    principals: principals(ifUnknown(later, () => raw.Principal)),
    condition: isRecord(raw.Condition) ? (raw.Condition as Statement["condition"]) : {},
  };
}

function principals(raw: unknown): Statement["principals"] {
  if (typeof raw === "string") return [{ kind: raw, value: raw }];
  if (!isRecord(raw)) return [];
  return Object.keys(raw).flatMap((kind) =>
    texts(ifUnknown(later, () => raw[kind])).map((text) => ({ kind, value: text })),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function many(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [value];
  return Array.from({ length: value.length }, (_, index) => ifUnknown<unknown>(later, () => value[index]));
}

function texts(value: unknown): string[] {
  return many(value).filter((entry) => typeof entry === "string");
}
