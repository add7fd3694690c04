import type { NetworkSettings } from "../../config";

type Service = NetworkSettings["interfaceEndpoints"][number];

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: "*";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Policy of a VPC endpoint. It applies in addition to IAM policies. */
export interface EndpointPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

const allow = (Sid: string, what: Omit<Statement, "Sid" | "Effect" | "Principal">): Statement => ({
  Sid,
  Effect: "Allow",
  Principal: "*",
  ...what,
});

const policy = (...Statement: Statement[]): EndpointPolicy => ({ Version: "2012-10-17", Statement });

/**
 * Policy of the S3 endpoint: everything on this account's own buckets, subject to IAM, and reads from the buckets that
 * hold image layers: ECR's, and that of registry.k8s.io, which redirects clients in AWS to a bucket in their region if
 * there is one. Traffic to the region's S3 has no other route, so no data can be copied to another account's bucket
 * there. Sources: Amazon ECR user guide, minimum Amazon S3 bucket permissions; kubernetes/registry.k8s.io,
 * `cmd/archeio/internal/app/buckets.go`.
 */
export const s3Policy = (accountId: string, region: string): EndpointPolicy =>
  policy(
    allow("OwnBuckets", {
      Action: "s3:*",
      Resource: "*",
      Condition: { StringEquals: { "aws:ResourceAccount": accountId } },
    }),
    allow("ReadImageLayers", {
      Action: "s3:GetObject",
      Resource: [
        `arn:aws:s3:::prod-${region}-starport-layer-bucket/*`,
        `arn:aws:s3:::prod-registry-k8s-io-${region}/*`,
      ],
    }),
  );

/** Actions of each service. ECR has two endpoints. */
const actions: Readonly<Record<Service, string>> = {
  "ecr.api": "ecr:*",
  "ecr.dkr": "ecr:*",
  "eks-auth": "eks-auth:*",
  secretsmanager: "secretsmanager:*",
  sqs: "sqs:*",
  sts: "sts:*",
};

/** Image pulls, and the authorization token, which is not a resource. */
const pulls = [
  "ecr:GetAuthorizationToken",
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
];

/**
 * Policy of an interface endpoint: this account's identities, on this account's resources. Credentials of another
 * account don't work through it. Images may also be pulled from AWS' own accounts, which host the EKS add-ons.
 */
export function interfacePolicy(service: Service, accountId: string): EndpointPolicy {
  const own = { "aws:PrincipalAccount": accountId };
  return policy(
    allow("OwnIdentitiesOwnResources", {
      Action: actions[service],
      Resource: "*",
      Condition: { StringEquals: { ...own, "aws:ResourceAccount": accountId } },
    }),
    ...(service === "ecr.api" || service === "ecr.dkr"
      ? [
          allow("OwnIdentitiesPullImages", {
            Action: pulls,
            Resource: "*",
            Condition: { StringEquals: own },
          }),
        ]
      : []),
  );
}
