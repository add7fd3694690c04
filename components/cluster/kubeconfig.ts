/** Connection settings of a cluster for Kubernetes clients. */
export interface Endpoint {
  readonly name: string;
  readonly region: string;
  /** URL of the API server. */
  readonly endpoint: string;
  /** Base64 of the certificate that verifies the API server's. */
  readonly certificateAuthority: string;
}

/** Command that creates a token for the cluster, and the hint if it isn't installed. */
export const tokenCommand = ({ name, region }: Pick<Endpoint, "name" | "region">) => ({
  command: "aws",
  args: ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"],
  installHint: "Install version 2 of the AWS CLI, which creates the token for the cluster.",
});

/**
 * A kubeconfig, as JSON, without credentials: clients get a token from the AWS CLI that is valid for 15 minutes. It
 * needs `aws` version 2 on the machine that runs Pulumi.
 */
export function kubeconfig({ name, region, endpoint, certificateAuthority }: Endpoint): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server: endpoint, "certificate-authority-data": certificateAuthority } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            ...tokenCommand({ name, region }),
            interactiveMode: "Never",
            provideClusterInfo: false,
          },
        },
      },
    ],
  });
}
