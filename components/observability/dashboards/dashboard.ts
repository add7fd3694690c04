/** Dashboards as Grafana reads them: JSON by file name. */
export type Dashboards = Readonly<Record<string, string>>;
