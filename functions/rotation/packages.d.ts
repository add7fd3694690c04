/** Types of packages that aren't available at compile time. */

/** Included in Lambda's runtime. */
declare module "@aws-sdk/client-secrets-manager" {
  interface Answers {
    describe: { RotationEnabled?: boolean; VersionIdsToStages?: Record<string, string[]> };
    get: { SecretString?: string };
    done: object;
  }
  class Command<A extends keyof Answers> {
    constructor(input: Readonly<Record<string, unknown>>);
    readonly answers: A;
  }
  export class DescribeSecretCommand extends Command<"describe"> {}
  export class GetSecretValueCommand extends Command<"get"> {}
  export class PutSecretValueCommand extends Command<"done"> {}
  export class UpdateSecretVersionStageCommand extends Command<"done"> {}
  export class SecretsManagerClient {
    constructor(settings: object);
    send<A extends keyof Answers>(command: Command<A>): Promise<Answers[A]>;
  }
}

/** node-postgres: included in the bundle. */
declare module "pg" {
  export class Client {
    constructor(settings: Readonly<Record<string, unknown>>);
    connect(): Promise<void>;
    query(text: string): Promise<{ rows: Record<string, unknown>[] }>;
    end(): Promise<void>;
    on(event: "error", listener: (error: Error) => void): void;
  }
}
