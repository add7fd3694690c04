import { routesOf, type Route } from "../components/edge/routes";
import { mainPort, serviceUrl } from "../components/workload/ports";
import type { WorkloadSpec } from "../systems/spec";
import { images } from "./images";
import { publishedPorts } from "./local";
import { confined, limits, type Parts, type Service } from "./model";
import { publish, type Plan } from "./plan";
import { running } from "./running";

/** Where a route leads: a name that stands for all containers of the workload, and its port. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
}

/** A public host with its routes, the longest path first, as the load balancer tries them. */
interface Site {
  readonly host: string;
  /** Largest body that a request may have; undefined: any. */
  readonly largestBody: string;
  readonly routes: readonly {
    readonly path: string;
    readonly to: Upstream | "nothing";
    readonly sticky: boolean;
  }[];
}

/** Name of the cookie that keeps a browser with one container; the load balancer's own is `AWSALB`. */
export const stickyCookie = "PLINTH";

const at = (spec: WorkloadSpec, service: string): string =>
  new URL(serviceUrl({ ...spec, listen: { ports: {}, ...spec.listen, service } })).hostname;

/** The workload that a Service of the description leads to. */
function behind(plan: Plan, { service }: Route): { key: string; spec: WorkloadSpec } | undefined {
  for (const [key, spec] of Object.entries(plan.spec.workloads)) {
    const { listen } = spec;
    if (listen?.service === service || Object.values(listen?.additionalServices ?? {}).includes(service))
      return { key, spec };
  }
  return undefined;
}

/** Largest body of a request: the limit of AWS WAF, `plinth:edge.waf.largestBody`. The load balancer has none. */
const largestBody = ({ environment: { edge } }: Plan): string => edge.waf.largestBody;

/** Hosts and paths of a system: the ones of the cluster's Ingresses, on this machine's hosts. */
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
          // The rule that hides metrics: the load balancer answers 404 by itself.
          to: route.port === "use-annotation" ? "nothing" : { host: at(spec, route.service), port },
          sticky: spec.exposure?.some(({ sticky }) => sticky === true) ?? false,
        };
      }),
  }));
}

/** All containers of a workload, looked up every few seconds: containers start and stop. */
const dynamic = ({ host, port }: Upstream): string => `dynamic a ${host} ${port} {
				refresh 5s
			}`;

/**
 * The proxy's configuration. A prefix is a path and what is below it, as for the load balancer: `/api` isn't `/apis`.
 *
 * @param upstream how containers are named; default: by DNS
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
  // The authority of its certificates is made here and stays in its volume: nothing on this machine is told to trust it.
  return ["{\n\tskip_install_trust\n\tadmin off\n}\n", ...blocks].join("\n");
}

const name = (path: string) => `@${path.replaceAll(/[^A-Za-z0-9]/g, "_")}`;

/** The reverse proxy of one system or several: `networks` are the systems'. */
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
