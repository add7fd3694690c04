import type * as pulumi from "@pulumi/pulumi";
import type { SignOnSettings } from "../../../config";
import { prometheusAddress, prometheusPeer } from "../../base/operators";
import { sources } from "../../observability/dashboards/dashboard";
import { alertmanagerPorts } from "./alertmanager";

/**
 * Data sources, which can't be edited in Grafana. Grafana queries CloudWatch with its own role, through Pod Identity.
 *
 * @param history Workspace for long-term metrics. Default: none.
 */
export const grafanaSources = (region: string, history?: pulumi.Input<string>) => [
  {
    name: "Prometheus",
    uid: sources.prometheus,
    type: "prometheus",
    access: "proxy",
    url: prometheusAddress,
    isDefault: true,
    editable: false,
    jsonData: { httpMethod: "POST", timeInterval: "30s", prometheusType: "Prometheus" },
  },
  {
    // Editors make silences in it.
    name: "Alertmanager",
    uid: sources.alertmanager,
    type: "alertmanager",
    access: "proxy",
    url: `http://kube-prometheus-stack-alertmanager.${prometheusPeer.namespace}.svc.cluster.local:${alertmanagerPorts.api}`,
    editable: false,
    jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
  },
  {
    name: "CloudWatch",
    uid: sources.cloudWatch,
    type: "cloudwatch",
    access: "proxy",
    editable: false,
    jsonData: { authType: "default", defaultRegion: region },
  },
  ...(history === undefined
    ? []
    : [
        {
          name: "History",
          uid: sources.history,
          type: "prometheus",
          access: "proxy",
          url: history,
          editable: false,
          jsonData: { httpMethod: "POST", timeInterval: "60s", prometheusType: "Prometheus" },
        },
      ]),
];

const listed = (groups: readonly string[], claim: string) =>
  groups.map((group) => `contains(${claim}[*], '${group.replaceAll("'", "\\'")}')`).join(" || ");

/** Role by group, as a JMESPath expression. Users in none of the groups get no role and can't sign in. */
function roleExpression({ groups, groupsClaim }: Pick<SignOnSettings, "groups" | "groupsClaim">): string {
  const roles = [
    ["Admin", groups.admin],
    ["Editor", groups.editor],
    ["Viewer", groups.viewer],
  ] as const;
  return roles
    .filter(([, members]) => members.length > 0)
    .map(([role, members]) => `(${listed(members, groupsClaim)}) && '${role}'`)
    .join(" || ");
}

const off = { enabled: false };

/**
 * `grafana.ini`: users sign in only by single sign-on, and Grafana neither downloads nor reports anything.
 *
 * @param client Id and secret of the OpenID Connect client, as expressions that Grafana expands.
 */
export const grafanaIni = (
  host: string,
  signOn: SignOnSettings,
  client: { readonly id: string; readonly secret: string },
) => ({
  // The chart sets variables of the pod from the first four.
  paths: {
    data: "/var/lib/grafana/",
    logs: "/var/log/grafana",
    plugins: "/var/lib/grafana/plugins",
    provisioning: "/etc/grafana/provisioning",
    bundled_plugins: "/usr/share/grafana/data/plugins-bundled",
  },
  server: { domain: host, root_url: `https://${host}/` },
  log: { mode: "console" },
  analytics: {
    reporting_enabled: false,
    check_for_updates: false,
    check_for_plugin_updates: false,
    feedback_links_enabled: false,
  },
  // Otherwise Grafana 13 downloads newer versions of the Prometheus and CloudWatch plugins than its image contains.
  plugins: { plugin_admin_enabled: false, preinstall_disabled: true },
  news: { news_feed_enabled: false },
  metrics: off,
  public_dashboards: off,
  snapshots: { ...off, external_enabled: false },
  // Prometheus evaluates the alerts. Alerting stays on for the page on which people create silences.
  unified_alerting: { enabled: true, execute_alerts: false },
  security: {
    disable_initial_admin_creation: true,
    cookie_secure: true,
    cookie_samesite: "lax",
    strict_transport_security: true,
    content_security_policy: true,
    disable_gravatar: true,
    // Encrypts tokens in the database, which is deleted with the pod; the default is public.
    secret_key: client.secret,
  },
  auth: { disable_login_form: true },
  "auth.anonymous": off,
  "auth.basic": off,
  "auth.generic_oauth": {
    enabled: true,
    name: "Single sign-on",
    auto_login: true,
    allow_sign_up: true,
    client_id: client.id,
    client_secret: client.secret,
    scopes: signOn.scopes.join(" "),
    auth_url: signOn.authorizationEndpoint,
    token_url: signOn.tokenEndpoint,
    api_url: signOn.userInfoEndpoint,
    use_pkce: true,
    role_attribute_path: roleExpression(signOn),
    role_attribute_strict: true,
  },
  aws: { allowed_auth_providers: "default", assume_role_enabled: false },
});
