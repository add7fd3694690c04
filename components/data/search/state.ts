import type * as pulumi from "@pulumi/pulumi";
import type { SearchSettings } from "../../../config";
import type { Step } from "../../../functions/search-setup/apply";
import { savedObjects } from "./saved-searches";

/** IAM roles that use the domain, by ARN. */
export interface SearchAccess<T = string> {
  /** The collectors, which only add log records. */
  readonly writer: T;
  /** Jaeger, which writes and reads spans. Default: there is none. */
  readonly tracer?: T | undefined;
}

/** The same before the roles exist. */
export type FutureAccess = SearchAccess<pulumi.Input<string>>;

/** Permissions of a team: to search its system's log indexes in Dashboards. */
const reader = (patterns: readonly string[]) => ({
  cluster_permissions: ["cluster_composite_ops_ro"],
  index_permissions: [
    {
      index_patterns: [...patterns],
      allowed_actions: ["read", "indices:admin/mappings/get", "indices:admin/resolve/index"],
    },
  ],
  tenant_permissions: [{ tenant_patterns: ["global_tenant"], allowed_actions: ["kibana_all_read"] }],
});

const security = "/_plugins/_security/api";

/** A role of OpenSearch, and the IAM roles that are mapped to it. */
const role = (name: string, permissions: object, backendRoles: readonly string[]): Step[] => [
  { method: "PUT", path: `${security}/roles/${name}`, body: permissions },
  { method: "PUT", path: `${security}/rolesmapping/${name}`, body: { backend_roles: [...backendRoles] } },
];

/**
 * From hot, through UltraWarm, to deleted. An index holds one day, so its age is the age of its records. Source:
 * OpenSearch, index state management.
 */
function lifecycle({ deleteAfterDays, warm }: SearchSettings, patterns: readonly string[]): object {
  const deleted = { state_name: "delete", conditions: { min_index_age: `${deleteAfterDays}d` } };
  const states = [
    {
      name: "hot",
      actions: [],
      transitions:
        warm === undefined
          ? [deleted]
          : [{ state_name: "warm", conditions: { min_index_age: `${warm.afterDays}d` } }],
    },
    ...(warm === undefined
      ? []
      : [{ name: "warm", actions: [{ warm_migration: {} }], transitions: [deleted] }]),
    { name: "delete", actions: [{ delete: {} }], transitions: [] },
  ];
  return {
    policy: {
      description: `Deletes indexes after ${deleteAfterDays} days.`,
      default_state: "hot",
      states,
      ism_template: [{ index_patterns: [...patterns], priority: 100 }],
    },
  };
}

/**
 * Settings and fields of every log index. All attributes of a record are one `flat_object` field: one field per
 * attribute would exceed the index's limit of a thousand fields.
 */
const template = (copies: number) => ({
  index_patterns: ["logs-*"],
  priority: 100,
  template: {
    settings: {
      "index.number_of_shards": 1,
      "index.number_of_replicas": copies,
      "index.refresh_interval": "10s",
      "index.codec": "best_compression",
      "index.search.slowlog.threshold.query.warn": "5s",
      "index.indexing.slowlog.threshold.index.warn": "5s",
    },
    mappings: {
      dynamic: "false",
      properties: {
        "@timestamp": { type: "date" },
        observedTimestamp: { type: "date" },
        body: { type: "text" },
        attributes: { type: "flat_object" },
        resource: { type: "flat_object" },
        severity: { properties: { text: { type: "keyword" }, number: { type: "integer" } } },
        traceId: { type: "keyword" },
        spanId: { type: "keyword" },
        serviceName: { type: "keyword" },
      },
    },
  },
});

/** The domain's configuration, as idempotent requests. */
export function searchState(settings: SearchSettings, access: SearchAccess): Step[] {
  const { writer, tracer } = access;
  const copies = settings.nodes.count > 1 ? 1 : 0;
  const { all = [], ...teams } = settings.readers;
  return [
    { method: "PUT", path: "/_index_template/plinth-logs", body: template(copies) },
    {
      method: "PUT",
      path: "/_plugins/_ism/policies/plinth-logs",
      body: lifecycle(settings, ["logs-*", "jaeger-*"]),
      versioned: true,
    },
    ...role(
      "plinth-writer",
      {
        cluster_permissions: ["indices:data/write/bulk"],
        index_permissions: [
          {
            index_patterns: ["logs-*"],
            allowed_actions: [
              "indices:data/write/index",
              "indices:data/write/bulk*",
              "indices:admin/create",
              "indices:admin/mapping/put",
            ],
          },
        ],
      },
      [writer],
    ),
    ...(tracer === undefined
      ? []
      : role(
          "plinth-tracer",
          {
            cluster_permissions: [
              "cluster_composite_ops",
              "cluster:monitor/main",
              "cluster:monitor/health",
              "indices:admin/template/*",
              "indices:admin/index_template/*",
            ],
            index_permissions: [
              { index_patterns: ["jaeger-*"], allowed_actions: ["crud", "create_index", "manage_aliases"] },
            ],
          },
          [tracer],
        )),
    ...role("plinth-reader", reader(["logs-*", "jaeger-*"]), all),
    ...Object.entries(teams).flatMap(([system, roles]) =>
      role(`plinth-reader-${system}`, reader([`logs-${system}-*`]), roles),
    ),
    // OpenSearch's own role, which Dashboards requires. Source: its documentation, users and roles, set up a
    // read-only user.
    {
      method: "PUT",
      path: `${security}/rolesmapping/opensearch_dashboards_user`,
      body: { backend_roles: [...new Set([...all, ...Object.values(teams).flat()])] },
    },
    {
      method: "PUT",
      path: `${security}/audit/config`,
      body: {
        enabled: true,
        audit: {
          enable_rest: true,
          disabled_rest_categories: ["AUTHENTICATED"],
          enable_transport: false,
          disabled_transport_categories: ["AUTHENTICATED", "GRANTED_PRIVILEGES"],
          resolve_bulk_requests: false,
          log_request_body: false,
          resolve_indices: true,
          exclude_sensitive_headers: true,
          ignore_users: [],
          ignore_requests: [],
        },
        compliance: {
          enabled: true,
          internal_config: true,
          external_config: false,
          read_metadata_only: true,
          write_metadata_only: true,
          write_log_diffs: false,
          read_watched_fields: {},
          read_ignore_users: [],
          write_watched_indices: [],
          write_ignore_users: [],
        },
      },
    },
    {
      method: "POST",
      path: "/_dashboards/api/saved_objects/_bulk_create?overwrite=true",
      body: savedObjects(),
    },
  ];
}
