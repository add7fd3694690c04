/** Saved searches for all readers, by the id of the saved object, in the Dashboards Query Language. */
const searches = {
  errors: ["Errors", "severity.number >= 17"],
  "slow-requests": [
    "Slow requests",
    'attributes.responseTime > 1000 or attributes.duration_ms > 1000 or body : "slow query"',
  ],
  security: [
    "Security events",
    'body : ("401" or "403" or "unauthorized" or "forbidden" or "authentication failed" or "permission denied")',
  ],
} as const;

const pattern = "logs";

/** Dashboards' index pattern and saved searches. Source: OpenSearch Dashboards, saved objects API. */
export const savedObjects = () => [
  { type: "index-pattern", id: pattern, attributes: { title: "logs-*", timeFieldName: "@timestamp" } },
  ...Object.entries(searches).map(([id, [title, query]]) => ({
    type: "search",
    id,
    attributes: {
      title,
      columns: ["serviceName", "severity.text", "body"],
      sort: [["@timestamp", "desc"]],
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({
          query: { query, language: "kuery" },
          filter: [],
          indexRefName: "kibanaSavedObjectMeta.searchSourceJSON.index",
        }),
      },
    },
    references: [
      { name: "kibanaSavedObjectMeta.searchSourceJSON.index", type: "index-pattern", id: pattern },
    ],
  })),
];
