import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import { defaultPriority, priorities } from "../base/priority";

/** The classes that every pod names one of: a pod whose class isn't there is refused. */
export class PriorityClasses extends Component {
  /** What a namespace with pods waits for. */
  readonly classes: readonly pulumi.Resource[];

  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:PriorityClasses", name, opts);
    this.classes = Object.entries(priorities).map(([key, priority]) => this.priorityClass(key, priority));
    this.registerOutputs();
  }

  private priorityClass(
    key: string,
    { name, value, preempts, description }: (typeof priorities)[keyof typeof priorities],
  ): pulumi.Resource {
    return new k8s.scheduling.v1.PriorityClass(
      this.child(key),
      {
        metadata: { name },
        value,
        preemptionPolicy: preempts ? "PreemptLowerPriority" : "Never",
        globalDefault: name === defaultPriority,
        description,
      },
      {
        ...this.inside,
        // The API server refuses to change them. Pods that run keep what they were given.
        replaceOnChanges: ["value", "preemptionPolicy"],
        deleteBeforeReplace: true,
      },
    );
  }
}
