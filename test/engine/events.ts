import * as fs from "node:fs";

/** Operation of a step on a resource. */
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

/** One line of the engine's event log: the fields in use. */
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
  /** Paths of changed properties, if the provider returned them. */
  changed: string[];
}

/** Reads a file with one JSON document per line, such as an event log; empty if the file doesn't exist. */
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

/** Errors that the engine reported, with their resources. */
export function errorsOf(events: readonly EngineEvent[]): string[] {
  const told = events.flatMap(({ diagnosticEvent: event }) => {
    if (event?.severity !== "error") return [];
    const about = event.urn === undefined || event.urn === "" ? "" : `${event.urn}: `;
    return [`${about}${event.message.trim()}`];
  });
  return [...new Set(told)];
}

/** Violated mandatory policies. */
export function violationsOf(events: readonly EngineEvent[]): string[] {
  return events.flatMap(({ policyEvent: event }) =>
    event?.enforcementLevel === "mandatory"
      ? [`${event.resourceUrn ?? "stack"}: ${event.policyName}: ${event.message.trim()}`]
      : [],
  );
}
