import type { Registration, OutputsOf } from "../../../preview/monitor";
import type { Recording } from "../../../preview/run-program";
import type { WireObject } from "../../../preview/wire";
import type { FoundationSettings, Settings } from "../../../config";
import { fill } from "../../engine/providers/answer";
import { awsRules } from "../../engine/providers/rules/aws";
import type { Values } from "../../engine/providers/wire";
import { catalog } from "../../../systems";
import { foundationWith } from "../foundations";
import { keptRecording } from "../kept-recordings";
import { recordingWith } from "../recordings";
import { settingsOf, stackConfig, type Stack } from "../stacks";

/** Parts of an identifier that AWS generates. Here the resource's own name replaces them. */
const random = /\{(uuid|hex\d+|digits\d+)\}/g;

/** The id, the ARN and the name of each AWS resource, in the form that the in-memory provider's rules have. */
const identified =
  (region: string, account: string): OutputsOf =>
  ({ type, name, inputs }: Registration) => {
    const rule = awsRules[type];
    if (rule === undefined) return undefined;
    const made: Values = { region, account, name, identifier: name, ...rule.defaults, ...(inputs as Values) };
    // Readers of entries name them before they exist, with a wildcard for the six characters that AWS appends.
    const madeUp = type === "aws:secretsmanager/secret:Secret" ? "??????" : name;
    const text = (template: string) => String(fill(template.replace(random, madeUp), made));
    made.id = text(rule.id);
    if (rule.arn !== undefined) made.arn = text(rule.arn);
    const known = { id: made.id, name: made.name, ...(rule.arn === undefined ? {} : { arn: made.arn }) };
    return known as WireObject;
  };

/** A recording whose policy documents name the ARNs of the resources that they are about. */
export interface Identified {
  readonly recording: Recording;
  readonly account: string;
  readonly region: string;
}

const stacks = new Map<Stack, Promise<Identified & { readonly settings: Settings }>>();

/** A stack, in which each resource has an ARN. Each runs once. */
export function identifiedStack(stack: Stack): Promise<Identified & { readonly settings: Settings }> {
  const known = stacks.get(stack) ?? runStack(stack);
  stacks.set(stack, known);
  return known;
}

async function runStack(stack: Stack): Promise<Identified & { readonly settings: Settings }> {
  const settings = await settingsOf(stack);
  const { id: account, region } = settings.account;
  const recording = await keptRecording(["identified", stack, stackConfig(stack), catalog], () =>
    recordingWith(stack, undefined, { outputsOf: identified(region, account) }),
  );
  return { recording, settings, account, region };
}

const foundations = new Map<string, Promise<Identified & { readonly settings: FoundationSettings }>>();

/** A foundation, in which each resource has an ARN. Each runs once. */
export function identifiedFoundation(
  stack: string,
): Promise<Identified & { readonly settings: FoundationSettings }> {
  const known = foundations.get(stack) ?? runFoundation(stack);
  foundations.set(stack, known);
  return known;
}

async function runFoundation(stack: string): Promise<Identified & { readonly settings: FoundationSettings }> {
  // The run reads the account from its file.
  const { settings } = await foundationWith(stack);
  const { id: account, region } = settings.account;
  const { recording } = await foundationWith(stack, undefined, { outputsOf: identified(region, account) });
  return { recording, settings, account, region };
}
