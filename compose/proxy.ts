import { routesOf, type Route } from "../components/edge/routes";
import { mainPort, serviceUrl } from "../components/workload/ports";
import type { WorkloadSpec } from "../systems/spec";
import { images } from "./images";
import { publishedPorts } from "./local";
import { confined, limits, type Parts, type Service } from "./model";
import { publish, type Plan } from "./plan";
import { running } from "./running";

/** Target of a route: a DNS name that resolves to all containers of the workload, and a port. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
}

/** A public host with its routes, longest path first: the order in which the load balancer tries them. */
interface Site {
  readonly host: string;
  /** Maximum size of a request body; undefined: unlimited. */
  readonly largestBody: string;
  readonly routes: readonly {
    readonly path: string;
    readonly to: Upstream | "nothing";
    readonly sticky: boolean;
  }[];
}

/** Name of the cookie for session affinity; the load balancer's is `AWSALB`. */
export const stickyCookie = "PLINTH";

const at = (spec: WorkloadSpec, service: string): string =>
  new URL(serviceUrl({ ...spec, listen: { ports: {}, ...spec.listen, service } })).hostname;

/** The workload behind a Service of the description. */
function behind(plan: Plan, { service }: Route): { key: string; spec: WorkloadSpec } | undefined {
  for (const [key, spec] of Object.entries(plan.spec.workloads)) {
    const { listen } = spec;
    if (listen?.service === service || Object.values(listen?.additionalServices ?? {}).includes(service))
      return { key, spec };
  }
  return undefined;
}

/** Maximum size of a request body: the limit of AWS WAF, `plinth:edge.waf.largestBody`. The load balancer has none. */
const largestBody = ({ environment: { edge } }: Plan): string => edge.waf.largestBody;

/** Hosts and paths of a system: those of the cluster's Ingresses, with local host names. */
export function sites(plan: Plan): Site[] {
  const routes = routesOf(Object.values(plan.spec.workloads), plan.settings.hosts);
  const hosts = [...new Set(routes.map(({ host }) => host))];
  return hosts.map((host) => ({
    host,
    largestBody: largestBody(plan),
    routes: routes
      .filter((route) => route.host === host)
      .map((route) => {
        const found = behind(plan, route);
        if (found === undefined) throw new Error(`${route.host}${route.path} leads to no workload`);
        const { key, spec } = found;
        const port = running(plan, key).port ?? mainPort(spec)?.port ?? 0;
        return {
          path: route.path,
          // The rule that hides metrics: the load balancer itself answers 404.
          to: route.port === "use-annotation" ? "nothing" : { host: at(spec, route.service), port },
          sticky: spec.exposure?.some(({ sticky }) => sticky === true) ?? false,
        };
      }),
  }));
}

/** All containers of a workload, resolved every few seconds, since containers start and stop. */
const dynamic = ({ host, port }: Upstream): string => `dynamic a ${host} ${port} {
				refresh 5s
			}`;

/**
 * The proxy's configuration. As in the load balancer, a prefix matches whole path segments: not `/apis` for `/api`.
 *
 * @param upstream how containers are addressed; default: by DNS
 */
export function caddyfile(all: readonly Site[], upstream: (to: Upstream) => string = dynamic): string {
  const blocks = all.map(({ host, routes, largestBody: most }) => {
    const handlers = routes.map(({ path, to, sticky }) => {
      const matcher = path === "/" ? "" : ` ${name(path)}`;
      const defined = path === "/" ? "" : `\t${name(path)} path ${path} ${path}/*\n`;
      if (to === "nothing") return `${defined}\thandle${matcher} {\n\t\trespond 404\n\t}`;
      const policy = sticky ? `cookie ${stickyCookie}` : "round_robin";
      return `${defined}\thandle${matcher} {
		reverse_proxy {
			${upstream(to)}
			lb_policy ${policy}
			lb_try_duration 2s
		}
	}`;
    });
    const limit = `\trequest_body {\n\t\tmax_size ${most}\n\t}\n`;
    return `http://${host}, https://${host} {\n\ttls internal\n${limit}${handlers.join("\n")}\n}\n`;
  });
  // Caddy's certificate authority is created here and kept in its volume; it isn't added to this machine's trust store.
  return ["{\n\tskip_install_trust\n\tadmin off\n}\n", ...blocks].join("\n");
}

const name = (path: string) => `@${path.replaceAll(/[^A-Za-z0-9]/g, "_")}`;

/** The reverse proxy of one or several systems: `networks` are the systems'. */
export function proxy(plans: readonly Plan[]): Partial<Parts> {
  const [first] = plans;
  const all = plans.flatMap(sites);
  if (first === undefined || all.length === 0) return {};
  const { http, https } = publishedPorts.proxy;
  const service: Service = {
    image: images.caddy,
    ports: [publish(first, http, 80), publish(first, https, 443)],
    configs: [{ source: "proxy", target: "/etc/caddy/Caddyfile" }],
    volumes: ["proxy_data:/data"],
    aliases: all.map(({ host }) => host),
    ...confined,
    restart: "unless-stopped",
    deploy: limits("0.5", "128M"),
  };
  return { services: { proxy: service }, volumes: ["proxy_data"], configs: { proxy: caddyfile(all) } };
}
