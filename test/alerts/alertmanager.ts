import { Scalar } from "yaml";
import { recordingWith } from "../support/frozen";

/** Alertmanager's configuration of a stack with receivers and a maintenance window. */

export const receivers = {
  chat: { kind: "slack", channel: "#alerts", entry: "plinth-prod/alerts/chat" },
  pager: { kind: "pagerduty", entry: "plinth-prod/alerts/pager" },
};
/** Quoted times, as in a stack file: YAML reads an unquoted `18:00` as a number. */
const quoted = (text: string) => Object.assign(new Scalar(text), { type: Scalar.QUOTE_DOUBLE });
export const window = (day: string, start: string, end: string) => ({
  days: [day],
  start: quoted(start),
  end: quoted(end),
});
const maintenance = { sunday: window("sunday", "18:00", "19:00") };

interface Route {
  readonly receiver: string;
  readonly matchers: readonly string[];
  readonly continue?: boolean;
  readonly mute_time_intervals?: readonly string[];
}

interface Spec {
  readonly config: {
    readonly route: { readonly receiver: string; readonly routes: readonly Route[] };
    readonly time_intervals: readonly { readonly name: string }[];
    readonly receivers: readonly { readonly name: string }[];
  };
  readonly alertmanagerSpec: { readonly secrets?: readonly string[] };
}

export const withRoutes = () =>
  recordingWith("prod", (file) => {
    file.setIn(["config", "plinth:alarms", "receivers"], file.createNode(receivers));
    file.setIn(["config", "plinth:alarms", "maintenance"], file.createNode(maintenance));
  });

export const alertmanagerOf = async (recording: ReturnType<typeof withRoutes>): Promise<Spec> => {
  const [release] = (await recording)
    .ofType("kubernetes:helm.sh/v3:Release")
    .filter(({ inputs }) => inputs.chart === "kube-prometheus-stack");
  return (release?.inputs.values as unknown as { alertmanager: Spec }).alertmanager;
};

/** Destinations of an alert, as Alertmanager follows the routes. */
export function destinations({ route: { receiver, routes } }: Spec["config"], severity: string): string[] {
  const found: string[] = [];
  for (const each of routes) {
    if (!each.matchers.includes(`severity="${severity}"`)) continue;
    found.push(each.receiver);
    if (each.continue !== true) break;
  }
  return found.length === 0 ? [receiver] : found;
}
