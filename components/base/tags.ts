import type { Settings } from "../../config";

/**
 * Tags that cost and ownership are read from: static, or every update would touch every resource. The AWS provider
 * puts them on what it makes; what EKS makes from Kubernetes objects (nodes, volumes, the load balancer) gets them by
 * those objects.
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
