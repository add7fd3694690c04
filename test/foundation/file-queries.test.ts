import assert from "node:assert/strict";
import { fileQueries } from "../../foundation/queries/files";
import { logQueries } from "../../foundation/queries/logs";
import { queries } from "../../foundation/queries/queries";

const account = "333333333333";
const regions = ["ap-northeast-2", "ap-northeast-1"];
const files = fileQueries("audit", { accountId: account, regions });
const all = {
  ...queries("audit", "trail", { accountId: account, regions }),
  ...logQueries("audit", { accountId: account }),
  ...files,
};

const ddl = (name: string): string => all[name]?.query ?? assert.fail(name);

/** Columns of a table that aren't partitions. */
const columnsOf = (query: string): string[] =>
  (/\(\n([^]*?)\n\)/.exec(query)?.[1] ?? "")
    .split(/,\s+(?![^<]*>)/)
    .map((column) => column.trim().split(/[ :]/)[0]?.replaceAll("`", "") ?? "");

/** Columns of a line as RegexSerDe reads them: the pattern matches the whole line, each group is a column. */
function row(table: string, line: string): Record<string, string> {
  const [, pattern = ""] = /'input\.regex' = '([^']*)'/.exec(ddl(table)) ?? [];
  const match = new RegExp(`^${pattern}$`).exec(line);
  assert.ok(match, `${table} doesn't read: ${line}`);
  const columns = columnsOf(ddl(table));
  assert.equal(match.length - 1, columns.length, "a group for each column");
  return Object.fromEntries(columns.map((column, index) => [column, match[index + 1] ?? ""]));
}

/** Locations of a table's files: the template with these partitions. */
const place = (table: string, partitions: Record<string, string>): string => {
  const [, template = ""] = /'storage\.location\.template' = '([^']*)'/.exec(ddl(table)) ?? [];
  return template.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => partitions[name] ?? assert.fail(name));
};

// Source of the lines: ELB user guides, access log entries and connection log entries, examples.
const request =
  'https 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 502 - 0 57 "GET https://www.example.com:443/ HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "Root=1-58337281-1d84f3d73c47ec4e58577259" "www.example.com" "arn:aws:acm:us-east-2:123456789012:certificate/12345678-1234-1234-1234-123456789012" 1 2018-07-02T22:22:48.364000Z "authenticate,forward" "-" "-" "10.0.0.1:80" "200" "-" "-"';

describe("tables of the load balancers' and the CDN's files", () => {
  for (const [what, end] of [
    ["without a trace id", ""],
    ["with one", " TID_1234abcd5678ef90"],
    ["with fields about transformed requests", ' TID_1234abcd5678ef90 "-" "-" "-"'],
  ] as const)
    it(`read a request ${what}`, () => {
      const found = row("load-balancer-table", request + end);
      assert.equal(found.client, "192.168.131.39:2817");
      assert.equal(found.elb_status, "502");
      assert.equal(found.target_status, "-");
      assert.equal(found.request, "GET https://www.example.com:443/ HTTP/1.1");
      assert.equal(found.domain_name, "www.example.com");
      assert.equal(found.actions, "authenticate,forward");
      assert.equal(found.rest, end.trim());
    });

  it("read a malformed request", () => {
    const line = request
      .replace("10.0.0.1:80 0.086 0.048 0.037", "- -1 -1 -1")
      .replace("GET https://www.example.com:443/ HTTP/1.1", "- http://my-loadbalancer:80- -");
    assert.equal(row("load-balancer-table", line).target, "-");
  });

  it("read a connection, and one that failed", () => {
    const good =
      '2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036 "CN=client.com" NotBefore=2023-09-21T22:43:21Z;NotAfter=2026-06-17T22:43:21Z FEF257372D5C14D4 Success';
    assert.equal(row("connections-table", good).verify_status, "Success");
    const bad =
      '2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 - - - "-" - - Failed:UnmappedConnectionError TID_1234';
    const found = row("connections-table", bad);
    assert.deepEqual(
      [found.client_ip, found.verify_status],
      ["203.0.113.1", "Failed:UnmappedConnectionError"],
    );
  });

  it("read a TLS connection for syslog", () => {
    const line =
      "tls 2.0 2018-12-20T02:59:40 net/my-network-loadbalancer/c6e77e28c25b2234 g3d4b5e8bb8464cd 72.21.218.154:51341 172.100.100.185:443 5 2 98 246 - arn:aws:acm:us-east-2:671290407336:certificate/2a108f19-aded-46b0-8493-c63eb1ef4a99 - ECDHE-RSA-AES128-SHA tlsv12 - my-network-loadbalancer-c6e77e28c25b2234.elb.us-east-2.amazonaws.com - - - 2018-12-20T02:59:30";
    const found = row("syslog-table", line);
    assert.deepEqual(
      [found.client, found.tls_alert, found.tls_protocol],
      ["72.21.218.154:51341", "-", "tlsv12"],
    );
  });

  it("have the location of each region's files", () => {
    const end = `AWSLogs/${account}/elasticloadbalancing/ap-northeast-1/2026/11/29`;
    const day = { region: "ap-northeast-1", day: "2026/11/29" };
    assert.equal(place("load-balancer-table", day), `s3://audit/load-balancer/${end}`);
    assert.equal(place("connections-table", day), `s3://audit/load-balancer-connections/${end}`);
    assert.equal(
      place("syslog-table", { ...day, balancer: "opmas-syslog" }),
      `s3://audit/load-balancer-opmas-syslog/${end}`,
    );
    for (const table of ["load-balancer-table", "connections-table", "syslog-table", "table"])
      for (const region of regions)
        assert.match(ddl(table), new RegExp(`'projection.region.values' = '[^']*${region}`), table);
  });

  it("have the fields of the CDN's log, by the names in its files", () => {
    const [, paths = ""] = /'paths' = '([^']*)'/.exec(ddl("cdn-table")) ?? [];
    assert.ok(paths.split(",").includes("cs(User-Agent)"));
    assert.deepEqual(
      columnsOf(ddl("cdn-table")),
      paths.split(",").map((field) => field.toLowerCase()),
    );
  });
});

describe("saved queries", () => {
  const tables = Object.values(all).flatMap(({ query }) => {
    const [, name] = /^CREATE EXTERNAL TABLE IF NOT EXISTS (\w+)/.exec(query) ?? [];
    return name === undefined ? [] : [[name, query] as const];
  });

  it("read tables that a saved statement creates, and only the requested days", () => {
    const names = tables.map(([name]) => name);
    assert.equal(new Set(names).size, names.length);
    for (const [key, { query }] of Object.entries(all)) {
      if (query.startsWith("CREATE")) continue;
      const [, from = ""] = /\bFROM (\w+)/.exec(query) ?? [];
      assert.ok(names.includes(from), `${key} asks ${from}`);
      if (from !== "cdn") assert.match(query, /\bday >= date_format/, key);
    }
  });

  it("use columns that the tables have", () => {
    const asked: Readonly<Record<string, readonly string[]>> = {
      "server-errors": ["client", "domain_name", "elb_status", "target_status"],
      "refused-requests": ["time", "client", "request", "elb_status", "user_agent"],
      "failed-handshakes": ["client_ip", "tls_protocol", "verify_status"],
      "syslog-connections": ["client", "tls_protocol", "tls_alert", "time"],
      "cdn-errors": ["c-ip", "x-host-header", "sc-status", "x-edge-detailed-result-type", "date"],
    };
    for (const [key, columns] of Object.entries(asked)) {
      const query = files[key]?.query ?? assert.fail(key);
      const [, from] = /\bFROM (\w+)/.exec(query) ?? [];
      const [, table = ""] = tables.find(([name]) => name === from) ?? [];
      for (const column of columns) {
        assert.ok(query.includes(column), `${key}: ${column}`);
        assert.ok(columnsOf(table).includes(column), `${from ?? ""} has no ${column}`);
      }
    }
  });
});
