import { databaseQuotas, serviceQuotas } from "./checks/quotas";
import { addonConfigurations } from "./checks/addon-configuration";
import { auditBucket } from "./checks/audit";
import { copiesToAccount } from "./checks/backups";
import { zones } from "./checks/domains";
import { accessRoles, identity, searchRole, spotRole } from "./checks/identity";
import { dockerHub, registryImages } from "./checks/images";
import { logGroups } from "./checks/logs";
import { mailCredentials, mailSandbox } from "./checks/mail";
import { addonVersions, kubernetesVersion } from "./checks/versions";
import { stops, type Finding } from "./finding";
import type { Plan } from "./plan";
import { AwsError, type World } from "./world";

type Check = (plan: Plan, world: World) => Promise<Finding[]>;

/** Every check, by its subject. */
const checks: Readonly<Record<string, Check>> = {
  "the cluster's roles": accessRoles,
  "the role for spot instances": spotRole,
  "the role for OpenSearch domains": searchRole,
  "the Kubernetes version": kubernetesVersion,
  "the add-ons": addonVersions,
  "the add-ons' configuration": addonConfigurations,
  "the zones": zones,
  "the quotas": serviceQuotas,
  "the databases' quotas": databaseQuotas,
  "copies in another account": copiesToAccount,
  "the audit bucket": auditBucket,
  "the log groups": logGroups,
  "the images": registryImages,
  "Docker Hub": dockerHub,
  "the mail sandbox": mailSandbox,
  "the mail logins": mailCredentials,
};

/** Runs every check. A check that fails or is denied access is a finding too, since its result is unknown. */
export async function check(plan: Plan, world: World): Promise<Finding[]> {
  const first = await identity(plan, world);
  // With the wrong account, the other checks would check another account's resources.
  if (first.some(({ found }) => found.startsWith("they belong to"))) return first;
  const rest = await Promise.all(
    Object.entries(checks).map(async ([about, run]) => {
      try {
        return await run(plan, world);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return [stops(about, `couldn't be checked: ${error.message}`, "give these credentials read access")];
      }
    }),
  );
  return [...first, ...rest.flat()];
}
