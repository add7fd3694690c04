import * as pulumi from "@pulumi/pulumi";

/** Type token of a component: `plinth:<layer>:<Class>`. */
export type ComponentType = `plinth:${string}:${string}`;

/**
 * A group of resources. A child is registered with the name `child(…)` and the options `inside`, either by the
 * component or by a function that takes the component as `parent` and the child's `key`.
 */
export abstract class Component extends pulumi.ComponentResource {
  constructor(
    type: ComponentType,
    readonly componentName: string,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(type, componentName, {}, opts);
  }

  /**
   * Name of a child: its parent's name and the parts, joined by `-`. Parts are map keys or indexes, never display text.
   */
  child(...parts: readonly (string | number)[]): string {
    return [this.componentName, ...parts].join("-");
  }

  /** Options of a child: this component as parent, which also passes on its providers. */
  get inside(): { parent: pulumi.Resource } {
    return { parent: this };
  }
}
