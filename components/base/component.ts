import * as pulumi from "@pulumi/pulumi";

/** Type token of a component: `plinth:<layer>:<Class>`. */
export type ComponentType = `plinth:${string}:${string}`;

/** A group of resources. Each child is registered with `this.child(…)` as name and `this.inside` as options. */
export abstract class Component extends pulumi.ComponentResource {
  constructor(
    type: ComponentType,
    protected readonly componentName: string,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(type, componentName, {}, opts);
  }

  /** Name of a child: it starts with its parent's. Parts are map keys or indexes, never display text. */
  protected child(...parts: readonly (string | number)[]): string {
    return [this.componentName, ...parts].join("-");
  }

  /** Options of a child: inside this component, with its providers. */
  protected get inside(): { parent: pulumi.Resource } {
    return { parent: this };
  }
}
