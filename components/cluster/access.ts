import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings } from "../../config";
import { Component } from "../component";

type Level = keyof ClusterSettings["access"];

/**
 * What each level may do, as EKS defines it: administrators everything, operators change workloads and read secrets,
 * viewers look at all but secrets. Source: EKS user guide, access policy permissions.
 */
const policies: Readonly<Record<Level, string>> = {
  admin: "AmazonEKSClusterAdminPolicy",
  operator: "AmazonEKSEditPolicy",
  viewer: "AmazonEKSViewPolicy",
};
const levels = Object.keys(policies) as Level[];

/** Key of a principal's resources: account, kind and name. IAM names are unique in these, whatever their path. */
export function principalKey(arn: string): string {
  const [, , , , account, resource = ""] = arn.split(":");
  const [kind, ...path] = resource.split("/");
  return [account, kind, path.at(-1)].join("-");
}

export interface AccessArgs {
  /** Name of the cluster, known once it is there. */
  readonly clusterName: pulumi.Output<string>;
  readonly access: ClusterSettings["access"];
}

/**
 * Who may do what in the cluster. An entry is keyed by its principal and not by its place in a list: EKS refuses a
 * second entry for a principal, which is what a shifted list, or a move from one level to another, would ask for.
 */
export class ClusterAccess extends Component {
  /** The administrators' rights, by their ids: until they exist nobody may change anything in the cluster. */
  readonly admins: readonly pulumi.Output<string>[];

  constructor(name: string, { clusterName, access }: AccessArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:ClusterAccess", name, opts);
    const principals = new Set(levels.flatMap((level) => access[level]));
    const entries = new Map([...principals].map((arn) => [arn, this.entry(clusterName, arn)]));
    const grant = (level: Level) =>
      [...new Set(access[level])].map((arn) =>
        this.grant(clusterName, level, arn, entries.get(arn)?.principalArn ?? pulumi.output(arn)),
      );
    this.admins = grant("admin");
    grant("operator");
    grant("viewer");
    this.registerOutputs();
  }

  private entry(clusterName: pulumi.Output<string>, principalArn: string): aws.eks.AccessEntry {
    return new aws.eks.AccessEntry(
      this.child(principalKey(principalArn)),
      { clusterName, principalArn, type: "STANDARD" },
      this.inside,
    );
  }

  private grant(
    clusterName: pulumi.Output<string>,
    level: Level,
    arn: string,
    principalArn: pulumi.Output<string>,
  ): pulumi.Output<string> {
    return new aws.eks.AccessPolicyAssociation(
      this.child(principalKey(arn), level),
      {
        clusterName,
        principalArn,
        policyArn: `arn:aws:eks::aws:cluster-access-policy/${policies[level]}`,
        accessScope: { type: "cluster" },
      },
      this.inside,
    ).id;
  }
}
