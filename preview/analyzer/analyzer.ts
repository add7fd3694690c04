import type * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";

import type { WireObject } from "../wire";

/** The pack didn't start, or broke down. */
export class PackError extends Error {
  override name = "PackError";
}

/** The calls of the analyzer protocol that a preview makes, with what they are given and answer. */
interface Calls {
  configureStack: [proto.AnalyzerStackConfigureRequest, proto.AnalyzerStackConfigureResponse];
  getAnalyzerInfo: [Empty, proto.AnalyzerInfo];
  configure: [proto.ConfigureAnalyzerRequest, Empty];
  analyze: [proto.AnalyzeRequest, proto.AnalyzeResponse];
  analyzeStack: [proto.AnalyzeStackRequest, proto.AnalyzeResponse];
}

type Reply<T> = (error: (Error & { details?: string }) | null, answer: T) => void;

/** One function a call: the SDK's generated client has them, and so has the server that a pack starts. */
export type Handlers = {
  [K in keyof Calls]: (request: Calls[K][0], reply: Reply<Calls[K][1]>) => unknown;
};

/** A policy pack that can be asked. */
export class Analyzer {
  /**
   * @param struct how an object is put into a request: as the message that goes over the wire, or as it is
   * @param close ends the connection, if there is one
   */
  constructor(
    private readonly handlers: Handlers,
    readonly struct: (object: WireObject) => Struct,
    readonly close: () => void = () => undefined,
  ) {}

  /** The answer to one call; rejects with {@link PackError} if a policy of the pack fails. */
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

/** How a pack is run: it answers with what can be asked, or rejects with {@link PackError}; `kill` ends it. */
export interface PackRunner {
  readonly analyzer: Promise<Analyzer>;
  kill(): void;
}
