import { createHash } from "node:crypto";
import { serverHealth } from "../health";
import { filesPath } from "../../components/jobs/job-pod";
import { corsRule } from "../../components/storage/bucket";
import type { BucketStore } from "../../systems/spec";
import { images } from "../images";
import { publishedPorts } from "../local";
import { confined, limits, literal, nothing, type Parts } from "../model";
import { localValue } from "../names";
import { port, publish, type Plan } from "../plan";
import { outputs, type LocalStore } from "./store";

const service = "s3";
const job = `${service}-buckets`;

/**
 * Host name of the object store, the same inside and outside, so that a URL signed by a workload is also valid in a
 * browser. Each bucket is a subdomain, which is the default addressing style of the AWS SDKs.
 */
const domain = (plan: Plan) => `s3.${plan.spec.name}.localhost`;
const endpoint = (plan: Plan) => `http://${domain(plan)}:${port(plan, publishedPorts.s3.api)}`;

const keyVariables = { id: "AWS_ACCESS_KEY_ID", secret: "AWS_SECRET_ACCESS_KEY" } as const;

const bucketName = (plan: Plan, store: string): string => `${plan.spec.name}-${store}`;

/** A bucket of the object store. Pods in the cluster get credentials from Pod Identity; here they are variables. */
export function bucket(plan: Plan, key: string): LocalStore {
  return {
    outputs: outputs({ name: bucketName(plan, key) }),
    properties: {},
    parts: nothing,
    waits: { [job]: "service_completed_successfully" },
    ambient: { ...credentials(plan), AWS_ENDPOINT_URL_S3: endpoint(plan) },
  };
}

/** Settings that an AWS SDK needs without Pod Identity. */
export const credentials = ({ names, environment }: Plan): Record<string, string> => ({
  AWS_REGION: environment.account.region,
  AWS_ACCESS_KEY_ID: names.value(keyVariables.id),
  AWS_SECRET_ACCESS_KEY: names.value(keyVariables.secret),
});

/** Variables of `.env` for the keys. */
export const credentialVariables = (plan: Plan): Parts["env"] => ({
  [keyVariables.id]: {
    value: localValue(plan.spec.name),
    comment: "Key of the object store; the queue accepts any key",
  },
  [keyVariables.secret]: { value: localValue(plan.spec.name, "secret", "key"), comment: "Its secret" },
});

const text = (value: string) => value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** CORS rules of a bucket with uploads from browsers, in the format of S3's API. */
function corsDocument(origins: readonly string[]): string {
  const rule = corsRule(origins);
  const list = (name: string, values: readonly string[]) =>
    values.map((value) => `<${name}>${text(value)}</${name}>`).join("");
  return (
    "<CORSConfiguration><CORSRule>" +
    list("AllowedOrigin", rule.allowedOrigins) +
    list("AllowedMethod", rule.allowedMethods) +
    list("AllowedHeader", rule.allowedHeaders) +
    list("ExposeHeader", rule.exposeHeaders) +
    `<MaxAgeSeconds>${rule.maxAgeSeconds}</MaxAgeSeconds></CORSRule></CORSConfiguration>`
  );
}

/** Creates missing buckets. 409: it exists. Lines of the list: `<bucket> <digest of its rules or -> <rules>`. */
const bucketsScript = `set -eu
put() {
  wanted=$1 path=$2 body=$3; shift 3
  hash=$(printf %s "$body" | sha256sum | cut -d ' ' -f 1)
  status=$(curl --silent --show-error --output /tmp/answer --write-out '%{http_code}' --request PUT \\
    --aws-sigv4 "aws:amz:$AWS_REGION:s3" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \\
    --header "x-amz-content-sha256: $hash" --data-raw "$body" "$@" "$S3_URL/$path")
  case " $wanted " in
    *" $status "*) echo "ok $status $path" ;;
    *) echo "FAILED $status $path"; cat /tmp/answer; exit 1 ;;
  esac
}
versions='<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>'
while read -r bucket digest rules; do
  put "200 409" "$bucket" ""
  put 200 "$bucket?versioning=" "$versions"
  [ "$digest" = - ] || put 200 "$bucket?cors=" "$rules" --header "Content-MD5: $digest"
done <${filesPath}/buckets
`;

/** Lines of the buckets' list. */
function bucketsList(plan: Plan): string {
  const buckets = Object.entries(plan.spec.stores).filter(
    (entry): entry is [string, BucketStore] => entry[1].kind === "bucket",
  );
  return buckets
    .map(([key, { uploadsFrom = [] }]) => {
      if (uploadsFrom.length === 0) return `${bucketName(plan, key)} -\n`;
      const origins = uploadsFrom.flatMap((host) => {
        const name = plan.settings.hosts[host] ?? host;
        return [`http://${name}`, `https://${name}`];
      });
      const rules = corsDocument(origins);
      return `${bucketName(plan, key)} ${createHash("md5").update(rules).digest("base64")} ${rules}\n`;
    })
    .join("");
}

/** The object store with all buckets of the system, and the job that creates them. */
export function objectStore(plan: Plan): Partial<Parts> {
  const names = Object.entries(plan.spec.stores).flatMap(([key, { kind }]) =>
    kind === "bucket" ? [bucketName(plan, key)] : [],
  );
  if (names.length === 0) return nothing;
  const { api, page } = publishedPorts.s3;
  const inside = port(plan, api);
  return {
    services: {
      [service]: {
        image: images.s3,
        command: ["posix", "--versioning-dir", "/versions", "/data"],
        environment: {
          ROOT_ACCESS_KEY: plan.names.value(keyVariables.id),
          ROOT_SECRET_KEY: plan.names.value(keyVariables.secret),
          VGW_REGION: plan.environment.account.region,
          VGW_PORT: `:${inside}`,
          VGW_VIRTUAL_DOMAIN: `${domain(plan)}:${inside}`,
          VGW_WEBUI_PORT: `:${page}`,
          VGW_WEBUI_GATEWAYS: `http://localhost:${inside}`,
          VGW_CORS_ALLOW_ORIGIN: `http://localhost:${port(plan, page)}`,
          VGW_HEALTH: "/health",
        },
        ports: [publish(plan, api, inside), publish(plan, page, page)],
        volumes: [`${service}_data:/data`, `${service}_versions:/versions`],
        aliases: [domain(plan), ...names.map((name) => `${name}.${domain(plan)}`)],
        healthcheck: serverHealth(["CMD", "wget", "-q", "--spider", `http://127.0.0.1:${inside}/health`]),
        ...confined,
        restart: "unless-stopped",
        deploy: limits("0.5", "256M"),
      },
      [job]: {
        image: images.curl,
        entrypoint: ["sh", `${filesPath}/buckets.sh`],
        environment: { ...credentials(plan), S3_URL: `http://${service}:${inside}` },
        configs: [
          { source: `${job}-script`, target: `${filesPath}/buckets.sh` },
          { source: `${job}-list`, target: `${filesPath}/buckets` },
        ],
        depends_on: { [service]: { condition: "service_healthy" } },
        ...confined,
        restart: "no",
        deploy: limits("0.5", "64M"),
      },
    },
    volumes: [`${service}_data`, `${service}_versions`],
    configs: { [`${job}-script`]: literal(bucketsScript), [`${job}-list`]: literal(bucketsList(plan)) },
    env: credentialVariables(plan),
  };
}
