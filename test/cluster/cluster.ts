import type { Client, Reply, RequestOptions } from "./client";
import { ApiError } from "./client";
import type { KubeObject, List } from "./types";

/** Identifies an object by the fields of its manifest. */
export interface Ref {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

interface Resource {
  plural: string;
  namespaced: boolean;
}

const DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** The server's API by apiVersion and kind instead of by path. */
export class Cluster {
  private readonly resources = new Map<string, Resource>();

  constructor(readonly client: Client) {}

  /** Reads the served APIs; call it again after definitions were added. */
  async discover(): Promise<void> {
    const replies = await Promise.all(
      ["/api", "/apis"].map((path) => this.client.request<DiscoveryList>("GET", path, { accept: DISCOVERY })),
    );
    this.resources.clear();
    for (const [key, resource] of replies.flatMap(({ body }) => readDiscovery(body))) {
      this.resources.set(key, resource);
    }
  }

  /** Whether the server serves this kind and version. */
  serves(apiVersion: string, kind: string): boolean {
    return this.resources.has(`${apiVersion} ${kind}`);
  }

  isNamespaced(apiVersion: string, kind: string): boolean {
    return this.resource(apiVersion, kind).namespaced;
  }

  async get<T extends KubeObject>(ref: Ref): Promise<T> {
    return (await this.client.request<T>("GET", this.path(ref))).body;
  }

  /** The object, or undefined if it doesn't exist. */
  async find<T extends KubeObject>(ref: Ref): Promise<T | undefined> {
    try {
      return await this.get<T>(ref);
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  }

  /** All objects of a kind, in one namespace or all. Sets apiVersion and kind, which lists omit. */
  async list<T extends KubeObject>(apiVersion: string, kind: string, namespace?: string): Promise<T[]> {
    const { body } = await this.client.request<List<T>>("GET", this.collection(apiVersion, kind, namespace));
    return body.items.map((item) => ({ ...item, apiVersion, kind }));
  }

  /** Server-side apply with strict validation; unless forced, it never takes over another manager's field. */
  apply(
    object: KubeObject,
    options: { manager: string; dryRun?: boolean; force?: boolean },
  ): Promise<Reply<KubeObject>> {
    return this.client.request("PATCH", this.path(object), {
      contentType: "application/apply-patch+yaml",
      query: {
        fieldManager: options.manager,
        fieldValidation: "Strict",
        force: String(options.force ?? false),
        ...(options.dryRun && { dryRun: "All" }),
      },
      body: object,
    });
  }

  create(
    object: KubeObject,
    options: { dryRun?: boolean } & RequestOptions = {},
  ): Promise<Reply<KubeObject>> {
    const { dryRun, ...rest } = options;
    const path = this.collection(object.apiVersion, object.kind, object.metadata.namespace);
    return this.client.request("POST", path, {
      ...rest,
      query: { fieldValidation: "Strict", ...(dryRun && { dryRun: "All" }) },
      body: object,
    });
  }

  /** JSON merge patch of the object or one of its subresources. */
  async patch(ref: Ref, body: unknown, subresource = ""): Promise<void> {
    const contentType = "application/merge-patch+json";
    await this.client.request("PATCH", this.path(ref) + subresource, { contentType, body });
  }

  /** Deletes the object, and its dependents in the background. */
  async delete(ref: Ref): Promise<void> {
    await this.client.request("DELETE", this.path(ref), { query: { propagationPolicy: "Background" } });
  }

  /** Evicts a pod; if a disruption budget refuses, the status is 429. */
  async evict(pod: { metadata: { name: string; namespace?: string } }): Promise<void> {
    const { name, namespace } = pod.metadata;
    const path = this.path({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace } });
    const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
    await this.client.request("POST", `${path}/eviction`, { body });
  }

  path({ apiVersion, kind, metadata }: Ref): string {
    return `${this.collection(apiVersion, kind, metadata.namespace)}/${encodeURIComponent(metadata.name)}`;
  }

  private collection(apiVersion: string, kind: string, namespace?: string): string {
    const { plural, namespaced } = this.resource(apiVersion, kind);
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    return namespaced && namespace !== undefined
      ? `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`
      : `${root}/${plural}`;
  }

  private resource(apiVersion: string, kind: string): Resource {
    const found = this.resources.get(`${apiVersion} ${kind}`);
    // kubectl's message, since no request can be made.
    if (!found)
      throw new ApiError(404, "NotFound", `no matches for kind "${kind}" in version "${apiVersion}"`);
    return found;
  }
}

interface DiscoveryList {
  items: {
    metadata: { name?: string };
    versions: {
      version: string;
      resources?: { resource: string; responseKind?: { kind: string }; scope: string }[];
    }[];
  }[];
}

function readDiscovery({ items }: DiscoveryList): [string, Resource][] {
  return items.flatMap(({ metadata, versions }) =>
    // An aggregated API has no resources until its server responds.
    versions.flatMap(({ version, resources = [] }) =>
      resources.map(({ resource, responseKind, scope }): [string, Resource] => {
        const apiVersion = metadata.name ? `${metadata.name}/${version}` : version;
        const key = `${apiVersion} ${responseKind?.kind ?? resource}`;
        return [key, { plural: resource, namespaced: scope === "Namespaced" }];
      }),
    ),
  );
}
