import type { ResourceValidationPolicy } from "@pulumi/policy";
import type { Standard } from "../../standards/demands";
import { hostReader } from "../../standards/host-access";
import { containers, pods, templates } from "../../standards/pods";
import { type Control, onTypes } from "../lib/control";
import { holdTo } from "../lib/must";
import { plain } from "../lib/wire";
import { eachContainer, makesPods, podTemplate, type PodOwner } from "./pods";

const rowsOf = (standard: Standard, { name }: { name: string }) => {
  const rows = standard[name];
  if (rows === undefined) throw new Error(`standards/ makes no demands for ${name}`);
  return rows;
};

/** Whether a policy skips a workload: the log collector, which may read files of the nodes, by name and namespace. */
const isHostReader = (rule: string, type: string, { metadata }: PodOwner) =>
  type.endsWith(`:${hostReader.kind}`) &&
  metadata?.namespace === hostReader.namespace &&
  metadata.name === hostReader.workload &&
  (hostReader.rules as readonly string[]).includes(rule);

/** A policy for each container of all workload kinds. Its demands are under its name in `standards/pods.ts`. */
export function onEachContainer(control: Control): ResourceValidationPolicy {
  const rows = rowsOf(containers, control);
  return onTypes<PodOwner>(makesPods, control, (props, { args, report }) => {
    const owner = plain(props) as PodOwner;
    const spec = podTemplate(args.type, owner)?.spec;
    if (spec === undefined || isHostReader(control.name, args.type, owner)) return;
    eachContainer(spec, ({ container, place }) =>
      holdTo(container, rows, (message) => report(`${place}: ${message}`), spec),
    );
  });
}

/** A policy for the pods of all workload kinds. */
export function onEachPod(control: Control): ResourceValidationPolicy {
  const rows = rowsOf({ ...pods, ...templates }, control);
  return onTypes<PodOwner>(makesPods, control, (props, { args, report }) => {
    const owner = plain(props) as PodOwner;
    const spec = podTemplate(args.type, owner)?.spec;
    if (spec === undefined || isHostReader(control.name, args.type, owner)) return;
    holdTo(spec, rows, report);
  });
}

/** A policy for objects of some types, with demands of `standard`. */
export function onObjects(
  types: (type: string) => boolean,
  standard: Standard,
  control: Control,
): ResourceValidationPolicy {
  const rows = rowsOf(standard, control);
  return onTypes<object>(types, control, (props, { report }) => holdTo(plain(props), rows, report));
}
