import type { Policies } from "@pulumi/policy";
import { anyAccount, known, thirdPartyImages } from "../../standards/images";
import type { Test } from "../../standards/tests";
import type { Setting } from "../lib/control";
import { ifUnknown, shown } from "../lib/wire";
import { onContainers } from "./pods";

/** An account's registry; `aws-own-account-only` checks which account. */
const ownRegistry = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\//;

/** Third-party images that pods may run, without tag. */
const thirdParty: Setting<string[]> = {
  type: "array",
  items: { type: "string" },
  description: "Third-party images that may run: registry and repository, without tag or digest.",
  default: thirdPartyImages,
};

const tests = new WeakMap<readonly string[], Test>();
/** A cached test for known images. */
function isKnown(images: readonly string[]): Test {
  const made = tests.get(images) ?? known(anyAccount, images);
  tests.set(images, made);
  return made;
}

/** Policies for image registries. */
export const images: Policies = [
  onContainers<{ thirdParty: string[] }>(
    {
      name: "k8s-image-registry",
      description:
        "Container images must come from the account's registry or the list of third-party images.",
      severity: "high",
      remediation: "Push the image to Amazon ECR, or add its repository to this policy's thirdParty setting.",
      url: "https://kubernetes.io/docs/concepts/containers/images/",
      settings: { thirdParty },
    },
    (container, { settings, report }) => {
      const image = ifUnknown(undefined, () => container.image);
      if (image === undefined || isKnown(settings.thirdParty).holds(image)) return;
      report(
        `image is ${shown(image)}; it must come from the account's registry or the list of third-party images.`,
      );
    },
  ),
  onContainers(
    {
      name: "k8s-image-by-digest",
      description: "Third-party images that use Secrets must be pinned by digest.",
      // Tags in third-party repositories can move. Those in the account's registry can't: `ecr-immutable-tags`.
      severity: "medium",
      remediation: "Add the digest to the image, such as name:tag@sha256:….",
      url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    },
    (container, { spec, report }) => {
      const image = ifUnknown(undefined, () => container.image);
      if (image === undefined || ownRegistry.test(image) || image.includes("@sha256:")) return;
      const fromSecrets =
        (container.env ?? []).some((variable) => variable.valueFrom?.secretKeyRef !== undefined) ||
        (container.envFrom ?? []).some((source) => source.secretRef !== undefined) ||
        (spec.volumes ?? []).some((volume) => volume.secret !== undefined);
      if (fromSecrets)
        report(`image is ${shown(image)}; it must have a digest, because the tag can move to another image.`);
    },
  ),
];
