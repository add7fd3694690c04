/** An idempotent request that sets up a part of the domain. */
export interface Step {
  readonly method: "PUT" | "POST";
  readonly path: string;
  readonly body: object;
  /** Whether an update must name the current version, as index state management requires. Default: no. */
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

/** Pauses between attempts in milliseconds: a new domain answers 5xx, or doesn't accept its master role yet. */
const pauses = [2, 5, 10, 20, 40, 60].map((seconds) => 1000 * seconds);

/** Whether a retry may succeed: the service isn't ready or busy, or hasn't read its roles. */
const passing = ({ status }: Answer) => status === 403 || status === 429 || status >= 500;

/** The version of an existing policy, as a query; empty if it doesn't exist. */
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

/** A bulk import of saved objects answers 200 even if single objects failed. */
function refusedObjects(text: string): string[] {
  const parsed = JSON.parse(text) as { saved_objects?: { id: string; error?: { message: string } }[] };
  return (parsed.saved_objects ?? []).flatMap(({ id, error }) => (error ? [`${id}: ${error.message}`] : []));
}

/**
 * Sends each step in order. Throws at the first that the domain refuses, with its answer: steps are idempotent, so the
 * next call starts from the first step.
 *
 * @returns The number of steps.
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
