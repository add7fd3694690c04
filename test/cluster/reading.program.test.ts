import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { BINARIES, findAssets } from "./assets";
import { definitionsFor, readDefinitions } from "./crds";
import { UserError } from "./errors";
import type { WireObject } from "../../preview/wire";
import { type PreviewResource, readFacts } from "./facts";
import { shop } from "./fixtures/shop";
import { keyOf, readManifests } from "./manifests";

describe("input of the cluster test", () => {
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plinth-test-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function write(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    chmodSync(join(folder, path), mode);
  }

  function assertUserError(act: () => unknown, words: RegExp): void {
    assert.throws(act, (error) => error instanceof UserError && words.test(error.message));
  }

  describe("manifests", () => {
    it("are read from every folder below, several in a file", () => {
      write("a/one.yaml", "{ apiVersion: v1, kind: ConfigMap, metadata: { name: a, namespace: a } }");
      write(
        "b/two.yaml",
        "apiVersion: v1\nkind: Namespace\nmetadata: { name: b }\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: c }",
      );
      write("b/notes.txt", "no manifest");
      assert.deepEqual(
        readManifests(folder).map(({ object }) => keyOf(object)),
        ["/ConfigMap/a/a", "/Namespace//b", "/Namespace//c"],
      );
    });

    it("are refused if there are none: the test would pass on nothing", () => {
      assertUserError(
        () => readManifests(folder),
        /holds no manifest .*npm run preview -- <stack> --out DIR/,
      );
    });

    it("are reported as missing if the folder doesn't exist", () => {
      assertUserError(
        () => readManifests(join(folder, "nowhere")),
        /nowhere is no folder\. Write manifests with/,
      );
    });

    it("are all reported at once if they are invalid", () => {
      write("a.yaml", "kind: ConfigMap");
      write("b.yaml", "a: [");
      write("c.yaml", "{ apiVersion: v1, kind: Namespace, metadata: { name: c } }");
      write("d.yaml", "{ apiVersion: v1, kind: Namespace, metadata: { name: c } }");
      const words =
        /3 of its manifests can't be used\n {2}a\.yaml: found \{"kind":"ConfigMap"\};.*\n {2}b\.yaml: not YAML: .*\n {2}d\.yaml: the same object as in c\.yaml/;
      assertUserError(() => readManifests(folder), words);
    });
  });

  describe("binaries", () => {
    const path = (...folders: string[]) => ({
      PATH: folders.join(":"),
      XDG_CACHE_HOME: join(folder, "cache"),
    });

    it("are taken from KUBEBUILDER_ASSETS, then from the PATH", () => {
      for (const name of BINARIES) write(`path/${name}`, "", 0o755);
      write("given/etcd", "", 0o755);
      write("given/crds/one.yaml", "");
      const { binaries, crds } = findAssets({
        ...path(join(folder, "path")),
        KUBEBUILDER_ASSETS: join(folder, "given"),
      });
      assert.equal(binaries.etcd, join(folder, "given", "etcd"));
      assert.equal(binaries.kwok, join(folder, "path", "kwok"));
      assert.equal(crds, join(folder, "given", "crds"));
    });

    it("are reported as missing with the command that builds them", () => {
      for (const name of BINARIES.slice(1)) write(`path/${name}`, "", 0o755);
      write("path/etcd", "not executable");
      const words =
        /can't start: etcd, crds\/ .*not found\n.*\n.*npm run tools:cluster\n.*KUBEBUILDER_ASSETS/;
      assertUserError(() => findAssets(path(join(folder, "path"))), words);
    });

    it("are searched for in the build's folder, named after the Kubernetes version and a digest", () => {
      const build = join(__dirname, "../../tools/build.mjs");
      const env = { ...process.env, ...path(), PATH: process.env.PATH };
      const where = execFileSync(process.execPath, [build, "--where"], { env, encoding: "utf8" }).trim();
      assert.match(where, /\/cache\/plinth\/envtest\/v1\.\d+\.\d+-[0-9a-f]{12}$/);
    });
  });

  it("definitions: only those of used kinds, without those in the manifests", () => {
    const known = readDefinitions(folder);
    const kinds = (objects = shop()) =>
      definitionsFor(objects, known).map(({ definition }) => definition.spec.names.kind);
    assert.deepEqual(kinds(), ["NodeClass", "IngressClassParams"]);
    const brought = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "nodeclasses.eks.amazonaws.com" },
    };
    assert.deepEqual(kinds([...shop(), brought]), ["IngressClassParams"]);
  });

  describe("a preview", () => {
    const plain = (urn: string): PreviewResource => ({
      urn,
      type: `x:${urn}`,
      name: urn,
      parent: null,
      provider: null,
      dependencies: [],
      inputs: {},
    });
    const subnet = (zone: string, tags: WireObject): PreviewResource => ({
      ...plain(zone),
      type: "aws:ec2/subnet:Subnet",
      inputs: { availabilityZone: zone, tags },
    });
    const access = (policy: string, accessScope: WireObject): PreviewResource => ({
      ...plain(policy),
      type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
      inputs: { policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`, accessScope },
    });
    const cluster: PreviewResource = {
      ...plain("cluster"),
      type: "aws:eks/cluster:Cluster",
      inputs: { version: "1.36", computeConfig: { nodePools: ["system"] } },
    };
    const map: PreviewResource = {
      ...plain("map"),
      type: "kubernetes:core/v1:ConfigMap",
      parent: "component",
      provider: "k8s::[unknown]",
      dependencies: ["cluster", "gone"],
      inputs: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "shop" } },
    };
    const private_ = { "kubernetes.io/role/internal-elb": "1" };

    it("reads the version, the nodes' zones, the roles, and the dependencies", () => {
      const resources = [
        cluster,
        subnet("eu-1b", private_),
        subnet("eu-1a", private_),
        subnet("eu-1c", {}),
        access("AmazonEKSEditPolicy", { namespaces: ["shop"] }),
        access("AmazonEKSAutoNodePolicy", {}),
        {
          ...plain("entry"),
          type: "aws:eks/accessEntry:AccessEntry",
          inputs: { kubernetesGroups: ["plinth-viewers", "others"] },
        },
        plain("component"),
        plain("k8s"),
        map,
      ];
      const facts = readFacts("dev", resources);
      assert.equal(facts.version, "1.36");
      assert.deepEqual(facts.nodes, { zones: ["eu-1a", "eu-1b"], region: "eu-1", builtinPools: ["system"] });
      assert.deepEqual(facts.access, [
        { role: "operator", policy: "AmazonEKSEditPolicy", namespaces: ["shop"] },
        { role: "viewer", groups: ["plinth-viewers"], namespaces: [] },
      ]);
      assert.deepEqual(facts.objects, ["/ConfigMap/shop/settings"]);
      assert.deepEqual(facts.graph.before.get("/ConfigMap/shop/settings"), ["component", "k8s", "cluster"]);
    });

    it("without a cluster or without zones is refused", () => {
      assertUserError(() => readFacts("dev", []), /^dev: its preview has no EKS cluster with a version$/);
      assertUserError(() => readFacts("dev", [cluster]), /^dev: its preview has no subnet with the tag/);
    });
  });
});
