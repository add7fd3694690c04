/** Types of packages that are only available at run time, since Lambda's runtime includes them. */
declare module "@aws-sdk/client-secrets-manager" {
  interface Answers {
    versions: { Versions?: { VersionStages?: string[]; CreatedDate?: Date }[] };
  }
  export class ListSecretVersionIdsCommand extends Command<"versions"> {}
}

declare module "@aws-sdk/client-cloudwatch" {
  export class PutMetricDataCommand {
    constructor(input: Readonly<Record<string, unknown>>);
  }
  export class CloudWatchClient {
    constructor(settings: object);
    send(command: PutMetricDataCommand): Promise<object>;
  }
}
