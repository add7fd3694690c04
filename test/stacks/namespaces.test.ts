import assert from "node:assert/strict";
import { hostReader } from "../../standards/host-access";
import { catalog } from "../../systems";
import type { SystemSpec } from "../../systems/spec";
import { firstRegionOf, objects } from "../support/recordings";
import { settingsOf, stacks } from "../support/stacks";

for (const stack of stacks)
  describe(`${stack}: namespaces`, () => {
    it("K8S-2: each namespace is restricted, with limits and a default deny", async () => {
      const recording = await firstRegionOf(stack);
      const { cluster, systems, logs, traces, backups, costs } = await settingsOf(stack);
      const others = [
        ...(costs.schedule === undefined ? [] : ["schedule"]),
        ...(backups.configuration === undefined ? [] : ["configuration-backup"]),
        ...(logs === undefined && traces === undefined ? [] : [hostReader.namespace]),
        ...(traces === undefined ? [] : ["telemetry"]),
        ...(cluster.operators.prometheus?.historyDays === undefined ? [] : ["metrics-history"]),
      ];
      const specs = Object.values<SystemSpec>(catalog).filter(({ name }) => systems[name] !== undefined);
      const own = specs.flatMap(({ name, namespaces }) => [...namespaces, `${name}-bootstrap`]);
      const operators = Object.keys(cluster.operators).map((name) =>
        name === "prometheus" ? "monitoring" : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      );
      const names = [...own, ...operators, ...others].sort();
      const namespaces = objects(recording, "Namespace");
      assert.deepEqual([...namespaces.values()].map(({ manifest }) => manifest.metadata.name).sort(), names);
      for (const { manifest } of namespaces.values())
        assert.equal(
          manifest.metadata.labels?.["pod-security.kubernetes.io/enforce"],
          manifest.metadata.name === hostReader.namespace ? "privileged" : "restricted",
        );
      for (const name of names) {
        for (const kind of ["ResourceQuota", "LimitRange"])
          assert.ok(
            [...objects(recording, kind).keys()].some((key) => key.startsWith(`${name}/`)),
            `${kind} of ${name}`,
          );
        assert.ok(objects(recording, "NetworkPolicy").has(`${name}/default-deny`), `default deny of ${name}`);
      }
    });
  });
