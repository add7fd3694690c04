import type { Place, Statement } from "./statement";

/** Permissions to push an image. Source: ECR user guide, "IAM permissions for pushing an image". */
export const pushRights = ({ accountId, region }: Place, repositories: readonly string[]): Statement[] => [
  { Sid: "Login", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
  {
    Sid: "Push",
    Effect: "Allow",
    Action: [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ],
    Resource: repositories.map((name) => `arn:aws:ecr:${region}:${accountId}:repository/${name}`),
  },
];
