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

/** What may pass an endpoint, whatever IAM says besides. */
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
 * What may pass to S3: everything to this account's own buckets, where IAM still decides; from others only the buckets
 * that image layers lie in: ECR's, and that of registry.k8s.io, which sends clients in AWS to a bucket of their region
 * where there is one. Traffic to the region's S3 has no other route, so nothing can carry data off to a stranger's
 * bucket there. Sources: Amazon ECR user guide, minimum Amazon S3 bucket permissions; kubernetes/registry.k8s.io,
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

/** Actions of each service; the two endpoints of ECR serve one. */
const actions: Readonly<Record<Service, string>> = {
  "ecr.api": "ecr:*",
  "ecr.dkr": "ecr:*",
  "eks-auth": "eks-auth:*",
  secretsmanager: "secretsmanager:*",
  sqs: "sqs:*",
  sts: "sts:*",
};

/** Pulls, and the token that they need, which is no resource of anybody's. */
const pulls = [
  "ecr:GetAuthorizationToken",
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
];

/**
 * What may pass an interface endpoint: this account's identities, to this account's resources. So credentials that
 * somebody brought along reach nobody's account from here. Images of AWS' own accounts may be pulled besides: EKS
 * add-ons come from there.
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
