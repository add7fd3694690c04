import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { Secrets } from "./secrets";

const isMissing = (error: unknown) => error instanceof Error && error.name === "ResourceNotFoundException";

/** The real Secrets Manager, with the function's role. */
export function secretsManager(client = new SecretsManagerClient({})): Secrets {
  return {
    async describe(entry) {
      const found = await client.send(new DescribeSecretCommand({ SecretId: entry }));
      return { rotationEnabled: found.RotationEnabled === true, stages: found.VersionIdsToStages ?? {} };
    },
    async read(entry, stage, version) {
      const which = { SecretId: entry, VersionStage: stage, VersionId: version };
      try {
        return (await client.send(new GetSecretValueCommand(which))).SecretString;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async write(entry, version, text, stage) {
      const what = { SecretId: entry, ClientRequestToken: version, SecretString: text };
      await client.send(new PutSecretValueCommand({ ...what, VersionStages: [stage] }));
    },
    async promote(entry, to, from) {
      const which = { SecretId: entry, VersionStage: "AWSCURRENT" };
      const move = { MoveToVersionId: to, RemoveFromVersionId: from };
      await client.send(new UpdateSecretVersionStageCommand({ ...which, ...move }));
    },
  };
}
