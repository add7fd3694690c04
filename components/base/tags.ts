import type { Settings } from "../../config";

/**
 * Cost and ownership tags. They are static, or every update would touch every resource. The AWS provider adds them to
 * its resources; resources that EKS creates from Kubernetes objects (nodes, volumes, the load balancer) get them
 * through those objects.
 */
export const environmentTags = ({
  project,
  stack,
  tags,
}: Pick<Settings, "project" | "stack" | "tags">): Readonly<Record<string, string>> => ({
  Project: project,
  Environment: stack,
  ...tags,
});
