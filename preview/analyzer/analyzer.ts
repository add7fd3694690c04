import type * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";

import type { WireObject } from "../wire";

/** The pack didn't start, or crashed. */
export class PackError extends Error {
  override name = "PackError";
}

/** Calls of the analyzer protocol that a preview makes: request and response of each. */
interface Calls {
  configureStack: [proto.AnalyzerStackConfigureRequest, proto.AnalyzerStackConfigureResponse];
  getAnalyzerInfo: [Empty, proto.AnalyzerInfo];
  configure: [proto.ConfigureAnalyzerRequest, Empty];
  analyze: [proto.AnalyzeRequest, proto.AnalyzeResponse];
  analyzeStack: [proto.AnalyzeStackRequest, proto.AnalyzeResponse];
}

type Reply<T> = (error: (Error & { details?: string }) | null, answer: T) => void;

/** One function per call: both the SDK's generated client and a pack's server have them. */
export type Handlers = {
  [K in keyof Calls]: (request: Calls[K][0], reply: Reply<Calls[K][1]>) => unknown;
};

/** A running policy pack. */
export class Analyzer {
  /**
   * @param struct converts an object for a request: to a protobuf message, or not at all
   * @param close closes the connection, if there is one
   */
  constructor(
    private readonly handlers: Handlers,
    readonly struct: (object: WireObject) => Struct,
    readonly close: () => void = () => undefined,
  ) {}

  /** The response to a call; rejects with {@link PackError} if a policy of the pack fails. */
  ask<K extends keyof Calls>(call: K, request: Calls[K][0]): Promise<Calls[K][1]> {
    return new Promise((resolve, reject) => {
      const handler = this.handlers[call] as Handlers[K];
      handler(request, (error, answer: Calls[K][1]) =>
        error
          ? reject(new PackError(`The policy pack failed: ${error.details ?? error.message}`))
          : resolve(answer),
      );
    });
  }
}

/** Runs a pack: resolves to the running pack, or rejects with {@link PackError}; `kill` stops it. */
export interface PackRunner {
  readonly analyzer: Promise<Analyzer>;
  kill(): void;
}
