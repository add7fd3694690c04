import assert from "node:assert/strict";
import type { Recording } from "../../preview/run-program";
import { catalog } from "../../systems";
import type { SystemSpec } from "../../systems/spec";
import { firstRegionOf, objects, podOwners } from "../support/recordings";
import { settingsOf, stacks } from "../support/stacks";
import { specOf, statementsOf } from "../support/inputs";

interface ExternalSecret {
  secretStoreRef: { kind: string; name: string };
  data: { remoteRef: { key: string } }[];
}
interface Store {
  conditions: Record<string, string[]>[];
  provider: { aws: Record<string, string> };
}

const list = (value: string | readonly string[] = []) => [value].flat();
const specs = Object.values<SystemSpec>(catalog);

/** A system's ClusterSecretStores: reader, name, and allowed namespaces. */
const storesOf = ({ name, namespaces }: SystemSpec): [string, string, readonly string[]][] => [
  ["workloads", name, namespaces],
  ["bootstrap", `${name}-bootstrap`, [`${name}-bootstrap`]],
];

/** Entries that a reader's policy names. */
function readable(recording: Recording, name: string): string[] {
  const { inputs } = recording.one("aws:iam/rolePolicy:RolePolicy", `${name}-policy`);
  return statementsOf(inputs.policy)
    .filter(({ Action }) => Action === "secretsmanager:GetSecretValue")
    .flatMap(({ Resource }) => list(Resource))
    .map((arn) => /^arn:aws:secretsmanager:[^:]+:\d+:secret:(.*)-\?{6}$/.exec(arn)?.[1] ?? assert.fail(arn));
}

/** Entries that ExternalSecrets read through a store, and their namespaces. */
function asked(recording: Recording, store: string): { entries: string[]; namespaces: string[] } {
  const found = [...objects(recording, "ExternalSecret").values()].filter(
    ({ manifest }) => specOf<ExternalSecret>(manifest).secretStoreRef.name === store,
  );
  const entries = found.flatMap(({ manifest }) =>
    specOf<ExternalSecret>(manifest).data.map(({ remoteRef }) => remoteRef.key),
  );
  return {
    entries: [...new Set(entries)].sort(),
    namespaces: [...new Set(found.map(({ manifest }) => manifest.metadata.namespace ?? ""))].sort(),
  };
}

for (const stack of stacks)
  describe(`${stack}: access to secrets`, () => {
    for (const spec of specs)
      for (const [reader, store, namespaces] of storesOf(spec))
        it(`${store}: exactly the entries that its ExternalSecrets name, from its own namespaces`, async () => {
          const recording = await firstRegionOf(stack);
          const role = `primary-${spec.name}-secrets-${reader}`;
          const wanted = asked(recording, store);
          assert.deepEqual(readable(recording, role).sort(), wanted.entries);
          const { manifest } = objects(recording, "ClusterSecretStore").get(`/${store}`) ?? assert.fail();
          const { conditions, provider } = specOf<Store>(manifest);
          assert.deepEqual(conditions, [{ namespaces: [...namespaces] }]);
          for (const each of wanted.namespaces) assert.ok(namespaces.includes(each), each);
          assert.deepEqual(Object.keys(provider.aws).sort(), ["region", "role", "service"]);
          const { propertyDependencies } = objects(recording, "ClusterSecretStore").get(
            `/${store}`,
          )!.resource;
          const named = propertyDependencies.spec?.map((urn) => recording.resources.get(urn)?.name) ?? [];
          assert.deepEqual(named.sort(), [role, `${role}-policy`]);
        });

    it("no entry is readable by two roles, and master users' entries only by bootstrap", async () => {
      const recording = await firstRegionOf(stack);
      const { prefix } = await settingsOf(stack);
      // Several systems may use an entry that people fill: an SMTP server's.
      const made = recording.ofType("aws:secretsmanager/secret:Secret").map(({ inputs }) => inputs.name);
      const seen = new Set<string>();
      for (const { name } of specs) {
        const workloads = readable(recording, `primary-${name}-secrets-workloads`);
        const bootstrap = readable(recording, `primary-${name}-secrets-bootstrap`);
        assert.deepEqual(bootstrap, [`${prefix}/${name}/postgres/master`]);
        for (const entry of workloads) assert.ok(!entry.endsWith("/master"), entry);
        for (const entry of [...workloads, ...bootstrap]) {
          if (!made.includes(entry)) continue;
          assert.ok(!seen.has(entry), entry);
          assert.ok(entry.startsWith(`${prefix}/${name}/`), entry);
          seen.add(entry);
        }
      }
    });

    it("the operator can't read entries itself and may only assume readers' roles, which trust only it", async () => {
      const recording = await firstRegionOf(stack);
      const { prefix, account } = await settingsOf(stack);
      const path = `/${prefix}/secrets/`;
      const own = recording.one("aws:iam/rolePolicy:RolePolicy", "primary-cluster-secrets-policy").inputs;
      assert.deepEqual(statementsOf(own.policy), [
        {
          Effect: "Allow",
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Resource: `arn:aws:iam::${account.id}:role${path}*`,
        },
      ]);
      const behind = recording.ofType("aws:iam/role:Role").filter(({ inputs }) => inputs.path === path);
      const { signOn, alarms } = await settingsOf(stack);
      const shared = [signOn !== undefined, Object.keys(alarms.receivers).length > 0];
      assert.equal(behind.length, 2 * specs.length + shared.filter((there) => there).length);
      for (const { name, inputs, propertyDependencies } of behind) {
        assert.match(name, /-secrets-(workloads|bootstrap)$|^primary-(sign-on|alert-receivers)$/);
        const [statement, ...more] = statementsOf(inputs.assumeRolePolicy);
        assert.equal(more.length, 0);
        assert.deepEqual(Object.keys(statement?.Principal ?? {}), ["AWS"]);
        const trusted = propertyDependencies.assumeRolePolicy?.map(
          (urn) => recording.resources.get(urn)?.name,
        );
        assert.deepEqual(trusted, ["primary-cluster-secrets-role"]);
      }
    });

    it("master users' passwords are in a separate namespace, which contains only bootstrap jobs", async () => {
      const recording = await firstRegionOf(stack);
      for (const { name, namespaces } of specs) {
        const place = `${name}-bootstrap`;
        assert.ok(!namespaces.includes(place));
        const inside = (kind: string) =>
          [...objects(recording, kind).keys()].filter((key) => key.startsWith(`${place}/`));
        assert.deepEqual(
          [...podOwners(recording).keys()].filter((key) => key.startsWith(`${place}/`)),
          [],
        );
        assert.equal(inside("Job").length, 1);
        assert.deepEqual(inside("ExternalSecret"), [`${place}/${name}-postgres-roles`]);
        const policies = ["allow-dns", "default-deny", `${name}-postgres-roles`];
        assert.deepEqual(
          inside("NetworkPolicy").sort(),
          policies.map((policy) => `${place}/${policy}`).sort(),
        );
      }
    });
  });
