import type { Policies } from "@pulumi/policy";
import { account } from "./aws/account";
import { companionRules } from "./aws/beside";
import { cdnRows } from "./aws/cdn";
import { clusterRows } from "./aws/cluster-rows";
import { costTags } from "./aws/cost-tags";
import { deployRights } from "./aws/deploy-rights";
import { ec2 } from "./aws/ec2";
import { edge } from "./aws/edge";
import { endpoints } from "./aws/endpoints";
import { eks } from "./aws/eks";
import { elasticache } from "./aws/elasticache";
import { groups } from "./aws/groups";
import { iam } from "./aws/iam";
import { iamTrust } from "./aws/iam-trust";
import { ingress } from "./aws/ingress";
import { kms } from "./aws/kms";
import { functions } from "./aws/lambda";
import { messaging } from "./aws/messaging";
import { openSearchRows } from "./aws/opensearch-rows";
import { platformRows } from "./aws/platform-rows";
import { quotaRules } from "./aws/quotas";
import { rds } from "./aws/rds";
import { databaseRows } from "./aws/rds-rows";
import { rdsUpkeep } from "./aws/rds-upkeep";
import { s3 } from "./aws/s3";
import { s3Access } from "./aws/s3-access";
import { objectives } from "./aws/objectives";
import { recovery } from "./aws/recovery";
import { services } from "./aws/services";
import { signalRows } from "./aws/signal-rows";
import { auditRows } from "./aws/audit-rows";
import { failoverRows } from "./aws/failover-rows";
import { replicationRows } from "./aws/replication-rows";
import { storageRows } from "./aws/storage-rows";
import { transitRows } from "./aws/transit-rows";
import { waf } from "./aws/waf";
import { admission } from "./kubernetes/admission";
import { availability } from "./kubernetes/availability";
import { chartValues } from "./kubernetes/chart-values";
import { charts } from "./kubernetes/charts";
import { containers } from "./kubernetes/containers";
import { exposure } from "./kubernetes/exposure";
import { host } from "./kubernetes/host";
import { images } from "./kubernetes/images";
import { namespaces } from "./kubernetes/namespaces";
import { network } from "./kubernetes/network";
import { platform } from "./kubernetes/platform";
import { nodeRows } from "./kubernetes/node-rows";
import { objectRows } from "./kubernetes/object-rows";
import { operatorRows } from "./kubernetes/operator-rows";
import { priority } from "./kubernetes/priority";
import { rbacRules } from "./kubernetes/rbac";
import { secrets } from "./kubernetes/secrets";
import { security } from "./kubernetes/security";
import { literals } from "./lib/secrets";

/** Every policy of the pack by section, in the order of the documentation. */
export const sections: Record<string, Policies> = {
  "Account and providers": [...account, ...costTags, ...quotaRules],
  Network: [...ec2, ...endpoints, ...ingress, ...groups],
  "Load balancers, CloudFront and AWS WAF": [...edge, ...cdnRows, ...waf],
  "EKS clusters": eks,
  RDS: [...rds, ...rdsUpkeep],
  ElastiCache: elasticache,
  "S3 buckets": [...s3, ...s3Access],
  "KMS, IAM and Lambda permissions": [...kms, ...iam, ...iamTrust, ...deployRights, ...functions],
  "Queues, topics, file systems and resource policies": messaging,
  "Data stores, audit logs and replication": [
    ...databaseRows,
    ...openSearchRows,
    ...storageRows,
    ...auditRows,
    ...failoverRows,
    ...replicationRows,
    ...companionRules,
  ],
  "Other AWS services": [
    ...services,
    ...recovery,
    ...objectives,
    ...platformRows,
    ...clusterRows,
    ...signalRows,
    ...transitRows,
  ],
  Containers: [...containers, ...images],
  "Pod security": [...security, ...host],
  Secrets: [...literals, ...secrets],
  Namespaces: namespaces,
  Availability: [...availability, ...priority],
  "Ingresses, Services and NetworkPolicies": [...exposure, ...network],
  RBAC: rbacRules,
  "Admission policies": admission,
  "Kubernetes objects and operators": [...objectRows, ...operatorRows, ...nodeRows],
  "Helm charts, StorageClasses and providers": [...charts, ...chartValues, ...platform],
};

/** The pack's policies in one list. */
export const policies: Policies = Object.values(sections).flat();
