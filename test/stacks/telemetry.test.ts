import * as assert from "node:assert/strict";
import { catalog } from "../../systems";
import type { SystemSpec } from "../../systems/spec";
import { hostReader } from "../../standards/host-access";
import { firstRegionOf, objects, podOwners } from "../support/recordings";
import { settingsOf, stacks } from "../support/stacks";
import { specOf } from "../support/inputs";

interface Pod {
  readonly template: {
    readonly spec: {
      readonly containers: readonly {
        readonly env?: readonly { readonly name: string; readonly value?: string }[];
        readonly envFrom?: readonly object[];
      }[];
      readonly volumes: readonly { readonly hostPath?: { readonly path: string } }[];
    };
  };
}

for (const stack of stacks)
  describe(`${stack}: logs and traces`, () => {
    it("OBS-3: a collector on every node, the only pod with host paths", async () => {
      const recording = await firstRegionOf(stack);
      const daemons = objects(recording, "DaemonSet");
      assert.deepEqual([...daemons.keys()], [`${hostReader.namespace}/${hostReader.workload}`]);
      const hostPathsOf = (manifest: { spec?: unknown }) =>
        (manifest.spec as Pod).template.spec.volumes?.flatMap(({ hostPath }) => hostPath?.path ?? []) ?? [];
      for (const { manifest } of daemons.values())
        assert.deepEqual(hostPathsOf(manifest), Object.keys(hostReader.paths));
      for (const [name, { manifest }] of podOwners(recording))
        assert.deepEqual(hostPathsOf(manifest), [], name);
    });

    it("OBS-3: they go to the configured store, encrypted with a key of the stack", async () => {
      const recording = await firstRegionOf(stack);
      const { logs } = await settingsOf(stack);
      const domains = recording.ofType("aws:opensearch/domain:Domain");
      assert.equal(domains.length, logs?.store === "opensearch" ? 1 : 0);
      if (logs?.store !== "opensearch") {
        const groups = recording.ofType("aws:cloudwatch/logGroup:LogGroup");
        const group = groups.find(({ inputs }) => inputs.name === `/plinth/plinth-${stack}/pods`);
        assert.equal(group?.inputs.retentionInDays, logs?.days);
        return;
      }
      for (const { inputs, propertyDependencies } of domains) {
        const subnets = (inputs.vpcOptions as { subnetIds: unknown[] }).subnetIds;
        assert.equal(subnets.length, logs.zones);
        assert.ok((propertyDependencies.encryptAtRest ?? []).some((urn) => urn.endsWith("-search-search")));
      }
    });

    it("OBS-3: the search domain and each shell of CloudShell admit one another, over HTTPS", async () => {
      const recording = await firstRegionOf(stack);
      const { logs, network } = await settingsOf(stack);
      const shell = recording.ofType("aws:ec2/securityGroup:SecurityGroup").find(({ inputs }) => {
        const { Name } = inputs.tags as { Name: string };
        return Name === `plinth-${stack}-shell`;
      });
      const domains = recording.ofType("aws:opensearch/domain:Domain");
      const groups = domains.flatMap(({ propertyDependencies }) => propertyDependencies.vpcOptions ?? []);
      const rules = ["Ingress", "Egress"].flatMap((side) =>
        recording
          .ofType(`aws:vpc/securityGroup${side}Rule:SecurityGroup${side}Rule`)
          .filter(
            ({ inputs, propertyDependencies: { securityGroupId = [], referencedSecurityGroupId = [] } }) => {
              const [own, other] = side === "Ingress" ? [groups, shell?.urn] : [[shell?.urn], groups];
              return (
                securityGroupId.some((urn) => own.includes(urn)) &&
                referencedSecurityGroupId.some((urn) => [other].flat().includes(urn)) &&
                inputs.fromPort === 443 &&
                inputs.toPort === 443
              );
            },
          ),
      );
      assert.equal(rules.length, logs?.store === "opensearch" && network.shellAccess ? 2 : 0);
    });

    it("OBS-4: every workload with code of its own sends spans to its node's collector", async () => {
      const recording = await firstRegionOf(stack);
      const { traces, systems } = await settingsOf(stack);
      const maps = [...objects(recording, "ConfigMapPatch"), ...objects(recording, "ConfigMap")];
      for (const { name: system, workloads } of Object.values<SystemSpec>(catalog)) {
        if (systems[system] === undefined) continue;
        for (const { name, namespace, component, configMap } of Object.values(workloads)) {
          const owner = podOwners(recording).get(`${namespace}/${name}`);
          if (owner === undefined) continue;
          const [container] = specOf<Pod>(owner.manifest).template.spec.containers;
          const inMap = maps.find(
            ([key]) => configMap !== undefined && key.startsWith(`${namespace}/${configMap}-`),
          );
          const found = {
            ...Object.fromEntries((container?.env ?? []).map((one) => [one.name, one.value])),
            ...(inMap?.[1].manifest.data ?? {}),
          };
          const sends = traces !== undefined && component !== "frontend";
          assert.equal(found.OTEL_SERVICE_NAME, sends ? name : undefined, name);
          assert.equal(
            found.OTEL_RESOURCE_ATTRIBUTES,
            sends ? `service.namespace=${system}` : undefined,
            name,
          );
        }
      }
    });
  });
