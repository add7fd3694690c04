import { createHash } from "node:crypto";

/** Hexadecimal characters of a digest that a name carries: enough that no two images of a system meet. */
const shown = 12;

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/**
 * An image as the program knows it before anything runs: what it is called, and what it is built from where it isn't
 * built yet.
 */
export interface KnownImage {
  readonly image: string;
  /** Digest of what it is built from; undefined: it is in the registry. */
  readonly source?: string | undefined;
}

/** The start of an image's own digest; of what it is built from; or of its name, where that is all that is known. */
export function imageDigest({ image, source }: KnownImage): string {
  const own = /@sha256:([0-9a-f]{64})$/.exec(image)?.[1];
  return (own ?? hash(source === undefined ? image : `${image} ${source}`)).slice(0, shown);
}

/** The end of a gate's name: another image or another word makes it run again, and nothing else does. */
export const gateRevision = (image: KnownImage, retry: string | undefined): string =>
  [imageDigest(image), ...(retry === undefined ? [] : [retry])].join("-");

/** The end of a name that stands for several images, whatever their order. */
export const imagesRevision = (images: readonly KnownImage[], retry: string | undefined): string =>
  [
    hash([...new Set(images.map(imageDigest))].sort().join(" ")).slice(0, shown),
    ...(retry === undefined ? [] : [retry]),
  ].join("-");
