import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import { defaultPriority, priorities } from "../base/priority";

/** The priority classes. Every pod names one, and a pod whose class doesn't exist is refused. */
export class PriorityClasses extends Component {
  /** Dependencies of namespaces with pods. */
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
        // Immutable fields. Running pods keep their priority.
        replaceOnChanges: ["value", "preemptionPolicy"],
        deleteBeforeReplace: true,
      },
    );
  }
}
