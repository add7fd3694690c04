import type { Add, Keys, Kind, Value } from "./mutation-kinds";

/** ID of a foreign account. */
export const stranger = "999988887777";

export interface Document {
  Statement: Value;
}

/** Mutations of a policy document: each statement removed, inverted, and widened in each of its parts. */
export function documents(document: Document, path: Keys, add: Add, form: (document: object) => Value): void {
  const statements = [document.Statement].flat() as Record<string, Value>[];
  const with_ = (list: Record<string, Value>[]) => form({ ...document, Statement: list });
  statements.forEach((statement, index) => {
    const at = (part: string) => [...path, index, part];
    const put = (kind: Kind, part: string, change: string, more: Record<string, Value>) => {
      const changed = Object.fromEntries(
        Object.entries({ ...statement, ...more }).filter(([, value]) => value !== undefined),
      );
      add(kind, at(part), change, with_(statements.map((one, place) => (place === index ? changed : one))));
    };
    add(
      "remove",
      at("Statement"),
      `${String(statement.Effect)} removed`,
      with_(statements.filter((one) => one !== statement)),
    );
    if (statement.Effect === "Deny") put("flip", "Effect", "Allow", { Effect: "Allow" });
    else {
      const [action = "x:y"] = [statement.Action].flat() as string[];
      put("widen", "Action", "*", { Action: "*" });
      put("widen", "Action", "service:*", { Action: `${action.split(":")[0]}:*` });
      if (statement.Resource !== undefined && statement.Resource !== "*") {
        put("widen", "Resource", "*", { Resource: "*" });
        put("widen", "Resource", "arn:aws:*:*:*:*", { Resource: "arn:aws:*:*:*:*" });
      }
      if (statement.Principal !== undefined) {
        put("widen", "Principal", "*", { Principal: "*" });
        put("widen", "Principal", "another account", { Principal: { AWS: `arn:aws:iam::${stranger}:root` } });
      }
    }
    if (statement.Condition !== undefined)
      put(statement.Effect === "Deny" ? "flip" : "remove", "Condition", "removed", { Condition: undefined });
  });
}
