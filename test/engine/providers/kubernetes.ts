import { createHash } from "node:crypto";
import { checkShape } from "./check";
import { Cluster, type Manner } from "./cluster";
import { checkManifest } from "./manifest";
import { changedPaths, installed, keepsName, kindOf, live, namedObject, namedRelease, text } from "./objects";
import { refuse, type Failure } from "./rule";
import { kinds, release } from "./rules/kubernetes";
import { nameOf, request, typeOf, type Service, type Surroundings } from "./service";
import { noFunctions } from "./table";
import { canonical, UNKNOWN, type Values } from "./wire";

/** `@pulumi/kubernetes` in memory: one cluster per provider instance, with the contents of a new cluster. */
export function kubernetesProvider(version: string, { cloud, schema, write }: Surroundings): Service {
  let own: Values = {};
  let cluster = new Cluster(cloud, "");

  const shape = (urn: string, news: Values): Failure[] => {
    const types = schema.resources[typeOf(urn)];
    return types === undefined ? required(news) : checkShape(news, types.inputs, schema.objects);
  };

  return {
    version,
    configure: (args) => {
      own = args;
      cluster = new Cluster(cloud, clusterName(args));
    },
    checkConfig: (args) =>
      args["kubeconfig"] === undefined
        ? [refuse("kubeconfig", "required: without it the ambient cluster is used")]
        : [],
    replacesConfig: (name, args) =>
      args["clusterIdentifier"] === undefined
        ? ["kubeconfig", "context", "cluster"].includes(name)
        : name === "clusterIdentifier",
    async check(urn: string, olds: Values, news: Values) {
      write({ note: "check", urn, news });
      if (mannerOf(urn) === "release")
        return { inputs: namedRelease(nameOf(urn), news, olds), failures: shape(urn, news) };
      const inputs = namedObject(nameOf(urn), news, olds);
      const kind = cluster.kind(kindOf(inputs)) ?? { scope: "namespaced" };
      return { inputs, failures: [...shape(urn, news), ...checkManifest(inputs, kind, cloud.secrets())] };
    },
    async diff(_id: string, urn: string, _olds: Values, news: Values) {
      const { oldInputs } = request();
      const changes = changedPaths(oldInputs, news, replacePaths(urn, news, own));
      if (changes.length > 0) write({ note: "changes", urn, changes });
      const replaces = changes.filter((change) => change.replaces).map(({ property }) => property);
      const deleteBeforeReplace = replaces.length > 0 && keepsName(oldInputs, news);
      return { changes: changes.length > 0, replaces, deleteBeforeReplace };
    },
    async create(urn: string, inputs: Values) {
      if (request().preview) return { id: "", outs: { ...inputs, status: UNKNOWN } };
      return { id: cluster.add(urn, mannerOf(urn), inputs), outs: stateOf(urn, inputs) };
    },
    async update(id: string, urn: string, olds: Values, news: Values) {
      if (!request().preview) cluster.update(urn, mannerOf(urn), id, news);
      return { outs: { ...stateOf(urn, news), status: olds["status"] } };
    },
    async read(id: string, urn: string, props: Values) {
      return cluster.has(mannerOf(urn), id, props) ? { id, props } : { id: "", props: {} };
    },
    async delete(id: string, urn: string, props: Values) {
      cluster.remove(mannerOf(urn), id, props);
    },
    invoke: noFunctions,
  };
}

/** A cluster's name is the provider's identifier, else a digest of all its inputs. */
const clusterName = (args: Values) => {
  const digest = createHash("sha256").update(canonical(args)).digest("hex");
  return args["clusterIdentifier"] === undefined ? digest.slice(0, 12) : text(args["clusterIdentifier"]);
};

function mannerOf(urn: string): Manner {
  const type = typeOf(urn);
  if (type === release) return "release";
  return type.endsWith("Patch") ? "patch" : "object";
}

const stateOf = (urn: string, inputs: Values) =>
  mannerOf(urn) === "release" ? installed(inputs) : live(inputs);

const required = (values: Values) =>
  ["apiVersion", "kind", "metadata"]
    .filter((key) => values[key] === undefined)
    .map((key) => refuse(key, "required, and missing"));

function replacePaths(urn: string, values: Values, own: Values): string[] {
  if (mannerOf(urn) === "release") return ["name", "namespace"];
  const kind = kindOf(values);
  const mutable = kind === "v1/ConfigMap" && String(own["enableConfigMapMutable"]) === "true";
  return ["metadata.name", "metadata.namespace", ...(mutable ? [] : (kinds[kind]?.replace ?? []))];
}
