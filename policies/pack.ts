import type { Policies } from "@pulumi/policy";
import { account } from "./aws/account";
import { ec2 } from "./aws/ec2";
import { edge } from "./aws/edge";
import { eks } from "./aws/eks";
import { elasticache } from "./aws/elasticache";
import { iam } from "./aws/iam";
import { iamTrust } from "./aws/iam-trust";
import { ingress } from "./aws/ingress";
import { kms } from "./aws/kms";
import { functions } from "./aws/lambda";
import { messaging } from "./aws/messaging";
import { rds } from "./aws/rds";
import { rdsUpkeep } from "./aws/rds-upkeep";
import { s3 } from "./aws/s3";
import { s3Access } from "./aws/s3-access";
import { services } from "./aws/services";
import { availability } from "./kubernetes/availability";
import { charts } from "./kubernetes/charts";
import { containers } from "./kubernetes/containers";
import { exposure } from "./kubernetes/exposure";
import { host } from "./kubernetes/host";
import { namespaces } from "./kubernetes/namespaces";
import { platform } from "./kubernetes/platform";
import { priority } from "./kubernetes/priority";
import { rbacRules } from "./kubernetes/rbac";
import { secrets } from "./kubernetes/secrets";
import { security } from "./kubernetes/security";

/** Every rule of the pack, by what it is about. The order is that of the documentation. */
export const sections: Record<string, Policies> = {
  "Account and providers": account,
  Network: [...ec2, ...ingress],
  Edge: edge,
  Cluster: eks,
  Databases: [...rds, ...rdsUpkeep],
  Caches: elasticache,
  Buckets: [...s3, ...s3Access],
  "Keys and access": [...kms, ...iam, ...iamTrust, ...functions],
  "Messages and files": messaging,
  "Other AWS services": services,
  Containers: containers,
  "Pod security": [...security, ...host],
  "Secrets in Kubernetes": secrets,
  Namespaces: namespaces,
  Availability: [...availability, ...priority],
  Exposure: exposure,
  "Roles in Kubernetes": rbacRules,
  "Charts, storage and certificates": [...charts, ...platform],
};

/** The pack's rules in one list. */
export const policies: Policies = Object.values(sections).flat();
