import type { Rules } from "../../rule";
import { all, atMostOne, between, exactlyOne } from "./checks";

const secret = "aws:secretsmanager/secret:Secret";

/** Secrets Manager. */
export const secretRules: Rules = {
  [secret]: {
    id: "arn:aws:secretsmanager:{region}:{account}:secret:{name}-{hex6}",
    arn: "{id}",
    name: {
      property: "name",
      max: 512,
      auto: true,
      pattern: /^[\w/+=.@-]+$/,
      what: "letters, digits and /_+=.@-",
    },
    replace: ["name", "namePrefix", "type"],
    defaults: { recoveryWindowInDays: 30, forceOverwriteReplicaSecret: false },
    documents: ["policy"],
    unordered: ["replicas"],
    held: true,
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    id: "{secretId}|{uuid}",
    replace: ["secretId", "secretString", "secretBinary", "secretStringWoVersion"],
    outputs: { arn: "{secretId}", versionId: "terraform-{hex26}", versionStages: ["AWSCURRENT"] },
    unordered: ["versionStages"],
    refs: { secretId: secret },
    check: atMostOne("secretString", "secretBinary", "secretStringWo"),
  },
  "aws:secretsmanager/secretRotation:SecretRotation": {
    id: "{secretId}",
    replace: ["secretId"],
    defaults: { rotateImmediately: true },
    outputs: { rotationEnabled: true },
    refs: { secretId: secret, rotationLambdaArn: "aws:lambda/function:Function" },
    check: all(
      exactlyOne("rotationRules.automaticallyAfterDays", "rotationRules.scheduleExpression"),
      between({ "rotationRules.automaticallyAfterDays": [1, 1000] }),
    ),
  },
};
