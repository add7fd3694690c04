import { execFile } from "node:child_process";
import { promises as dns } from "node:dns";

/** An error returned by the AWS CLI. */
export class AwsError extends Error {
  constructor(
    /** AWS' error code, such as `AccessDenied`; empty if the CLI failed before it called AWS. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The services that the checks call. */
export interface World {
  /** Runs the AWS CLI in the environment's region, and parses its output. Throws an `AwsError`. */
  aws<T>(...args: readonly string[]): Promise<T>;
  /** Name servers of a domain in public DNS. */
  nameServers(domain: string): Promise<string[]>;
  /** Docker Hub's limit on pulls without a login: total, left, and period in seconds; undefined: unknown. */
  dockerHubPulls(): Promise<
    { readonly left: number; readonly limit: number; readonly seconds: number } | undefined
  >;
}

/** Bytes, enough for a zone with thousands of records. */
const mostOutput = 64 * 2 ** 20;

const aws =
  (region: string) =>
  <T>(...args: readonly string[]): Promise<T> =>
    new Promise((resolve, reject) => {
      const all = [...args, "--region", region, "--output", "json"];
      const options = { maxBuffer: mostOutput, env: { ...process.env, AWS_PAGER: "" } };
      execFile("aws", all, options, (error, out, err) => {
        if (error === null) return resolve((out.trim() === "" ? {} : JSON.parse(out)) as T);
        const said = err.trim() === "" ? error.message : err.trim();
        const [, code = "", what = said] =
          /An error occurred \((\w+)\) when calling [^:]*: ([^]*)/.exec(said) ?? [];
        reject(new AwsError(code, what));
      });
    });

/** Docker's documented way: get a token, and read an image's headers. Source: docs.docker.com, pull usage. */
const hub = {
  token:
    "https://auth.docker.io/token?service=registry.docker.io&scope=repository:ratelimitpreview/test:pull",
  manifest: "https://registry-1.docker.io/v2/ratelimitpreview/test/manifests/latest",
};

/** A header such as `100;w=21600`. */
const rate = (header: string | null) =>
  /^(\d+);w=(\d+)$/
    .exec(header ?? "")
    ?.slice(1)
    .map(Number);

async function dockerHubPulls(): ReturnType<World["dockerHubPulls"]> {
  try {
    const { token } = (await (await fetch(hub.token)).json()) as { token: string };
    const { headers } = await fetch(hub.manifest, {
      method: "HEAD",
      headers: { Authorization: `Bearer ${token}` },
    });
    const [limit, seconds] = rate(headers.get("ratelimit-limit")) ?? [];
    const [left] = rate(headers.get("ratelimit-remaining")) ?? [];
    return limit === undefined || seconds === undefined || left === undefined
      ? undefined
      : { left, limit, seconds };
  } catch {
    return undefined;
  }
}

/** The real services. */
export const world = (region: string): World => ({
  aws: aws(region),
  nameServers: async (domain) => {
    try {
      return await dns.resolveNs(domain);
    } catch {
      return [];
    }
  },
  dockerHubPulls,
});
