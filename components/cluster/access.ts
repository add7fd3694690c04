import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings } from "../../config";
import { Component } from "../base/component";
import { people } from "../base/people";

/**
 * Key of a principal's resources: account, kind and name. IAM names are unique within these, regardless of their path.
 */
export function principalKey(arn: string): string {
  const [, , , , account, resource = ""] = arn.split(":");
  const [kind, ...path] = resource.split("/");
  return [account, kind, path.at(-1)].join("-");
}

export interface AccessArgs {
  /** Name of the cluster, known once it exists. */
  readonly clusterName: pulumi.Output<string>;
  readonly access: ClusterSettings["access"];
}

/**
 * Access entries of the cluster. An entry is keyed by its principal, not by its position in a list: EKS refuses a
 * second entry for a principal, which a reordered list or a move to another level would create.
 *
 * Administrators have EKS' own policy, which doesn't depend on objects in the cluster. Operators and viewers are groups
 * with roles in the cluster (`PeopleRoles`): EKS' policies for them don't include the operators' kinds, and its edit
 * policy may also create service accounts and Secrets.
 */
export class ClusterAccess extends Component {
  /** Ids of the administrators' policy associations. Until they exist, no request to the cluster's API is authorized. */
  readonly admins: readonly pulumi.Output<string>[];

  constructor(name: string, { clusterName, access }: AccessArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:ClusterAccess", name, opts);
    const principals = new Set(Object.values(access).flat());
    const entries = new Map([...principals].map((arn) => [arn, this.entry(clusterName, arn, access)]));
    this.admins = [...new Set(access.admin)].map((arn) =>
      this.administrator(clusterName, arn, entries.get(arn)?.principalArn ?? pulumi.output(arn)),
    );
    this.registerOutputs();
  }

  private entry(
    clusterName: pulumi.Output<string>,
    principalArn: string,
    access: ClusterSettings["access"],
  ): aws.eks.AccessEntry {
    const kubernetesGroups = (["operator", "viewer"] as const)
      .filter((level) => access[level].includes(principalArn))
      .map((level) => people[level].group);
    return new aws.eks.AccessEntry(
      this.child(principalKey(principalArn)),
      { clusterName, principalArn, type: "STANDARD", kubernetesGroups },
      this.inside,
    );
  }

  private administrator(
    clusterName: pulumi.Output<string>,
    arn: string,
    principalArn: pulumi.Output<string>,
  ): pulumi.Output<string> {
    return new aws.eks.AccessPolicyAssociation(
      this.child(principalKey(arn), "admin"),
      {
        clusterName,
        principalArn,
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope: { type: "cluster" },
      },
      this.inside,
    ).id;
  }
}
