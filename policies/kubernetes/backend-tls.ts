import type { PolicyResource } from "@pulumi/policy";
import { onEachCluster } from "./each-cluster";
import { plain } from "../lib/wire";

const alb = "alb.ingress.kubernetes.io";
const protocol = `${alb}/backend-protocol`;

interface KubernetesObject {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}
interface Service extends KubernetesObject {
  readonly spec?: { readonly selector?: Readonly<Record<string, string>> };
}
interface Backend {
  readonly service?: { readonly name?: string; readonly port?: { readonly name?: string } };
}
interface Ingress extends KubernetesObject {
  readonly spec?: {
    readonly rules?: readonly {
      readonly http?: { readonly paths?: readonly { readonly backend?: Backend }[] };
    }[];
  };
}

const objects = <T>(resources: readonly PolicyResource[], type: string) =>
  resources
    .filter((resource) => resource.type === type)
    .map(({ urn, props }) => ({ urn, object: plain(props) as T }));

/** Services that an Ingress routes to, including those in action annotations. */
const backendsOf = ({ metadata, spec }: Ingress): string[] =>
  (spec?.rules ?? [])
    .flatMap(({ http }) => http?.paths ?? [])
    .flatMap(({ backend }) => {
      const { name = "", port } = backend?.service ?? {};
      if (port?.name !== "use-annotation") return [name];
      const action = metadata?.annotations?.[`${alb}/actions.${name}`] ?? "";
      return [...action.matchAll(/"ServiceName":"([^"]+)"/gi)].flatMap(([, service]) => service ?? []);
    });

/** Reports the workloads of each Ingress that the load balancer connects to over plain HTTP. */
export const backendTls = onEachCluster(
  {
    name: "k8s-ingress-backend-tls",
    description: "Load balancers should connect to pods over TLS.",
    severity: "low",
    level: "advisory",
    remediation:
      "Once the image serves TLS (docs/image-contract.md), set tls: true next to ports in systems/. Grafana and Jaeger have no such setting.",
    url: "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#backend-protocol",
  },
  (resources, report) => {
    const services = new Map(
      objects<Service>(resources, "kubernetes:core/v1:Service").map(({ object }) => [
        `${object.metadata?.namespace ?? ""}/${object.metadata?.name ?? ""}`,
        object,
      ]),
    );
    for (const { urn, object } of objects<Ingress>(resources, "kubernetes:networking.k8s.io/v1:Ingress")) {
      const { namespace = "", annotations = {} } = object.metadata ?? {};
      const overHttp = backendsOf(object).flatMap((name) => {
        const { metadata, spec } = services.get(`${namespace}/${name}`) ?? {};
        const over = metadata?.annotations?.[protocol] ?? annotations[protocol] ?? "HTTP";
        return over === "HTTPS" ? [] : [spec?.selector?.["app.kubernetes.io/name"] ?? name];
      });
      if (overHttp.length > 0)
        report(
          `the load balancer connects over plain HTTP to ${[...new Set(overHttp)].sort().join(", ")} in ${namespace}.`,
          urn,
        );
    }
  },
);
