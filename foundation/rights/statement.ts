import type * as aws from "@pulumi/aws";
import type { Context } from "../../components/base/context";

export type Statement = aws.iam.PolicyStatement;

/** The environment that a role's statements apply to. */
export type Place = Pick<Context, "prefix" | "accountId" | "region"> & {
  /** Region of copies. Default: none. */
  readonly secondRegion?: string | undefined;
};
