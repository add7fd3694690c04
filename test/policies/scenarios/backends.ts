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
    "an Ingress whose pods serve TLS, one of two versions by weight",
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
      // Nothing outside reaches it.
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
];
