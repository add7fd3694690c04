import assert from "node:assert/strict";
import { Netmask } from "netmask";
import type { Registration } from "../../preview/monitor";
import type { Recording } from "../../preview/run-program";
import { inputsOf } from "./inputs";

/** The parts of a request that rules on sources read. */
export interface WebRequest {
  readonly host: string;
  /** Address that it comes from. */
  readonly address: string;
  /** Whether it has one of the CDN's secrets. */
  readonly secret: boolean;
}

type Statement = Readonly<Record<string, Record<string, unknown>>>;

/** The web ACL of a scope; undefined: there is none. */
export const aclOf = (recording: Recording, scope: "REGIONAL" | "CLOUDFRONT"): Registration | undefined =>
  recording.ofType("aws:wafv2/webAcl:WebAcl").find(({ inputs }) => inputs.scope === scope);

/** Whether a web ACL allows a request by its source. Content and rate aren't evaluated. */
export function passes(recording: Recording, acl: Registration | undefined, request: WebRequest): boolean {
  assert.ok(acl);
  const { rules, defaultAction } = inputsOf<{
    rules: { priority: number; statement: Statement; action?: object }[];
    defaultAction: object;
  }>(acl);
  assert.deepEqual(defaultAction, { allow: {} });
  const networks = (acl.propertyDependencies.rules ?? []).flatMap(
    (urn) => (recording.resources.get(urn)?.inputs.addresses ?? []) as string[],
  );
  return !rules.some(
    ({ statement, action = {} }) => "block" in action && matches(statement, request, networks),
  );
}

function matches(statement: Statement, request: WebRequest, networks: readonly string[]): boolean {
  const [[kind, body] = assert.fail("an empty statement")] = Object.entries(statement);
  const inner = (body.statements ?? []) as Statement[];
  const each = (one: Statement) => matches(one, request, networks);
  switch (kind) {
    case "andStatement":
      return inner.every(each);
    case "orStatement":
      return inner.some(each);
    case "notStatement":
      return !each(body.statement as Statement);
    case "ipSetReferenceStatement":
      return networks.some((network) => new Netmask(network).contains(request.address));
    case "byteMatchStatement": {
      const { fieldToMatch, searchString } = body as {
        fieldToMatch: { singleHeader: { name: string } };
        searchString: unknown;
      };
      return fieldToMatch.singleHeader.name === "host"
        ? request.host.startsWith(String(searchString))
        : request.secret;
    }
    default:
      return false;
  }
}
