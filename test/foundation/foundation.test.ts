import assert from "node:assert/strict";
import { covers, documentOf, statements, type Statement } from "../../policies/lib/statements";
import type { Recording } from "../../preview/run-program";
import { isUnknown } from "../../preview/wire";
import { podImages } from "../support/images";
import { testsOf } from "../support/iam/grants";
import { foundationIn, foundationOf, foundations, foundationWith } from "../support/foundations";
import { recordingOf } from "../support/recordings";
import { settingsOf, stacks } from "../support/stacks";

const issuer = "token.actions.githubusercontent.com";

const documentsOf = (recording: Recording, type: string, property: string) =>
  new Map(
    recording.ofType(type).map(({ name, inputs }) => [name, statements(inputs[property]) ?? []] as const),
  );

const trusts = (recording: Recording) => documentsOf(recording, "aws:iam/role:Role", "assumeRolePolicy");

/** Whether a statement denies an action on a resource, whatever else allows it. */
const refuses = (document: readonly Statement[], action: string, resource = "*") =>
  document.some(
    ({ allows, actions, resources, tests }) =>
      !allows &&
      tests.length === 0 &&
      actions.some((each) => covers(each, action)) &&
      resources.some((each) => covers(each, resource)),
  );

describe("a foundation's trust in GitHub", () => {
  it("is by name alone for a repository without ids", async () => {
    const { recording } = await foundationWith("dev", (file) =>
      file.setIn(["config", "plinth-foundation:pipelines", "repository"], "acme/plinth"),
    );
    const [trust] = trusts(recording).get("foundation-pipelines-dev-deploy") ?? [];
    const tests = testsOf(trust);
    assert.deepEqual(tests[`stringequals ${issuer}:sub`], ["repo:acme/plinth:environment:dev"]);
    assert.equal(tests[`stringequals ${issuer}:repository_id`], undefined);
  });

  it("uses the identity provider that the account has already, and creates none", async () => {
    const { recording } = await foundationWith("dev", (file) =>
      file.setIn(["config", "plinth-foundation:pipelines", "provider"], "exists"),
    );
    assert.equal(recording.ofType("aws:iam/openIdConnectProvider:OpenIdConnectProvider").length, 0);
    const roles = [...trusts(recording)].filter(([name]) => name.startsWith("foundation-pipelines-"));
    assert.deepEqual(
      roles.map(([name, [trust]]) => [name, trust?.principals.map(({ value }) => value)]),
      ["dev-deploy", "dev-preview", "push"].map((role) => [
        `foundation-pipelines-${role}`,
        [`arn:aws:iam::111111111111:oidc-provider/${issuer}`],
      ]),
    );
  });
});

for (const stack of foundations)
  describe(`the foundation of ${stack}`, () => {
    it("allows one environment of one repository to deploy, from named branches, and tags if it releases", async () => {
      const { recording } = await foundationOf(stack);
      const [trust] = trusts(recording).get(`foundation-pipelines-${stack}-deploy`) ?? [];
      assert.deepEqual(testsOf(trust), {
        [`stringequals ${issuer}:aud`]: ["sts.amazonaws.com"],
        [`stringequals ${issuer}:repository`]: ["acme/plinth"],
        [`stringequals ${issuer}:repository_id`]: ["2000001"],
        // GitHub puts the ids into subjects of repositories made since July 2026, and not into older ones'.
        [`stringequals ${issuer}:sub`]: ["acme/plinth", "acme@1000001/plinth@2000001"].map(
          (repository) => `repo:${repository}:environment:${stack}`,
        ),
        [`stringequals ${issuer}:environment`]: [stack],
        // The event of a published release has its tag's ref: .github/workflows/deploy.yml deploys prod by it.
        [`stringlike ${issuer}:ref`]: ["refs/heads/main", ...(stack === "prod" ? ["refs/tags/v*"] : [])],
      });
    });

    it("allows previews from their environment, and from main", async () => {
      const { recording } = await foundationOf(stack);
      const [trust] = trusts(recording).get(`foundation-pipelines-${stack}-preview`) ?? [];
      assert.deepEqual(testsOf(trust)[`stringequals ${issuer}:sub`], [
        `repo:acme/plinth:environment:${stack}-preview`,
        `repo:acme@1000001/plinth@2000001:environment:${stack}-preview`,
        "repo:acme/plinth:ref:refs/heads/main",
        "repo:acme@1000001/plinth@2000001:ref:refs/heads/main",
      ]);
    });

    it("gives previews read access only, and no secrets except those of their own state", async () => {
      const { recording, settings } = await foundationOf(stack);
      const { account, secondRegion } = settings;
      const regions = [account.region, ...(secondRegion === undefined ? [] : [secondRegion])];
      const rights = documentsOf(recording, "aws:iam/rolePolicy:RolePolicy", "policy");
      const document = rights.get(`foundation-pipelines-${stack}-preview-policy`) ?? [];
      const decrypting = document.filter((statement) => statement.actions.includes("kms:Decrypt"));
      assert.deepEqual(
        decrypting.map(({ tests }) => tests.map(({ key, values }) => [key, values])),
        [
          [["kms:viaservice", regions.map((region) => `s3.${region}.amazonaws.com`)]],
          [["kms:encryptioncontext:environment", [stack]]],
          // Of functions' variables.
          [
            ["kms:viaservice", regions.map((region) => `lambda.${region}.amazonaws.com`)],
            ["aws:resourceaccount", [account.id]],
          ],
        ],
      );
    });

    it("denies deploy roles, and roles that they create, access to the foundation", async () => {
      const { recording, settings } = await foundationOf(stack);
      const boundary = recording.one("aws:iam/policy:Policy", "foundation-pipelines-boundary");
      const document = documentOf(boundary.type, boundary.inputs);
      assert.ok(Array.isArray(document));
      const account = `arn:aws:iam::${settings.account.id}`;
      const state = `arn:aws:s3:::plinth-state-${settings.account.id}`;
      for (const [action, resource] of [
        ["iam:DeleteRolePermissionsBoundary", "*"],
        ["iam:UpdateAssumeRolePolicy", `${account}:role/plinth-deploy`],
        ["iam:PutRolePolicy", `${account}:role/plinth-preview`],
        ["iam:CreatePolicyVersion", `${account}:policy/plinth-boundary`],
        ["iam:DeleteOpenIDConnectProvider", "*"],
        ["cloudtrail:StopLogging", "*"],
        ["guardduty:DeleteDetector", "*"],
        ["s3:DeleteBucketPolicy", state],
        ["s3:DeleteObjectVersion", `${state}/.pulumi/stacks/plinth/${stack}.json`],
        ["organizations:LeaveOrganization", "*"],
      ] as const)
        assert.ok(refuses(document, action, resource), `${action} on ${resource}`);
      assert.ok(!refuses(document, "s3:PutObject", `${state}/.pulumi/stacks/plinth/${stack}.json`));
      assert.ok(!refuses(document, "iam:CreateRole", `${account}:role/primary-cluster-node`));
    });

    it("has policy documents within IAM's limits", async () => {
      const { recording } = await foundationOf(stack);
      // Source: IAM user guide, IAM and STS quotas: a managed policy has 6,144 characters, without white space.
      for (const { name, inputs } of recording.ofType("aws:iam/policy:Policy"))
        assert.ok(JSON.stringify(inputs.policy).length <= 6144, name);
    });
  });

describe("the role that pushes images", () => {
  it("can be assumed by image.yml only, from main of the named repositories, and can only push", async () => {
    const { recording, settings } = await foundationOf("dev");
    const [trust] = trusts(recording).get("foundation-pipelines-push") ?? [];
    const ids = { ams: "2000002", "asset-management": "2000003", opmas: "2000004", tapwork: "2000005" };
    assert.deepEqual(testsOf(trust), {
      [`stringequals ${issuer}:aud`]: ["sts.amazonaws.com"],
      [`stringequals ${issuer}:repository`]: Object.keys(ids).map((name) => `acme/${name}`),
      [`stringequals ${issuer}:repository_id`]: Object.values(ids),
      [`stringequals ${issuer}:sub`]: Object.entries(ids).flatMap(([name, id]) => [
        `repo:acme/${name}:ref:refs/heads/main`,
        `repo:acme@1000001/${name}@${id}:ref:refs/heads/main`,
      ]),
      [`stringlike ${issuer}:job_workflow_ref`]: ["acme/plinth/.github/workflows/image.yml@*"],
    });
    const rights = documentsOf(recording, "aws:iam/rolePolicy:RolePolicy", "policy");
    const [login, push] = rights.get("foundation-pipelines-push-policy") ?? [];
    assert.deepEqual([login?.actions, login?.resources], [["ecr:GetAuthorizationToken"], ["*"]]);
    assert.deepEqual(
      push?.resources,
      settings.images.repositories.map(
        (name) => `arn:aws:ecr:ap-northeast-2:${settings.account.id}:repository/${name}`,
      ),
    );
  });

  it("exists only if the stack file names it", async () => {
    const { recording } = await foundationOf("prod");
    assert.equal(trusts(recording).get("foundation-pipelines-push"), undefined);
  });
});

const foundationUnder = async (stack: string) => foundationIn((await settingsOf(stack)).account.id);

describe("the foundation and the environments of its account", () => {
  for (const stack of stacks)
    describe(stack, () => {
      it("has the role that the environment names as its first administrator", async () => {
        const { settings } = await foundationUnder(stack);
        const { account, cluster, permissionsBoundary } = await settingsOf(stack);
        const { deployRole } = settings.pipelines.environments[stack] ?? {};
        assert.equal(settings.account.id, account.id);
        assert.equal(cluster.access.admin[0], `arn:aws:iam::${account.id}:role/${deployRole ?? ""}`);
        assert.equal(permissionsBoundary, `arn:aws:iam::${account.id}:policy/${settings.prefix}-boundary`);
      });

      it("has a repository or a cache for every image of the registry", async () => {
        const { settings } = await foundationUnder(stack);
        const { registry, imageMirrors } = await settingsOf(stack);
        const prefixes = Object.entries(settings.images.caches).map(([name, cache]) => [
          name,
          `${registry}/${cache.prefix}`,
        ]);
        for (const [name, mirror] of Object.entries(imageMirrors))
          assert.equal(Object.fromEntries(prefixes)[name], mirror);
        const images = podImages(await recordingOf(stack)).filter((image) =>
          image.startsWith(`${registry}/`),
        );
        assert.ok(images.length > 5, String(images.length));
        const homeless = images
          .map((image) => image.slice(registry.length + 1).replace(/(:[^/]*)?(@.*)?$/, ""))
          .filter(
            (name) =>
              !settings.images.repositories.includes(name) &&
              !Object.values(settings.images.caches).some(({ prefix }) => name.startsWith(`${prefix}/`)),
          );
        assert.deepEqual([...new Set(homeless)], [], "add them to plinth-foundation:images.repositories");
      });

      it("can write to the environment's zones", async () => {
        const { settings } = await foundationUnder(stack);
        const { edge } = await settingsOf(stack);
        assert.deepEqual(settings.zones, edge.zones);
      });

      it("can use the environment's regions, and no others", async () => {
        const { account, standby } = await settingsOf(stack);
        const { recording } = await foundationUnder(stack);
        const deploy = documentsOf(recording, "aws:iam/policy:Policy", "policy").get(
          "foundation-pipelines-deploy",
        );
        const regions = [account.region, ...(standby === undefined ? [] : [standby.region]), "us-east-1"];
        assert.deepEqual(testsOf(deploy?.[0])["stringequals aws:requestedregion"], regions);
      });

      it("requires the boundary on every role and user that the environment creates", async () => {
        const recording = await recordingOf(stack);
        const { permissionsBoundary, ...settings } = await settingsOf(stack);
        const { recording: foundation } = await foundationUnder(stack);
        const [deploy] = [...documentsOf(foundation, "aws:iam/policy:Policy", "policy")].flatMap(
          ([name, document]) => (name.endsWith("-deploy") ? [document] : []),
        );
        const made =
          (deploy ?? []).find(({ actions }) => actions.includes("iam:CreateRole"))?.resources ?? [];
        const identities = ["aws:iam/role:Role", "aws:iam/user:User"].flatMap((type) =>
          recording.ofType(type),
        );
        assert.ok(identities.length > 10);
        for (const { name, inputs } of identities) {
          assert.equal(inputs.permissionsBoundary, permissionsBoundary, name);
          // IAM's names end in a random part.
          const arn = `arn:aws:iam::${settings.account.id}:role/${name}-0a1b2c3`;
          assert.ok(
            made.some((pattern) => covers(pattern, arn)),
            `the deploy role may not make ${name}`,
          );
        }
      });
    });
});

describe("a foundation that creates its zones", () => {
  it("has them in its outputs, and lets deployments write to them", async () => {
    const { recording } = await foundationWith("dev", (file) =>
      file.setIn(["config", "plinth-foundation:zones"], { "dev.example.com": "create" }),
    );
    assert.equal(recording.one("aws:route53/zone:Zone").inputs.name, "dev.example.com");
    assert.ok(isUnknown((recording.outputs.zones as Record<string, string>)["dev.example.com"]));
  });
});

describe("a foundation without zones", () => {
  it("has no statement on zones, since IAM refuses an empty one", async () => {
    const { recording } = await foundationWith("dev", (file) =>
      file.deleteIn(["config", "plinth-foundation:zones"]),
    );
    for (const [name, document] of documentsOf(recording, "aws:iam/policy:Policy", "policy"))
      for (const { resources, actions } of document)
        assert.ok(resources.length > 0, `${name}: ${actions.join(", ")}`);
  });
});
