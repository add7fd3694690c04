import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../components/base/component";
import type { Context } from "../components/base/context";
import { serviceRole } from "../components/base/service-role";
import type { PipelineSettings } from "../config";
import { boundaryStatements } from "./rights/boundary";
import { previewRights } from "./rights/preview";
import { deployRights } from "./rights/deploy";
import { stateRights } from "./rights/state";
import { gitHubTrust, issuer, pushTrust } from "./rights/github";
import { pushRights } from "./rights/push";
import type { StateBucket } from "./state";

export interface PipelinesArgs {
  readonly context: Context;
  readonly settings: PipelineSettings;
  /** Region of copies. Default: none. */
  readonly secondRegion?: string | undefined;
  /** Hosted zones that environments write records into. */
  readonly zoneIds: readonly pulumi.Input<string>[];
  /** The buckets of states: the first region's, and its copy where there is one. */
  readonly states: readonly StateBucket[];
  /** Repositories of the account's registry. */
  readonly imageRepositories: readonly string[];
}

/** Session duration of a deployment in seconds: four hours, as `.github/workflows/deploy-stack.yml` requests. */
export const deploySeconds = 14_400;

/** GitHub as an identity provider, and the roles that its workflows assume. No access key is stored anywhere. */
export class Pipelines extends Component {
  readonly roles: Readonly<
    Record<string, { readonly deploy: pulumi.Output<string>; readonly preview: pulumi.Output<string> }>
  >;
  /** ARN of the boundary, known once it exists. */
  readonly boundary: pulumi.Output<string>;
  /** ARN of the role that pushes images; undefined where there is none. */
  readonly push: pulumi.Output<string> | undefined;

  constructor(
    name: string,
    { context, settings, secondRegion, states, zoneIds, imageRepositories }: PipelinesArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:foundation:Pipelines", name, opts);
    const { repository, environments, push } = settings;
    const provider = this.provider(context, settings.provider);
    const boundaryName = `${context.prefix}-boundary`;
    const boundaryArn = `arn:aws:iam::${context.accountId}:policy/${boundaryName}`;
    const names = [
      ...Object.values(environments).flatMap(({ deployRole, previewRole }) => [deployRole, previewRole]),
      ...(push === undefined ? [] : [push.role]),
    ];
    const boundary = new aws.iam.Policy(
      this.child("boundary"),
      {
        name: boundaryName,
        description: "Permissions boundary of the deployment roles and of the roles that they create",
        policy: {
          Version: "2012-10-17",
          Statement: boundaryStatements(
            context,
            boundaryArn,
            names,
            states.map(({ bucketName }) => bucketName),
          ),
        },
      },
      { ...this.inside, protect: context.protect },
    );
    const deploy = new aws.iam.Policy(
      this.child("deploy"),
      {
        name: `${context.prefix}-deploy`,
        description: "Permissions that pulumi up of an environment needs",
        policy: {
          Version: "2012-10-17",
          Statement: deployRights({ ...context, secondRegion }, boundaryArn, zoneIds),
        },
      },
      this.inside,
    );
    this.boundary = boundary.arn;
    this.roles = Object.fromEntries(
      Object.entries(environments).map(
        ([environment, { deployRole, previewRole, branches, releaseTags, previewBranches }]) => {
          const { role, arn: deployArn } = serviceRole(this, `${environment}-deploy`, {
            name: deployRole,
            description: `Lets GitHub Actions run pulumi up of ${environment}`,
            sessionSeconds: deploySeconds,
            boundary: boundary.arn,
            // GitHub checks the environment's protection rules before it issues the token, which contains the branch, or
            // the tag of the published release.
            trust: gitHubTrust(provider, [repository], [`environment:${environment}`], {
              StringEquals: { [`${issuer}:environment`]: [environment] },
              StringLike: {
                [`${issuer}:ref`]: [
                  ...branches.map((branch) => `refs/heads/${branch}`),
                  ...releaseTags.map((tag) => `refs/tags/${tag}`),
                ],
              },
            }),
            statements: stateRights(environment, states),
          });
          new aws.iam.RolePolicyAttachment(
            this.child(environment, "deploy", "rights"),
            { role: role.name, policyArn: deploy.arn },
            this.inside,
          );
          const { arn: previewArn } = serviceRole(this, `${environment}-preview`, {
            name: previewRole,
            description: `Lets GitHub Actions run pulumi preview of ${environment}`,
            boundary: boundary.arn,
            trust: gitHubTrust(
              provider,
              [repository],
              [
                `environment:${environment}-preview`,
                ...previewBranches.map((branch) => `ref:refs/heads/${branch}`),
              ],
            ),
            statements: previewRights({ ...context, secondRegion }, environment, states),
          });
          return [environment, { deploy: deployArn, preview: previewArn }];
        },
      ),
    );
    this.push =
      push === undefined
        ? undefined
        : serviceRole(this, "push", {
            name: push.role,
            description: "Lets GitHub Actions push images of the systems",
            boundary: boundary.arn,
            trust: pushTrust(provider, repository, push.repositories),
            statements: pushRights(context, imageRepositories),
          }).arn;
    this.registerOutputs();
  }

  /** ARN of GitHub's identity provider, which an account has once. */
  private provider(
    { accountId, protect }: Context,
    provider: PipelineSettings["provider"],
  ): pulumi.Input<string> {
    return provider === "exists"
      ? `arn:aws:iam::${accountId}:oidc-provider/${issuer}`
      : new aws.iam.OpenIdConnectProvider(
          this.child("github"),
          // AWS trusts GitHub's certificate authorities itself, so no thumbprint is needed.
          { url: `https://${issuer}`, clientIdLists: ["sts.amazonaws.com"] },
          { ...this.inside, protect },
        ).arn;
  }
}
