import type { ResourceValidationPolicy } from "@pulumi/policy";
import { type Control, onTypes } from "./control";
import { carriers } from "./carriers";
import { documentOf, laterDocument, type Statement } from "./statements";
import { skipUnknown } from "./wire";

/** The types with documents of the given kinds. */
export const carriersOf = (...kinds: (typeof carriers)[string]["kind"][]): string[] =>
  Object.keys(carriers).filter((type) => kinds.includes(carriers[type]?.kind ?? "grant"));

/** Types whose document is optional. */
const optional = new Set([
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:kms/key:Key",
  "aws:kms/replicaKey:ReplicaKey",
  "aws:opensearch/domain:Domain",
  "aws:secretsmanager/secret:Secret",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
]);

interface DocumentRule {
  /** Types of {@link carriers} that the policy checks. */
  types: readonly string[];
  /** Whether the policy also reports invalid documents. One policy for each type does. */
  reads?: boolean;
  /** Names of resources that the policy skips. Another policy must check them. */
  except?: readonly string[];
}

/** "Documents must not grant X": `fault` returns what is wrong with a statement, if anything. */
export function noStatement<C extends object = object>(
  { types, reads = false, except = [] }: DocumentRule,
  control: Control<C>,
  fault: (statement: Statement, type: string, settings: C) => string | false | undefined,
): ResourceValidationPolicy {
  return onDocuments({ types, reads, except }, control, (read, { type, settings, report }) => {
    for (const statement of read) {
      const found = fault(statement, type, settings);
      if (found) report(found);
    }
  });
}

/** "Documents must have such a statement": reports `missing` if none is `wanted`. */
export function someStatement(
  types: readonly string[],
  control: Control,
  missing: string,
  wanted: (statement: Statement) => boolean,
): ResourceValidationPolicy {
  return onDocuments({ types, required: true }, control, (read, { report }) => {
    if (!read.some(wanted)) report(missing);
  });
}

function onDocuments<C extends object>(
  { types, reads = false, required = false, except = [] }: DocumentRule & { required?: boolean },
  control: Control<C>,
  check: (
    statements: Statement[],
    context: { type: string; settings: C; report: (message: string) => void },
  ) => void,
): ResourceValidationPolicy {
  return onTypes<object, C>(types, control, (props, { args: { type, name }, settings, report }) => {
    if (except.includes(name)) return;
    const { property = "policy" } = carriers[type] ?? {};
    const read = documentOf(type, props);
    if (read === laterDocument) {
      // One advisory about an unknown value is enough.
      if (required || reads) skipUnknown(property);
    } else if (read !== undefined) check(read, { type, settings, report });
    else if (required) check([], { type, settings, report });
    else if (reads && !(optional.has(type) && !(property in props)))
      report(`${property} must be a policy document.`);
  });
}
