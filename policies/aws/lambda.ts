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

/** Rules on who may invoke functions. */
export const functions: Policies = [
  onTypes<Permission>(
    ["aws:lambda/permission:Permission"],
    {
      name: "lambda-permission-bound",
      description: "A function is invoked by a named service, on behalf of a named source in this account.",
      severity: "critical",
      remediation:
        "Set principal to the service, sourceArn to what calls through it (sourceAccount where an ARN carries no account), and action to lambda:InvokeFunction.",
      url: "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
    },
    (permission, { report }) => {
      const { action, principal, sourceArn, sourceAccount } = plain(permission) as Permission;
      if (action !== "lambda:InvokeFunction") report(`action is ${shown(action)}.`);
      if (isGiven(permission, "functionUrlAuthType"))
        report("functionUrlAuthType opens the function to the web.");
      if (isLater(principal)) return;
      if (principal === undefined || /[*?]/.test(principal)) report(`principal is ${shown(principal)}.`);
      else if (principal.endsWith(".amazonaws.com")) {
        const wild = (text: string | undefined) => text === undefined || /^[*?]*$|^arn:[^:]*:[*?]/.test(text);
        if (wild(sourceArn)) report(`${principal} may call it for anyone: sourceArn names nothing.`);
        // EventBridge and Secrets Manager carry the account in the ARN; S3 doesn't.
        else if (/^arn:aws:s3:::/.test(sourceArn ?? "") && wild(sourceAccount))
          report("sourceArn carries no account, and sourceAccount is not set.");
        if (principal === "secretsmanager.amazonaws.com" && wild(sourceAccount))
          report("sourceAccount is not set.");
      }
    },
  ),
  onTypes<{ authorizationType?: string; cors?: { allowOrigins?: string[] } }>(
    ["aws:lambda/functionUrl:FunctionUrl"],
    {
      name: "lambda-url-authorized",
      description: "A function's URL answers only signed requests.",
      severity: "critical",
      remediation: "Set authorizationType to AWS_IAM.",
      url: "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    },
    ({ authorizationType }, { report }) => {
      if (authorizationType !== "AWS_IAM") report(`authorizationType is ${shown(authorizationType)}.`);
    },
  ),
];
