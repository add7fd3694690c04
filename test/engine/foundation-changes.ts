import type { Change } from "./change";

/** Whether a stack, as the command line names it, is one of the foundation. */
export const isFoundation = (stack: string) => stack.startsWith("foundation/");

const key = (name: string) => ["config", `plinth-foundation:${name}`];

/** Another number of images, another branch that deploys. */
export const foundationChanges: readonly Change[] = [
  {
    name: "images kept",
    updates: /^aws:ecr\/lifecyclePolicy:LifecyclePolicy$/,
    // ECR has no call that changes one, so the provider replaces it.
    op: "create-replacement",
    also: ({ op, type }) =>
      /^aws:ecr\/lifecyclePolicy:/.test(type) && ["replace", "delete-replaced"].includes(op),
    edit: (document) => {
      document.setIn([...key("images"), "keep"], 50);
      return [{ type: /lifecyclePolicy/, text: String.raw`\"countNumber\":50` }];
    },
  },
  {
    name: "branches that deploy",
    updates: /^aws:iam\/role:Role$/,
    edit: (document) => {
      const environments = [...key("pipelines"), "environments"];
      const stack = document.getIn(environments) as { items: readonly { key: unknown }[] };
      for (const { key: name } of stack.items)
        document.setIn([...environments, String(name), "branches"], ["main", "release"]);
      return [{ type: /role:Role/, text: "refs/heads/release" }];
    },
  },
];
