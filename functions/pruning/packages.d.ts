/** Types of a package that is only available at run time, since Lambda's runtime includes it. */
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
