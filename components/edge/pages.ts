import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import { internalPage, type InternalPageArgs } from "./internal-page";

type Shared = Pick<InternalPageArgs, "certificates" | "loadBalancer" | "signOn" | "zones">;

/** A page of one part: its host and Service, and its client's Secret or where that comes from. */
export type Page = Omit<InternalPageArgs, keyof Shared>;

export interface PagesArgs extends Shared {
  /** Pages by the name of their part. */
  readonly pages: Readonly<Record<string, Page>>;
}

/** The team's pages behind the load balancer, with single sign-on. Give it the cluster's Kubernetes provider. */
export class Pages extends Component {
  constructor(name: string, { pages, ...shared }: PagesArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:edge:Pages", name, opts);
    for (const [key, page] of Object.entries(pages)) internalPage(this, key, { ...shared, ...page });
    this.registerOutputs();
  }
}
