/** An image's first part is a registry when it has a dot or a port; else it comes from the environment's own. */
export function withRegistry(image: string, registry: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && /[.:]/.test(first) ? image : `${registry}/${image}`;
}
