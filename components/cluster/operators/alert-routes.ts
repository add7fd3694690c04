import type { AlertReceivers, MaintenanceWindows } from "../../../config";
import { watchdog } from "../../observability/alerts/platform";

/** Receivers of alerts other than the alarm topic, and maintenance windows without notifications. */
export interface AlertRoutes {
  readonly receivers: AlertReceivers;
  readonly maintenance: MaintenanceWindows;
}

/** Secret with the receivers' addresses and keys, by the receiver's name. */
export const receiversSecret = "alert-receivers";

/** Property of a receiver's entry in Secrets Manager. */
export const receiverProperty = ({ kind }: AlertReceivers[string]) => (kind === "pagerduty" ? "key" : "url");

/** Where the Prometheus operator mounts a Secret of `alertmanagerSpec.secrets`. */
const file = (name: string) => `/etc/alertmanager/secrets/${receiversSecret}/${name}`;

/** A receiver. Addresses and keys are read from files. Source: Alertmanager 0.34, configuration. */
function receiver(name: string, settings: AlertReceivers[string]) {
  const send_resolved = true;
  switch (settings.kind) {
    case "slack":
      return {
        name,
        slack_configs: [
          {
            api_url_file: file(name),
            channel: settings.channel,
            send_resolved,
            title: "{{ .Status | toUpper }} {{ .GroupLabels.severity }} {{ .GroupLabels.alertname }}",
            text: "{{ range .Alerts }}{{ .Annotations.summary }}. {{ .Annotations.description }} ({{ .Annotations.runbook_url }})\n{{ end }}",
          },
        ],
      };
    case "pagerduty":
      return { name, pagerduty_configs: [{ routing_key_file: file(name), send_resolved }] };
    case "webhook":
      return { name, webhook_configs: [{ url_file: file(name), send_resolved }] };
  }
}

export const alertReceivers = ({ receivers }: AlertRoutes) =>
  Object.entries(receivers).map(([name, settings]) => receiver(name, settings));

/** A message is repeated until the alert ends. */
const repeat = { critical: "1h", warning: "12h" } as const;
type Severity = keyof typeof repeat;

/**
 * Routes. The watchdog's is first, since the alarm on its topic expects a message every five minutes. Then there is one
 * for each destination and severity; each continues with the next, so that every destination gets the alert.
 */
export function alertRouting({ receivers, maintenance }: AlertRoutes) {
  const windows = (severity: Severity) =>
    Object.entries(maintenance).flatMap(([name, window]) =>
      window.severities.includes(severity) ? [name] : [],
    );
  const destinations: [string, readonly Severity[]][] = [
    ["alarms", ["critical", "warning"]],
    ...Object.entries(receivers).map(([name, { severities }]): [string, readonly Severity[]] => [
      name,
      severities,
    ]),
  ];
  return [
    {
      receiver: "heartbeat",
      matchers: [`alertname="${watchdog}"`],
      group_wait: "0s",
      group_interval: "1m",
      repeat_interval: "4m",
    },
    ...destinations.flatMap(([name, severities]) =>
      severities.map((severity) => ({
        receiver: name,
        matchers: [`severity="${severity}"`],
        repeat_interval: repeat[severity],
        continue: true,
        ...(windows(severity).length > 0 && { mute_time_intervals: windows(severity) }),
      })),
    ),
  ];
}

/** Maintenance windows as Alertmanager reads them. */
export const muteIntervals = ({ maintenance }: AlertRoutes) =>
  Object.entries(maintenance).map(([name, { days, start, end }]) => ({
    name,
    time_intervals: [{ weekdays: [...days], times: [{ start_time: start, end_time: end }], location: "UTC" }],
  }));
