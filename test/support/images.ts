import type { Recording } from "../../preview/run-program";

/** Every text under a key `image`, at any depth. */
function imagesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "image" && typeof inner === "string" ? [inner] : imagesIn(inner),
  );
}

/** The images that a stack's Kubernetes objects name. */
export const podImages = (recording: Recording): string[] =>
  [...recording.resources.values()]
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .flatMap(({ inputs }) => imagesIn(inputs));
