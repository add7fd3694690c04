import assert from "node:assert/strict";
import type { Document } from "yaml";
import { drop, itRefuses, set } from "../support/edits";
import { settingsOf } from "../support/frozen";

interface Case {
  readonly what: string;
  readonly edit: (file: Document) => void;
  /** Path of the fault, without the project's prefix. */
  readonly path: string;
  readonly says: RegExp;
}

const operator = "cluster.operators.prometheus";

const cases: Case[] = [
  {
    what: "a third server, which is redundant",
    edit: set(`${operator}.replicas`, 3),
    path: `${operator}.replicas`,
    says: /a whole number of servers, 1 to 2/,
  },
  {
    what: "a retention of zero",
    edit: set(`${operator}.retentionDays`, 0),
    path: `${operator}.retentionDays`,
    says: /a whole number of days, 1 to 365/,
  },
  {
    what: "a server without a volume",
    edit: drop(`${operator}.storage`),
    path: `${operator}.storage`,
    says: /found nothing; .*to do: add/,
  },
  {
    what: "a volume in decimal units",
    edit: set(`${operator}.storage`, "50GB"),
    path: `${operator}.storage`,
    says: /an amount such as "512Mi"/,
  },
  {
    what: "a chart version outside its series",
    edit: set(`${operator}.chart`, "89.0.0"),
    path: `${operator}.chart`,
    says: /a chart of the series 88\.5/,
  },
  {
    what: "more days than the volume can hold",
    edit: set(`${operator}.retentionDays`, 90),
    path: `${operator}.storage`,
    says: /at least 61Gi for retentionDays: 90, by the estimate of 100000 series/,
  },
  {
    what: "an objective without an error budget",
    edit: set("systems.ams.objectives", { availabilityPercent: 100 }),
    path: "systems.ams.objectives.availabilityPercent",
    says: /at most 99\.99: 100 leaves no error budget/,
  },
  {
    what: "an invalid objective",
    edit: set("systems.ams.objectives", { availabilityPercent: 50 }),
    path: "systems.ams.objectives.availabilityPercent",
    says: /a percentage of 95 or more/,
  },
  {
    what: "an objective with windows longer than Prometheus' retention",
    edit: set(`${operator}.retentionDays`, 2),
    path: `${operator}.retentionDays`,
    says: /at least 3 days, the longest window of the alerts on plinth:systems\.ams\.objectives/,
  },
];

describe("config: Prometheus", () => {
  itRefuses(cases);

  it("is optional if nothing queries it", async () => {
    assert.equal((await settingsOf("dev")).cluster.operators.prometheus, undefined);
  });
});
