import type { Policies, PolicyResource } from "@pulumi/policy";
import { onStack } from "../lib/control";
import { covers, documentOf } from "../lib/statements";
import { isGiven } from "../lib/wire";

/** Permissions boundaries, by resource name. They limit identities and grant nothing themselves. */
export const boundaries: readonly string[] = ["foundation-pipelines-boundary"];

/**
 * Policies of the roles that deploy environments, by resource name. They allow all actions of a service, because resources
 * that don't exist yet have no name. `iam-deploy-role-bounded` limits the roles that have them.
 */
export const deployPolicies: readonly string[] = ["foundation-pipelines-deploy"];

const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const role = "aws:iam/role:Role";

const partsOf = ({ dependencies }: PolicyResource, type: string) =>
  dependencies.filter((one) => one.type === type);

/** Actions that create or change identities, which a boundary must deny for identities without it. */
const makings = ["iam:CreateRole", "iam:CreateUser", "iam:PutRolePolicy", "iam:AttachRolePolicy"];
const lifts = ["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"];

/** Whether a boundary denies the creation of identities without it, and its own removal. */
function holds(boundary: PolicyResource): boolean {
  const read = documentOf(boundary.type, boundary.props);
  // Known only after `up`: tests of the program check the document.
  if (typeof read === "symbol") return true;
  const refusing = (read ?? []).filter(({ allows, resources }) => !allows && resources.includes("*"));
  const refuses = (action: string, bound: boolean) =>
    refusing.some(
      ({ actions, tests }) =>
        actions.some((each) => covers(each, action)) &&
        (tests.length === 0 ||
          (bound &&
            tests.length === 1 &&
            tests[0]?.operator === "stringnotequals" &&
            tests[0].key === "iam:permissionsboundary")),
    );
  return makings.every((action) => refuses(action, true)) && lifts.every((action) => refuses(action, false));
}

/** Statements of a deploy policy that aren't limited to a region, or allow identities without the boundary. */
function looseStatements(policy: PolicyResource): string[] {
  const read = documentOf(policy.type, policy.props);
  if (typeof read === "symbol") return [];
  return (read ?? []).flatMap(({ allows, actions, resources, tests }) => {
    if (!allows) return [];
    const has = (key: string) =>
      tests.some(
        ({ operator, key: tested, values }) =>
          operator === "stringequals" && tested === key && !values.some((value) => /[*?]/.test(value)),
      );
    const whole = actions.filter((action) => /^[\w-]*[*?]|^[^:]+:[*?]/.test(action));
    const makes = makings.filter((action) => actions.some((each) => covers(each, action)));
    return [
      ...(whole.length > 0 && !has("aws:requestedregion")
        ? [`a statement allows ${whole.join(", ")} without a condition on aws:RequestedRegion.`]
        : []),
      ...(makes.length > 0 && !has("iam:permissionsboundary")
        ? [`a statement allows ${makes.join(", ")} without a condition on iam:PermissionsBoundary.`]
        : []),
      ...(actions.some((action) => action.startsWith("iam:")) &&
      resources.some((one) => /^(\*|arn:[^/]*\*)/.test(one))
        ? ["a statement allows IAM actions on identities of any name."]
        : []),
    ];
  });
}

/** Policies for deploy roles and their permissions boundary. */
export const deployRights: Policies = [
  onStack(
    {
      name: "iam-deploy-role-bounded",
      description: "Roles that deploy environments must have a permissions boundary that they can't remove.",
      severity: "critical",
      remediation:
        "Set permissionsBoundary on the role. The boundary must deny its own removal and the creation of identities without it, and must not be attached to an identity as a policy.",
      url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    },
    (resources, report) => {
      for (const one of resources.filter(({ type }) => type === attachment)) {
        const policies = partsOf(one, "aws:iam/policy:Policy").map(({ name }) => name);
        if (policies.some((name) => boundaries.includes(name)))
          report(
            `${one.name} attaches a permissions boundary as a policy, which grants all its permissions.`,
            one.urn,
          );
        if (!policies.some((name) => deployPolicies.includes(name))) continue;
        const holders = partsOf(one, role).map(
          ({ urn }) => resources.find((each) => each.urn === urn) ?? undefined,
        );
        if (holders.length === 0)
          report(`${one.name} must attach the policy to a role of the stack.`, one.urn);
        for (const holder of holders)
          if (holder !== undefined && !isGiven(holder.props, "permissionsBoundary"))
            report(`${holder.name}: permissionsBoundary must be set.`, holder.urn);
      }
      for (const one of resources.filter(({ name }) => deployPolicies.includes(name)))
        for (const fault of looseStatements(one)) report(`${one.name}: ${fault}`, one.urn);
      for (const one of resources.filter(({ name }) => boundaries.includes(name)))
        if (!holds(one))
          report(`${one.name} must deny its own removal and the creation of identities without it.`, one.urn);
    },
  ),
];
