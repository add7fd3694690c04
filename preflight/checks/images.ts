import { advice, stops, type Finding } from "../finding";
import type { Plan } from "../plan";
import type { World } from "../world";

/** An image in a registry of ECR. */
const inEcr =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^@:]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]+))?$/;

/** Checks that the registry has the images that pods run, and a repository for those that this stack builds. */
export async function registryImages({ images, ofType }: Plan, { aws }: World): Promise<Finding[]> {
  const built = ofType("docker:index/image:Image").map(({ imageName }) => String(imageName));
  const all = [
    ...images.filter((image) => !built.includes(image)).map((image) => inRegistry(image, aws)),
    ...[...new Set(built)].map((image) => repository(image, aws)),
  ];
  return (await Promise.all(all)).flat();
}

async function inRegistry(image: string, aws: World["aws"]): Promise<Finding[]> {
  const [, account, , name = "", tag, digest] = inEcr.exec(image) ?? [];
  if (account === undefined) return [];
  const id = digest === undefined ? `imageTag=${tag ?? "latest"}` : `imageDigest=${digest}`;
  return absent(`image ${image}`, "push it, or set a version that exists", () =>
    aws("ecr", "describe-images", "--registry-id", account, "--repository-name", name, "--image-ids", id),
  );
}

async function repository(image: string, aws: World["aws"]): Promise<Finding[]> {
  const [, account, region, name = ""] = inEcr.exec(image) ?? [];
  if (account === undefined) return [];
  return absent(
    `image ${image}, which this stack builds`,
    `aws ecr create-repository --registry-id ${account} --region ${region} --repository-name ${name}`,
    () => aws("ecr", "describe-repositories", "--registry-id", account, "--repository-names", name),
  );
}

async function absent(about: string, todo: string, ask: () => Promise<unknown>): Promise<Finding[]> {
  try {
    await ask();
    return [];
  } catch (error) {
    const { code = "" } = error as { code?: string };
    if (code === "RepositoryNotFoundException") return [stops(about, "its repository doesn't exist", todo)];
    if (code === "ImageNotFoundException") return [stops(about, "its repository doesn't contain it", todo)];
    throw error;
  }
}

/** How much of Docker Hub's rate limit the environment would use. */
export async function dockerHub({ images, ofType }: Plan, { dockerHubPulls }: World): Promise<Finding[]> {
  const found = images.filter((image) => image.startsWith("docker.io/"));
  if (found.length === 0) return [];
  const addresses = ofType("aws:ec2/eip:Eip").length;
  const pulls = await dockerHubPulls();
  const limit =
    pulls === undefined
      ? "its rate limit is unknown"
      : `its limit is ${pulls.limit} pulls in ${pulls.seconds / 3600} hours, of which this machine has ${pulls.left} left`;
  return [
    advice(
      "Docker Hub",
      `${found.length} images are pulled from it without a login, once per node, from ${addresses} address(es); ${limit}`,
      `copy them into a registry of your own, or pull through ECR: ${found.join(", ")}`,
    ),
  ];
}
