import type { Policies } from "@pulumi/policy";
import { anyAccount, known, thirdPartyImages } from "../../standards/images";
import type { Test } from "../../standards/tests";
import type { Setting } from "../lib/control";
import { ifUnknown, shown } from "../lib/wire";
import { onContainers } from "./pods";

/** A registry of an account's own; that the account is ours is for `aws-own-account-only`. */
const ownRegistry = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\//;

/** Images of others that pods of ours run, without tag. */
const thirdParty: Setting<string[]> = {
  type: "array",
  items: { type: "string" },
  description: "Images from elsewhere that may run: registry and repository, without tag or digest.",
  default: thirdPartyImages,
};

const tests = new WeakMap<readonly string[], Test>();
/** Whether an image is known, as a test that is made once for each list. */
function isKnown(images: readonly string[]): Test {
  const made = tests.get(images) ?? known(anyAccount, images);
  tests.set(images, made);
  return made;
}

/** Where images come from. */
export const images: Policies = [
  onContainers<{ thirdParty: string[] }>(
    {
      name: "k8s-image-registry",
      description: "Images come from the account's own registry, or are on the list of third-party images.",
      severity: "high",
      remediation: "Push the image to ECR, or add its repository to the rule's thirdParty setting.",
      url: "https://kubernetes.io/docs/concepts/containers/images/",
      settings: { thirdParty },
    },
    (container, { settings, report }) => {
      const image = ifUnknown(undefined, () => container.image);
      if (image === undefined || isKnown(settings.thirdParty).holds(image)) return;
      report(`${shown(image)} comes from elsewhere.`);
    },
  ),
  onContainers(
    {
      name: "k8s-image-by-digest",
      description: "A third-party image that is given secrets is pinned by digest.",
      // The tag of another's repository can be moved; ours can't be, by `ecr-immutable-tags`.
      severity: "medium",
      remediation: "Add its digest: name:tag@sha256:….",
      url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    },
    (container, { spec, report }) => {
      const image = ifUnknown(undefined, () => container.image);
      if (image === undefined || ownRegistry.test(image) || image.includes("@sha256:")) return;
      const fromSecrets =
        (container.env ?? []).some((variable) => variable.valueFrom?.secretKeyRef !== undefined) ||
        (container.envFrom ?? []).some((source) => source.secretRef !== undefined) ||
        (spec.volumes ?? []).some((volume) => volume.secret !== undefined);
      if (fromSecrets) report(`${shown(image)} may be another image tomorrow.`);
    },
  ),
];
