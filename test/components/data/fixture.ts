import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Context } from "../../../components/base/context";
import type { StoreNetwork } from "../../../components/network/data-network";
import type { StoreOutputs } from "../../../components/base/store";
import { previewProgram, type Recording } from "../../../preview/run-program";

/** Context of a component under test. */
export const context = (protect: boolean, disposable = !protect): Context => ({
  prefix: "plinth-test",
  accountId: "123456789012",
  region: "ap-northeast-2",
  protect,
  tags: { Project: "plinth", Environment: "test", Owner: "platform team", CostCenter: "1000" },
  disposable,
  serviceLogDays: 90,
});

export const keyArn = "arn:aws:kms:ap-northeast-2:123456789012:key/data";
export const logsKeyArn = "arn:aws:kms:ap-northeast-2:123456789012:key/logs";

/** Network of a data store under test. */
export const network = {
  vpcId: "vpc",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  zones: ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"],
  securityGroupId: "sg-data",
  nodeSecurityGroupId: "sg-nodes",
} satisfies StoreNetwork;

/** A component with store outputs. */
interface Store {
  readonly outputs: StoreOutputs;
}
type Make<S> = (opts: pulumi.ComponentResourceOptions) => S;

const withProviders = <S>(make: Make<S>): S =>
  make({
    providers: {
      aws: new aws.Provider("aws", { region: "ap-northeast-2" }),
      random: new random.Provider("random"),
      kubernetes: new k8s.Provider("kubernetes", { clusterIdentifier: "test" }),
    },
  });

/** What a preview of the component registers, and the component. */
export async function preview<S extends Store>(make: Make<S>): Promise<{ recording: Recording; store: S }> {
  const made: S[] = [];
  const recording = await previewProgram(() => void made.push(withProviders(make)));
  const [store] = made;
  if (store === undefined) throw new Error("the program made nothing");
  return { recording, store };
}

export type Inputs = Record<string, unknown>;

/** Outputs of a created resource that the components read. */
const told = (name: string): Inputs => ({
  name,
  address: `${name}.rds.test`,
  endpoint: `${name}.proxy.test`,
  primaryEndpointAddress: `${name}.cache.test`,
  configurationEndpointAddress: `${name}.configuration.test`,
  // The engine marks these two; the SDK's mock monitor doesn't.
  result: pulumi.secret(`generated${name.replaceAll("-", "")}`),
  bcryptHash: pulumi.secret(`hash${name.replaceAll("-", "")}`),
  secret: pulumi.secret("some+secret+key"),
  hex: "0a1b2c",
  arn: `arn:${name}`,
  dkimSigningAttributes: { tokens: ["one", "two", "three"] },
});

/** Inputs of each resource by name, as an `up` would send them: everything is known. */
export async function created(make: Make<Store>): Promise<Map<string, Inputs>> {
  const inputs = new Map<string, Inputs>();
  const newResource = (args: pulumi.runtime.MockResourceArgs) => {
    inputs.set(args.name, args.inputs as Inputs);
    return { id: `${args.name}-id`, state: { ...told(args.name), ...(args.inputs as Inputs) } };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "plinth", "test", false);
  await pulumi.runtime.runInPulumiStack(async () => void withProviders(make));
  await pulumi.runtime.disconnect();
  return inputs;
}

/** The value of an input that was sent as a secret; throws if it was sent in clear text. */
export function revealed(input: unknown): unknown {
  const isSecret =
    typeof input === "object" &&
    input !== null &&
    (input as Inputs)[pulumi.runtime.specialSigKey] === pulumi.runtime.specialSecretSig;
  if (!isSecret) throw new Error(`sent in clear: ${JSON.stringify(input)}`);
  return (input as { value: unknown }).value;
}

/** JSON properties of a store's Secrets Manager entry, as an `up` would write them. */
export async function entryOf(make: Make<Store>, name: string): Promise<Record<string, string>> {
  const version = (await created(make)).get(name);
  if (version === undefined) throw new Error(`no resource ${name}`);
  return JSON.parse(String(revealed(version.secretString))) as Record<string, string>;
}

/** Everything in `value` that wasn't sent as a secret, as text. */
export function inClear(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== "object" || inner === null) return inner;
    return (inner as Inputs)[pulumi.runtime.specialSigKey] === pulumi.runtime.specialSecretSig
      ? "[secret]"
      : inner;
  });
}
