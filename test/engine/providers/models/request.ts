import { isObject, UNKNOWN, type Values } from "../wire";
import type { Call } from "./call";
import { inputOf, shapeOf, type ModelShape } from "./model";

/** The call's parameters, with the API's names. */
export interface Request {
  readonly values: Values;
  /** The property of each member, by the member's path. */
  readonly origins: ReadonlyMap<string, string>;
  /** Properties, by path, without a member in the call. */
  readonly unmapped: readonly string[];
}

/** `name` within `path`. */
export const within = (path: string, name: string) => (path === "" ? name : `${path}.${name}`);

/** Members for lists of tags, in addition to `Tags`. */
const tagMembers: Readonly<Record<string, string>> = { TagSpecifications: "TagSpecifications.Tags" };

/** Converts a resource's inputs (without secrets' wrappers) to a call. */
export function requestOf(call: Call, inputs: Values): Request {
  const origins = new Map<string, string>();
  const unmapped: string[] = [];

  const structure = (values: Values, name: string, property: string, path: string): Values => {
    const { members = {} } = shapeOf(call.service, name);
    const made: Values = {};
    for (const [key, value] of Object.entries(values)) {
      if (value === undefined || value === null || key.startsWith("__")) continue;
      const own = within(property, key);
      const member =
        property === "" && !(call.only?.includes(key) ?? true) ? undefined : find(own, key, members);
      if (member === undefined) unmapped.push(own);
      else place(made, member.split("."), name, value, own, path);
    }
    return made;
  };

  const find = (property: string, key: string, members: Readonly<Record<string, string>>) => {
    const listed = call.members?.[property];
    if (listed !== undefined) return listed;
    const named = Object.keys(members).find((member) => sameName(member, key));
    if (named !== undefined || key !== "tags") return named;
    return Object.entries(tagMembers).find(([member]) => members[member] !== undefined)?.[1];
  };

  /** Sets a member, and creates the structures and lists of its path. */
  const place = (
    target: Values,
    [key = "", ...rest]: readonly string[],
    name: string,
    value: unknown,
    property: string,
    path: string,
  ): void => {
    const inner = memberOf(shapeOf(call.service, name), key, call, name);
    const at = within(path, key);
    if (rest.length === 0) {
      origins.set(at, property);
      target[key] = convert(value, inner, property, at);
      return;
    }
    const shape = shapeOf(call.service, inner);
    if (shape.type === "list") {
      const [item] = (target[key] ??= [{}]) as Values[];
      place(item as Values, rest, shape.item ?? "", value, property, at);
    } else place((target[key] ??= {}) as Values, rest, inner, value, property, at);
  };

  const convert = (value: unknown, name: string, property: string, path: string): unknown => {
    const shape = shapeOf(call.service, name);
    if (value === UNKNOWN) return value;
    if (shape.type === "list") {
      const item = shape.item ?? "";
      const pair = isObject(value) ? pairOf(shapeOf(call.service, item)) : undefined;
      if (pair !== undefined && isObject(value))
        return Object.entries(value).map(([key, each]) => ({ [pair[0]]: key, [pair[1]]: each }));
      const items = Array.isArray(value) ? value : [value];
      return items.map((each) => convert(each, item, property, path));
    }
    const key = call.keys?.[property];
    if (shape.type === "map" && Array.isArray(value) && key !== undefined)
      return Object.fromEntries(
        value.filter(isObject).map(({ [key]: name, ...rest }) => [
          String(name),
          // The provider has blocks of a key and a value where the call has a map of texts.
          shapeOf(call.service, shape.value ?? "").type === "string"
            ? rest.value
            : structure(rest, shape.value ?? "", property, within(path, String(name))),
        ]),
      );
    if (shape.type === "structure") {
      const { Items: items, Quantity: quantity } = shape.members ?? {};
      // CloudFront's lists contain their length.
      if (Array.isArray(value) && items !== undefined && quantity !== undefined)
        return { Quantity: value.length, Items: convert(value, items, property, within(path, "Items")) };
      // The provider has a list of one block where the call has the structure itself.
      const [block, ...others] = Array.isArray(value) ? (value as unknown[]) : [value];
      if (isObject(block) && others.length === 0) return structure(block, name, property, path);
      const [only, ...more] = Object.keys(shape.members ?? {});
      return only === undefined || more.length > 0 ? value : { [only]: value };
    }
    return shape.type === "string" && typeof value === "object" ? JSON.stringify(value) : value;
  };

  const values = structure(inputs, inputOf(call.service, call.operation), "", "");
  return { values, origins, unmapped };
}

function memberOf(shape: ModelShape, key: string, call: Call, name: string): string {
  const member = shape.type === "map" ? shape.value : shape.members?.[key];
  if (member === undefined) throw new Error(`${call.service} ${call.operation}: ${name} has no ${key}`);
  return member;
}

/** The members of a structure with a name and a value, such as a tag. */
function pairOf({ members = {} }: ModelShape): [key: string, value: string] | undefined {
  const names = Object.keys(members);
  const key = names.find((name) => /(key|name)$/i.test(name));
  const value = names.find((name) => /value$/i.test(name));
  return names.length === 2 && key !== undefined && value !== undefined ? [key, value] : undefined;
}

/** `multiAz` is `MultiAZ`, `transitions` is `Transition`, `auths` is `Auth`. */
function sameName(member: string, property: string): boolean {
  const [one, other] = [member.toLowerCase(), property.toLowerCase()];
  return one === other || `${one}s` === other || one === `${other}s`;
}
