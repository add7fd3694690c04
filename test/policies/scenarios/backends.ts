import { sample, scenario } from "../scenario";

const alb = "alb.ingress.kubernetes.io";
const named = (name: string) => ({ "app.kubernetes.io/name": name });
const service = (name: string, workload: string) =>
  sample("kubernetes:core/v1:Service", {
    metadata: { name, namespace: "ams", annotations: { [`${alb}/backend-protocol`]: "HTTPS" } },
    spec: { selector: named(workload), ports: [{ port: 443 }] },
  });
const path = (name: string, port: { number: number } | { name: string }) => ({
  path: "/",
  pathType: "Prefix",
  backend: { service: { name, port } },
});

export const backends = [
  scenario(
    "an Ingress with weighted backends that serve TLS",
    {
      ingress: sample("kubernetes:networking.k8s.io/v1:Ingress", {
        metadata: {
          name: "ams-ingress",
          namespace: "ams",
          labels: { "app.kubernetes.io/part-of": "ams" },
          annotations: {
            [`${alb}/listen-ports`]: '[{"HTTPS": 443}]',
            [`${alb}/ssl-policy`]: "ELBSecurityPolicy-TLS13-1-2-2021-06",
            [`${alb}/certificate-arn`]: "arn:aws:acm:eu-west-1:111111111111:certificate/a",
            [`${alb}/wafv2-acl-arn`]: "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/a/b",
            [`${alb}/actions.web`]:
              '{"Type":"forward","ForwardConfig":{"TargetGroups":[{"ServiceName":"web-ping","ServicePort":"80"}]}}',
          },
        },
        spec: {
          rules: [
            { host: "api.example.com", http: { paths: [path("api", { number: 4000 })] } },
            { host: "example.com", http: { paths: [path("web", { name: "use-annotation" })] } },
          ],
        },
      }),
      api: service("api", "ams-api"),
      ping: service("web-ping", "ams-web"),
      // No Ingress routes to it.
      inner: sample("kubernetes:core/v1:Service", {
        metadata: { name: "inner", namespace: "ams" },
        spec: { selector: named("inner"), ports: [{ port: 80 }] },
      }),
    },
    [
      ["k8s-ingress-backend-tls", ({ api }) => delete api.props.metadata?.annotations],
      ["k8s-ingress-backend-tls", ({ ping }) => delete ping.props.metadata?.annotations],
      ["k8s-ingress-backend-tls", (stack) => delete (stack as Partial<typeof stack>).api],
    ],
  ),
  scenario(
    "pods whose targets are drained before they are killed",
    {
      service: sample("kubernetes:core/v1:Service", {
        metadata: {
          name: "api",
          namespace: "ams",
          annotations: {
            [`${alb}/target-type`]: "ip",
            [`${alb}/target-group-attributes`]:
              "deregistration_delay.timeout_seconds=30,slow_start.duration_seconds=30",
          },
        },
        spec: { selector: named("ams-api"), ports: [{ port: 80 }] },
      }),
      pods: sample("kubernetes:apps/v1:Deployment", {
        metadata: { name: "ams-api", namespace: "ams" },
        spec: {
          template: {
            metadata: { labels: named("ams-api") },
            spec: {
              terminationGracePeriodSeconds: 45 as number | undefined,
              containers: [{ name: "api", lifecycle: { preStop: { sleep: { seconds: 15 } } } }],
            },
          },
        },
      }),
      // Not targets of a load balancer.
      others: sample("kubernetes:apps/v1:Deployment", {
        metadata: { name: "worker", namespace: "ams" },
        spec: {
          template: { metadata: { labels: named("worker") }, spec: { containers: [{ name: "worker" }] } },
        },
      }),
    },
    [
      [
        "k8s-targets-drained",
        ({ service: { props } }) =>
          Object.assign(props.metadata?.annotations ?? {}, {
            [`${alb}/target-group-attributes`]: "deregistration_delay.timeout_seconds=31",
          }),
      ],
      // ELB's default is 300 seconds.
      [
        "k8s-targets-drained",
        ({ service: { props } }) =>
          delete (props.metadata?.annotations as Record<string, string>)[`${alb}/target-group-attributes`],
      ],
      // Kubernetes' default is 30 seconds.
      [
        "k8s-targets-drained",
        ({ pods: { props } }) => delete props.spec?.template?.spec?.terminationGracePeriodSeconds,
      ],
      [
        "k8s-targets-drained",
        ({ pods: { props } }) =>
          Object.assign(props.spec?.template?.spec?.containers?.[0]?.lifecycle?.preStop?.sleep ?? {}, {
            seconds: 16,
          }),
      ],
    ],
  ),
];
