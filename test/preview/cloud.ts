import * as pulumi from "@pulumi/pulumi";

/** The type of {@link Thing}. */
export const THING = "cloud:index:Thing";

/** The provider of an invented cloud. */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, opts?: pulumi.ResourceOptions) {
    super("cloud", name, {}, opts);
  }
}

/** A resource of that cloud; its three outputs are inputs too. */
export class Thing extends pulumi.CustomResource {
  declare readonly endpoint: pulumi.Output<string>;
  declare readonly size: pulumi.Output<number>;
  declare readonly key: pulumi.Output<string>;
  constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(THING, name, { endpoint: undefined, key: undefined, size: undefined, ...args }, opts);
  }
}

/** The relevant part of a Kubernetes object. */
export class ConfigMap extends pulumi.CustomResource {
  declare readonly metadata: pulumi.Output<{ name: string }>;
  constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super("kubernetes:core/v1:ConfigMap", name, args, opts);
  }
}

/** A component that registers what `build` returns as its outputs. */
export class Group extends pulumi.ComponentResource {
  constructor(name: string, build: (parent: Group) => pulumi.Inputs, opts?: pulumi.ComponentResourceOptions) {
    super("test:group:Group", name, {}, opts);
    this.registerOutputs(build(this));
  }
}
