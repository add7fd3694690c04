/** What the function uses of the package that isn't there when it is compiled: part of Lambda's own runtime. */
declare module "@aws-sdk/client-rds" {
  interface Answers {
    describe: {
      DBSnapshots?: { DBSnapshotIdentifier?: string; SnapshotCreateTime?: Date; Status?: string }[];
      Marker?: string;
    };
    done: object;
  }
  class Command<A extends keyof Answers> {
    constructor(input: Readonly<Record<string, unknown>>);
    readonly answers: A;
  }
  export class DescribeDBSnapshotsCommand extends Command<"describe"> {}
  export class DeleteDBSnapshotCommand extends Command<"done"> {}
  export class RDSClient {
    constructor(settings: object);
    send<A extends keyof Answers>(command: Command<A>): Promise<Answers[A]>;
  }
}
