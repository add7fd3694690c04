import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { SignOnSettings } from "../../config";
import type { Component } from "../base/component";
import { externalSecret, type SecretStore } from "../base/external-secret";
import { secretStore } from "../base/secret-store";

/** Secret with the OpenID Connect client, and its keys: the load balancer's controller requires these names. */
export const clientSecret = { name: "sign-on", id: "clientID", secret: "clientSecret" } as const;

/** The store that the client is read through, for the namespaces of pages alone. */
export const signOnStore = (
  parent: Component,
  key: string,
  args: {
    readonly region: string;
    readonly role: pulumi.Input<string>;
    readonly namespaces: readonly string[];
    /** The External Secrets Operator. */
    readonly operator: pulumi.Resource;
  },
): SecretStore => secretStore(parent, key, { storeName: "sign-on", ...args });

/** The client as a Secret of a namespace. */
export const signOnSecret = (
  parent: Component,
  key: string,
  args: {
    readonly settings: SignOnSettings;
    readonly store: SecretStore;
    readonly namespace: string;
    readonly waitsFor: readonly pulumi.Resource[];
  },
): pulumi.Resource =>
  externalSecret(parent, key, {
    secret: clientSecret.name,
    namespace: args.namespace,
    store: args.store,
    data: [clientSecret.id, clientSecret.secret].map((property) => ({
      secretKey: property,
      remoteRef: { key: args.settings.client, property },
    })),
    waitsFor: args.waitsFor,
  }).resource;

/**
 * Lets EKS Auto Mode's load balancer controller read the client, which its own permissions don't include. Source: EKS
 * user guide, grant the load balancer controller access to a specific Secret.
 */
export function signOnRights(
  parent: Component,
  key: string,
  args: { readonly namespace: string; readonly waitsFor: readonly pulumi.Resource[] },
): pulumi.Resource {
  const metadata = { name: "load-balancer-reads-sign-on", namespace: args.namespace };
  const role = new k8s.rbac.v1.Role(
    parent.child(key),
    {
      metadata,
      rules: [
        { apiGroups: [""], resources: ["secrets"], resourceNames: [clientSecret.name], verbs: ["get"] },
      ],
    },
    { ...parent.inside, dependsOn: [...args.waitsFor] },
  );
  return new k8s.rbac.v1.RoleBinding(
    parent.child(key, "binding"),
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
      subjects: [{ kind: "Group", name: "eks:managed", apiGroup: "rbac.authorization.k8s.io" }],
    },
    { ...parent.inside, dependsOn: [role] },
  );
}

/** Session timeout in hours. AWS' default is seven days. */
const sessionHours = 12;

/**
 * Annotations with which the load balancer authenticates every request before it reaches a pod. The provider must know
 * `https://<host>/oauth2/idpresponse` as a redirect address. Source: AWS Load Balancer Controller, authentication.
 */
export function signOnAnnotations(settings: SignOnSettings): Record<string, string> {
  const { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint } = settings;
  const provider = { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint };
  const key = (name: string) => `alb.ingress.kubernetes.io/${name}`;
  return {
    [key("auth-type")]: "oidc",
    [key("auth-idp-oidc")]: JSON.stringify({ ...provider, secretName: clientSecret.name }),
    [key("auth-scope")]: settings.scopes.join(" "),
    [key("auth-on-unauthenticated-request")]: "authenticate",
    [key("auth-session-timeout")]: String(sessionHours * 3600),
  };
}
