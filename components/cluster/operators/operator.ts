import type * as pulumi from "@pulumi/pulumi";
import { ChartOperator, type ChartOperatorArgs } from "./chart-operator";

/** An operator that needs nothing but its chart. */
export class Operator extends ChartOperator {
  constructor(name: string, args: ChartOperatorArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:Operator", name, args, opts);
    this.registerOutputs();
  }
}
