import type { Settings } from "../config";
import type { Recording } from "../preview/run-program";
import { isUnknown } from "../preview/wire";

/** Input of the checks: an environment's settings, and the resources that the program would create. */
export interface Plan {
  readonly settings: Settings;
  /** Inputs of the resources by type. */
  ofType(type: string): Readonly<Record<string, unknown>>[];
  /** Images that pods run, if known before `up`. */
  readonly images: readonly string[];
}

/** Every `image` of a container, at any depth of a manifest. */
function imagesIn(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const each of value) imagesIn(each, found);
  else if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value))
      if (key === "containers" || key === "initContainers") containerImages(inner, found);
      else imagesIn(inner, found);
}

function containerImages(containers: unknown, found: Set<string>): void {
  if (!Array.isArray(containers)) return;
  for (const { image } of containers as { image?: unknown }[])
    if (typeof image === "string" && !isUnknown(image)) found.add(image);
}

export function planOf(settings: Settings, recording: Recording): Plan {
  const images = new Set<string>();
  for (const { type, inputs } of recording.resources.values())
    if (type.startsWith("kubernetes:")) imagesIn(inputs, images);
  return {
    settings,
    ofType: (type) => recording.ofType(type).map(({ inputs }) => inputs),
    images: [...images].sort(),
  };
}
