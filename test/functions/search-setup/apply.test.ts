import assert from "node:assert/strict";
import { searchState } from "../../../components/data/search/state";
import type { SearchSettings } from "../../../config";
import { apply, type Answer, type Send, type Step } from "../../../functions/search-setup/apply";

const settings: SearchSettings = {
  store: "opensearch",
  version: "OpenSearch_3.1",
  zones: 3,
  nodes: { type: "r6g.large.search", count: 3, storage: 300 },
  dailySize: "8Gi",
  deleteAfterDays: 30,
  readers: { all: ["arn:aws:iam::1:role/operator"], ams: ["arn:aws:iam::1:role/ams"] },
};
const steps = searchState(settings, { writer: "writer", tracer: "tracer" });
const at = (path: string): Step => steps.find((step) => step.path.endsWith(path)) ?? assert.fail(path);

/** A domain that stores what it gets, and requires versions of policies, as OpenSearch does. */
function domain(refuse: (path: string, nth: number) => Answer | undefined = () => undefined) {
  const kept = new Map<string, number>();
  const sent: string[] = [];
  const send: Send = ({ method, path }) => {
    sent.push(`${method} ${path}`);
    const refused = refuse(path, sent.length);
    if (refused !== undefined) return Promise.resolve(refused);
    const [name = "", query] = path.split("?");
    const version = kept.get(name);
    if (method === "GET")
      return Promise.resolve(
        version === undefined
          ? { status: 404, text: "{}" }
          : { status: 200, text: JSON.stringify({ _seq_no: version, _primary_term: 1 }) },
      );
    if (
      name.includes("/_ism/") &&
      version !== undefined &&
      query !== `if_seq_no=${version}&if_primary_term=1`
    )
      return Promise.resolve({ status: 409, text: "version conflict" });
    kept.set(name, (version ?? 0) + 1);
    return Promise.resolve({ status: 200, text: "{}" });
  };
  return { send, sent };
}

const now = () => Promise.resolve();

describe("the function that sets up the search domain", () => {
  it("can be called again, and updates an existing policy by its version", async () => {
    const { send } = domain();
    assert.equal(await apply(steps, send, now), steps.length);
    assert.equal(await apply(steps, send, now), steps.length);
  });

  it("waits for a domain that isn't ready, and fails with its message", async () => {
    const busy = domain((_, nth) => (nth < 4 ? { status: 503, text: "not yet" } : undefined));
    assert.equal(await apply(steps, busy.send, now), steps.length);
    const never = domain(() => ({ status: 403, text: "no permissions" }));
    await assert.rejects(apply(steps, never.send, now), /_index_template\/plinth-logs: 403 no permissions/);
  });

  it("fails on a refused request, or a single refused saved object", async () => {
    const wrong = domain((path) => (path.includes("rolesmapping") ? { status: 400, text: "no" } : undefined));
    await assert.rejects(apply(steps, wrong.send, now), /rolesmapping\/plinth-writer: 400 no/);
    const text = JSON.stringify({ saved_objects: [{ id: "errors", error: { message: "conflict" } }] });
    const object = domain((path) => (path.includes("saved_objects") ? { status: 200, text } : undefined));
    await assert.rejects(apply(steps, object.send, now), /errors: conflict/);
  });
});

describe("the state of the search domain", () => {
  it("lets the collectors add logs, and read none", () => {
    const { index_permissions: rights } = at("roles/plinth-writer").body as {
      index_permissions: { index_patterns: string[]; allowed_actions: string[] }[];
    };
    assert.deepEqual(
      rights.map(({ index_patterns: patterns }) => patterns),
      [["logs-*"]],
    );
    for (const action of rights.flatMap(({ allowed_actions: actions }) => actions))
      assert.match(action, /^indices:(data\/write|admin\/(create|mapping))/);
    assert.deepEqual(at("rolesmapping/plinth-writer").body, { backend_roles: ["writer"] });
  });

  it("gives each team its own system's logs", () => {
    assert.match(JSON.stringify(at("roles/plinth-reader-ams").body), /"index_patterns":\["logs-ams-\*"\]/);
    assert.deepEqual(at("rolesmapping/plinth-reader-ams").body, {
      backend_roles: ["arn:aws:iam::1:role/ams"],
    });
  });

  it("lets every reader open Dashboards", () => {
    const all = ["arn:aws:iam::1:role/operator", "arn:aws:iam::1:role/ams"];
    assert.deepEqual(at("/rolesmapping/opensearch_dashboards_user").body, { backend_roles: all });
  });

  it("deletes by age, after UltraWarm if there is one", () => {
    const states = (more: Partial<SearchSettings>) => {
      const all = searchState({ ...settings, ...more }, { writer: "writer" });
      const { policy } = all.find(({ path }) => path.includes("_ism"))?.body as {
        policy: { states: { name: string; transitions: { state_name: string; conditions: object }[] }[] };
      };
      return policy.states.map(({ name, transitions }) => [
        name,
        ...transitions.map((one) => Object.values(one.conditions)),
      ]);
    };
    assert.deepEqual(states({}), [["hot", ["30d"]], ["delete"]]);
    assert.deepEqual(states({ warm: { type: "ultrawarm1.medium.search", count: 2, afterDays: 7 } }), [
      ["hot", ["7d"]],
      ["warm", ["30d"]],
      ["delete"],
    ]);
  });
});
