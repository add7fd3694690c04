import { createHash } from "node:crypto";

/** Hexadecimal characters of a digest in a name: enough to avoid collisions between a system's images. */
const shown = 12;

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/** An image as known before the update: its name, and the digest of its sources if it isn't built yet. */
export interface KnownImage {
  readonly image: string;
  /** Digest of its sources; undefined: the image is already in the registry. */
  readonly source?: string | undefined;
}

/** The start of the image's digest; else of its sources' digest; else of its name's hash. */
export function imageDigest({ image, source }: KnownImage): string {
  const own = /@sha256:([0-9a-f]{64})$/.exec(image)?.[1];
  return (own ?? hash(source === undefined ? image : `${image} ${source}`)).slice(0, shown);
}

/** Suffix of a gate's name: only another image or another `retry` makes it run again. */
export const gateRevision = (image: KnownImage, retry: string | undefined): string =>
  [imageDigest(image), ...(retry === undefined ? [] : [retry])].join("-");

/** Suffix of a name for several images, independent of their order. */
export const imagesRevision = (images: readonly KnownImage[], retry: string | undefined): string =>
  [
    hash([...new Set(images.map(imageDigest))].sort().join(" ")).slice(0, shown),
    ...(retry === undefined ? [] : [retry]),
  ].join("-");
