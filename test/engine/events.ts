import * as fs from "node:fs";

/** What happens to a resource in one step. */
export type Operation =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "refresh";

interface Metadata {
  op: Operation;
  urn: string;
  type: string;
  new?: { inputs?: Record<string, unknown> } | null;
  detailedDiff?: Record<string, { kind: string }> | null;
}

/** One line of the engine's event log, as far as it is used here. */
export interface EngineEvent {
  resourcePreEvent?: { metadata: Metadata };
  resOutputsEvent?: { metadata: Metadata };
  resOpFailedEvent?: { metadata: Metadata };
  diagnosticEvent?: { urn?: string; message: string; severity: string };
  policyEvent?: { resourceUrn?: string; message: string; policyName: string; enforcementLevel: string };
}

/** What a command did, or would do, to one resource. */
export interface Step {
  op: Operation;
  urn: string;
  type: string;
  inputs: Record<string, unknown>;
  /** Paths of the properties that differ, if the provider gave them. */
  changed: string[];
}

/** A file of one JSON document a line, such as an event log; nothing where the file isn't there. */
export function readLines<T>(file: string): T[] {
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as T);
}

/** The steps that change something, in order. */
export function stepsOf(events: readonly EngineEvent[]): Step[] {
  return events.flatMap(({ resourcePreEvent: event }) => {
    if (event === undefined || ["same", "read", "refresh"].includes(event.metadata.op)) return [];
    const { op, urn, type, detailedDiff } = event.metadata;
    const changed = Object.keys(detailedDiff ?? {});
    return [{ op, urn, type, inputs: event.metadata.new?.inputs ?? {}, changed }];
  });
}

/** The errors that the engine reported, with the resource that they belong to. */
export function errorsOf(events: readonly EngineEvent[]): string[] {
  const told = events.flatMap(({ diagnosticEvent: event }) => {
    if (event?.severity !== "error") return [];
    const about = event.urn === undefined || event.urn === "" ? "" : `${event.urn}: `;
    return [`${about}${event.message.trim()}`];
  });
  return [...new Set(told)];
}

/** The mandatory policies that were violated. */
export function violationsOf(events: readonly EngineEvent[]): string[] {
  return events.flatMap(({ policyEvent: event }) =>
    event?.enforcementLevel === "mandatory"
      ? [`${event.resourceUrn ?? "stack"}: ${event.policyName}: ${event.message.trim()}`]
      : [],
  );
}
