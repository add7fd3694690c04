import assert from "node:assert/strict";
import { type Document, isScalar, Scalar, visit } from "yaml";
import { awakeHours, nights, type ScheduleSettings } from "../../config";
import { runsDuring } from "../../config/schedule";
import { faultsOf, set } from "../support/edits";
import { settingsOf } from "../support/frozen";

const weekdays: ScheduleSettings = {
  timeZone: "Asia/Seoul",
  days: ["mon", "tue", "wed", "thu", "fri"],
  from: "09:00",
  to: "19:00",
};

/** Sets a schedule. Times of day need quotes: without them, Pulumi's YAML reads numbers. */
const schedule = (more: object) => (file: Document) => {
  set("costs.schedule", { ...weekdays, ...more })(file);
  visit(file, {
    Pair: (_, { key, value }) => {
      if (isScalar(key) && ["from", "to"].includes(String(key.value)) && isScalar(value))
        value.type = Scalar.QUOTE_DOUBLE;
    },
  });
};

/** dev of the fixtures, whose windows are in the schedule's hours. */
const scheduled =
  (more: Partial<Record<keyof ScheduleSettings, unknown>> = {}) =>
  (file: Document) => {
    schedule(more)(file);
    const systems = file.toJS() as {
      config: Record<string, Record<string, { stores: Record<string, object> }>>;
    };
    for (const [system, { stores }] of Object.entries(systems.config["plinth:systems"] ?? {}))
      if ("postgres" in stores)
        set(`systems.${system}.stores.postgres.windows`, {
          backup: "03:00-04:00",
          maintenance: "tue:09:00-tue:09:45",
        })(file);
  };

/** Faults of a schedule, by path. */
const refusals = async (edit: (file: Document) => void, stack = "dev") =>
  Object.fromEntries((await faultsOf(stack, edit)).faults.map(({ path, expected }) => [path, expected]));

describe("config: the budget", () => {
  it("refuses a budget of zero", async () => {
    for (const usd of [0, -1, 1.5]) {
      const found = await refusals(set("costs.budget", { usd }));
      assert.match(found["plinth:costs.budget.usd"] ?? "", /a whole number of US dollars a month, 1 to/);
    }
  });

  it("accepts ten mail addresses at most", async () => {
    const emails = Array.from({ length: 11 }, (_, index) => `team-${index}@example.com`);
    const many = (file: Document) => {
      set("alarms.emails", emails)(file);
      set("costs.budget", { usd: 100 })(file);
    };
    assert.match((await refusals(many))["plinth:costs.budget.emails"] ?? "", /at most 10 addresses.*has 11/);
    const named = (file: Document) => {
      many(file);
      set("costs.budget.emails", emails.slice(0, 1))(file);
    };
    assert.deepEqual((await settingsOf("dev", named)).costs.budget?.emails, [emails[0]]);
  });
});

describe("config: the night schedule", () => {
  it("is accepted if everything can be stopped", async () => {
    assert.equal((await settingsOf("dev", scheduled())).costs.schedule?.from, "09:00");
  });

  it("is refused for a protected stack", async () => {
    const found = await refusals((file) => {
      scheduled()(file);
      set("protect", true)(file);
      set("disposable", false)(file);
    });
    assert.match(found["plinth:costs.schedule"] ?? "", /nothing while plinth:protect is true/);
  });

  it("is refused with anything that must run at night, and with replicas, which RDS doesn't stop", async () => {
    const { faults } = await faultsOf("prod", schedule({}));
    const about = faults
      .filter(({ path }) => path === "plinth:costs.schedule")
      .map(({ expected }) => expected);
    for (const key of ["protect", "edge.cdn", "backups.dumps", "backups.vault", "credentials.rotationDays"])
      assert.equal(about.filter((expected) => expected.includes(` plinth:${key}`)).length, 1, key);
    const replicas = faults.filter(({ path }) => path.endsWith(".readReplicas"));
    assert.ok(replicas.length > 0);
    for (const { expected } of replicas)
      assert.match(expected, /RDS doesn't stop an instance that has replicas/);
  });

  it("is refused while a database is backed up or maintained at night", async () => {
    const found = await refusals(schedule({}));
    assert.match(
      found["plinth:systems.ams.stores.postgres.windows.backup"] ?? "",
      /a window in UTC while the environment runs \(mon, tue, wed, thu, fri, 09:00 to 19:00 Asia\/Seoul\)/,
    );
    assert.ok("plinth:systems.ams.stores.postgres.windows.maintenance" in found);
  });

  const impossible: readonly [what: string, more: object, key: string, says: RegExp][] = [
    ["an unknown time zone", { timeZone: "Asia/Busan" }, "timeZone", /IANA database/],
    ["no day", { days: [] }, "days", /at least 1/],
    ["a start before the databases could", { from: "00:10" }, "from", /00:20 or later/],
    ["an end after which the databases couldn't stop", { to: "23:45" }, "to", /before 23:40/],
    ["an end before its start", { to: "08:00" }, "to", /at least 2 hours after from \(09:00\)/],
  ];
  for (const [what, more, key, says] of impossible)
    it(`refuses ${what}`, async () => {
      const found = await refusals(scheduled(more));
      assert.match(
        found[key === "days" ? "plinth:costs.schedule.days" : `plinth:costs.schedule.${key}`] ?? "",
        says,
      );
    });

  it("calculates the length of each night", () => {
    assert.deepEqual(nights(weekdays), [
      { days: ["mon", "tue", "wed", "thu"], length: 14 * 60 },
      { days: ["fri"], length: 62 * 60 },
    ]);
    assert.deepEqual(nights({ ...weekdays, days: ["wed"] }), [{ days: ["wed"], length: 158 * 60 }]);
    // Five times 10 hours and 40 minutes of databases, of 168 hours.
    assert.equal(awakeHours(weekdays), Math.round((730 * 5 * (10 + 2 / 3)) / 168));
  });

  it("compares windows in UTC with local time, including daylight saving time", () => {
    assert.ok(runsDuring(weekdays, "03:00-04:00"));
    assert.ok(!runsDuring(weekdays, "09:30-10:30"), "until 19:30 in Seoul");
    assert.ok(!runsDuring(weekdays, "sun:03:00-sun:04:00"));
    assert.ok(runsDuring(weekdays, "mon:00:00-mon:01:00"));
    const berlin = { ...weekdays, timeZone: "Europe/Berlin", from: "08:00", to: "18:00" };
    assert.ok(!runsDuring(berlin, "06:30-07:00"), "07:30 in winter");
    assert.ok(runsDuring(berlin, "07:00-08:00"));
  });
});
