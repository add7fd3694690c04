import assert from "node:assert/strict";

import { ofKind } from "../../cluster/manifests";
import { look, noGap, type Released, sharesOf, untilFirst } from "../releases";
import type { Scenario } from "../scenario";
import { until } from "../watch";

/** AMS' API: requests with `canary: true` reach the new version from the first step on. */
const API: Released = {
  namespace: "ams",
  name: "ams-api",
  ingress: "ams-ingress",
  asked: { host: "ams.suresoft.com", path: "/api/projects" },
};

const HEADER = { canary: "true" };

export const header: Scenario = {
  name: "header canary of AMS' API: requests with the header go to the new version only, others by weight",
  needs: ["rollouts-controller"],
  play: async ({ cluster, deploy }) => {
    await untilFirst(cluster, API, "1.0.0");
    await deploy({ "ams.workloads.api.image": "ams-api:1.1.0" });
    const see = async () => ({ ...(await look(cluster, API)), header: await sharesOf(cluster, API, HEADER) });
    const first = await until("the first step", 90, see, ({ shares }) => (shares["1.1.0"] ?? 0) > 0, noGap);
    assert.deepEqual(first.shares, { "1.0.0": 90, "1.1.0": 10 });
    await until("the header", 20, see, (seen) => seen.header["1.1.0"] === 100, noGap);
    // Only until the release is complete: without a new version the header has no effect.
    const strays = ({ phase, header: led }: Awaited<ReturnType<typeof see>>): string | undefined =>
      phase === "Paused" && led["1.1.0"] !== 100 ? "the header routes to another version" : undefined;
    await until(
      "the release",
      300,
      see,
      ({ phase, shares }) => phase === "Healthy" && shares["1.1.0"] === 100,
      (seen) => noGap(seen) ?? strays(seen),
    );
    // The old pods stop a minute later, without failed requests.
    await until("the old pods gone", 120, see, ({ pods }) => Object.keys(pods).join() === "1.1.0", noGap);
  },
  spoil: {
    what: "the header's rule asks for another value",
    finds: /^the header: not within/,
    objects: (objects) => {
      for (const { metadata } of ofKind(objects, "Ingress"))
        for (const [key, text] of Object.entries(metadata.annotations ?? {}))
          if (metadata.annotations && key.includes("/conditions."))
            metadata.annotations[key] = text.replace('"true"', '"yes"');
    },
  },
};
