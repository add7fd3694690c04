import type { Policies } from "@pulumi/policy";
import { onTypes } from "../lib/control";
import { isGiven, isLater, plain, shown } from "../lib/wire";

/** Fields of a Lambda permission. */
interface Permission {
  action?: string;
  principal?: string;
  sourceArn?: string;
  sourceAccount?: string;
  principalOrgId?: string;
  functionUrlAuthType?: string;
}

/** Policies for permissions to invoke functions. */
export const functions: Policies = [
  onTypes<Permission>(
    ["aws:lambda/permission:Permission"],
    {
      name: "lambda-permission-bound",
      description: "Lambda permissions must name the service and the source that may invoke the function.",
      severity: "critical",
      remediation:
        "Set action to lambda:InvokeFunction, principal to the service and sourceArn to the resource that invokes the function. If the ARN has no account ID, also set sourceAccount.",
      url: "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
    },
    (permission, { report }) => {
      const { action, principal, sourceArn, sourceAccount } = plain(permission) as Permission;
      if (action !== "lambda:InvokeFunction")
        report(`action is ${shown(action)}; it must be "lambda:InvokeFunction".`);
      if (isGiven(permission, "functionUrlAuthType"))
        report("functionUrlAuthType must be unset: it allows access by a function URL.");
      if (isLater(principal)) return;
      if (principal === undefined || /[*?]/.test(principal))
        report(`principal is ${shown(principal)}; it must name an AWS service.`);
      else if (principal.endsWith(".amazonaws.com")) {
        const wild = (text: string | undefined) => text === undefined || /^[*?]*$|^arn:[^:]*:[*?]/.test(text);
        if (wild(sourceArn))
          report(`sourceArn is ${shown(sourceArn)}; it must name the resource that invokes the function.`);
        // ARNs of EventBridge and Secrets Manager contain the account ID; those of S3 don't.
        else if (/^arn:aws:s3:::/.test(sourceArn ?? "") && wild(sourceAccount))
          report("sourceAccount must be set, because sourceArn has no account ID.");
        if (principal === "secretsmanager.amazonaws.com" && wild(sourceAccount))
          report("sourceAccount must be set.");
      }
    },
  ),
  onTypes<{ authorizationType?: string; cors?: { allowOrigins?: string[] } }>(
    ["aws:lambda/functionUrl:FunctionUrl"],
    {
      name: "lambda-url-authorized",
      description: "Lambda function URLs must require IAM authorization.",
      severity: "critical",
      remediation: "Set authorizationType to AWS_IAM.",
      url: "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    },
    ({ authorizationType }, { report }) => {
      if (authorizationType !== "AWS_IAM")
        report(`authorizationType is ${shown(authorizationType)}; it must be "AWS_IAM".`);
    },
  ),
];
