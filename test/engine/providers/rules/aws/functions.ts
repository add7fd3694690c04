import { refuse, type Failure, type Rules } from "../../rule";
import { isObject, UNKNOWN, type Values } from "../../wire";
import { all, between, exactlyOne } from "./checks";

const lambda = "aws:lambda/function:Function";

/** Lambda. */
export const functionRules: Rules = {
  [lambda]: {
    id: "{name}",
    arn: "arn:aws:lambda:{region}:{account}:function:{name}",
    name: { property: "name", max: 64, auto: true, pattern: /^[\w-]+$/, what: "letters, digits, _ and -" },
    replace: ["name", "packageType", "tenancyConfig"],
    defaults: {
      memorySize: 128,
      packageType: "Zip",
      publish: false,
      reservedConcurrentExecutions: -1,
      skipDestroy: false,
      timeout: 3,
    },
    outputs: {
      architectures: ["x86_64"],
      invokeArn: "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
      lastModified: "2026-01-01T00:00:00.000+0000",
      qualifiedArn: "{arn}:$LATEST",
      version: "$LATEST",
      loggingConfig: { logFormat: "Text", logGroup: "/aws/lambda/{name}" },
      ephemeralStorage: { size: 512 },
      tracingConfig: { mode: "PassThrough" },
    },
    unordered: ["vpcConfig.subnetIds", "vpcConfig.securityGroupIds"],
    refs: {
      role: "aws:iam/role:Role",
      "vpcConfig.subnetIds": "aws:ec2/subnet:Subnet",
      "vpcConfig.securityGroupIds": "aws:ec2/securityGroup:SecurityGroup",
    },
    check: all(
      between({ memorySize: [128, 10_240], timeout: [1, 900] }),
      exactlyOne("code", "imageUri", "s3Bucket"),
      runnable,
      environment,
    ),
  },
  // An invocation, repeated when its arguments change.
  "aws:lambda/invocation:Invocation": {
    id: "{functionName}_{input}",
    replace: ["functionName", "input", "qualifier", "triggers"],
    defaults: { lifecycleScope: "CREATE_ONLY", qualifier: "$LATEST", terraformKey: "tf" },
    outputs: { result: "{}" },
    refs: { functionName: lambda },
  },
  // A statement in the function's policy: replaced, never updated.
  "aws:lambda/permission:Permission": {
    id: "{statementId}",
    name: {
      property: "statementId",
      max: 100,
      auto: true,
      pattern: /^[\w-]+$/,
      what: "letters, digits, _ and -",
    },
    replace: [
      "action",
      "eventSourceToken",
      "function",
      "functionUrlAuthType",
      "invokedViaFunctionUrl",
      "principal",
      "principalOrgId",
      "qualifier",
      "sourceAccount",
      "sourceArn",
      "statementId",
      "statementIdPrefix",
    ],
    refs: { function: lambda },
  },
};

/** Code in an archive needs a runtime. */
function runnable(values: Values, unknown: readonly string[] = []): Failure[] {
  if (values["packageType"] === "Image" || values["imageUri"] !== undefined) return [];
  return ["handler", "runtime"]
    .filter((key) => values[key] === undefined && !unknown.includes(key))
    .map((key) => refuse(key, "required for code in an archive"));
}

/** Maximum size of all names and values together, in bytes. */
const mostEnvironment = 4096;
/** Source: Lambda developer guide, reserved environment variables. */
const reserved = new RegExp(
  [
    "^_(HANDLER|X_AMZN_TRACE_ID)$",
    "^AWS_(DEFAULT_REGION|REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$",
    "^AWS_LAMBDA_(FUNCTION_(NAME|MEMORY_SIZE|VERSION)|INITIALIZATION_TYPE|LOG_(GROUP|STREAM)_NAME|RUNTIME_API)$",
    "^LAMBDA_(TASK_ROOT|RUNTIME_DIR)$",
  ].join("|"),
);

function environment({ environment: given }: Values): Failure[] {
  const variables = isObject(given) && isObject(given["variables"]) ? given["variables"] : {};
  const size = Object.entries(variables).reduce(
    (sum, [name, value]) => sum + name.length + (value === UNKNOWN ? 0 : String(value).length),
    0,
  );
  return [
    ...Object.keys(variables).flatMap((name) => {
      const path = `environment.variables.${name}`;
      if (reserved.test(name)) return [refuse(path, "is Lambda's own")];
      return /^[A-Za-z]\w+$/.test(name)
        ? []
        : [refuse(path, "isn't two or more letters, digits and _, a letter first")];
    }),
    ...(size > mostEnvironment
      ? [refuse("environment.variables", `${size} bytes; allowed are ${mostEnvironment}`)]
      : []),
  ];
}
