/** One request that brings a part of the domain into its state. It may be sent again and again. */
export interface Step {
  readonly method: "PUT" | "POST";
  readonly path: string;
  readonly body: object;
  /** Whether a change must name the version that it changes, as index state management asks. Default: no. */
  readonly versioned?: true;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export type Send = (request: {
  readonly method: "GET" | Step["method"];
  readonly path: string;
  readonly body?: object;
}) => Promise<Answer>;

/** Milliseconds before a request is sent again, in turn: a new domain answers 5xx, or knows its master a little later. */
const pauses = [2, 5, 10, 20, 40, 60].map((seconds) => 1000 * seconds);

/** What may be another a moment later: the service isn't there yet, or is busy, or has not read its roles. */
const passing = ({ status }: Answer) => status === 403 || status === 429 || status >= 500;

/** The version of a policy that is there, as a query; none: it is made. */
async function version(path: string, send: Send): Promise<string> {
  const { status, text } = await send({ method: "GET", path });
  if (status === 404) return "";
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${text}`);
  const found = JSON.parse(text) as { _seq_no: number; _primary_term: number };
  return `?if_seq_no=${found._seq_no}&if_primary_term=${found._primary_term}`;
}

async function patiently(
  send: Send,
  wait: (milliseconds: number) => Promise<void>,
  ...[request]: Parameters<Send>
) {
  let answer = await send(request);
  for (const pause of pauses) {
    if (!passing(answer)) break;
    await wait(pause);
    answer = await send(request);
  }
  return answer;
}

/** A bulk of saved objects answers 200, with the errors of single ones in it. */
function refusedObjects(text: string): string[] {
  const parsed = JSON.parse(text) as { saved_objects?: { id: string; error?: { message: string } }[] };
  return (parsed.saved_objects ?? []).flatMap(({ id, error }) => (error ? [`${id}: ${error.message}`] : []));
}

/**
 * Sends each step in order. Throws at the first that the domain refuses, with what it says: the steps are idempotent, so
 * the next call begins again.
 *
 * @returns How many steps there were.
 */
export async function apply(
  steps: readonly Step[],
  send: Send,
  wait: (milliseconds: number) => Promise<void>,
): Promise<number> {
  const sender: Send = (request) => patiently(send, wait, request);
  for (const { method, path, body, versioned } of steps) {
    const query = versioned === true ? await version(path, sender) : "";
    const { status, text } = await sender({ method, path: `${path}${query}`, body });
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    const refused = path.includes("/saved_objects/") ? refusedObjects(text) : [];
    if (refused.length > 0) throw new Error(`${method} ${path}: ${refused.join("; ")}`);
  }
  return steps.length;
}
