import { create, foresee, normalise, type Place } from "./answer";
import { autoname, checkRule, checkShape, encoded, keepsName } from "./check";
import { changes, type Change } from "./diff";
import { namesOf, usesOf } from "./refs";
import { refuse, type Failure, type Rule, type Rules } from "./rule";
import type { ResourceSchema } from "./schema";
import { nameOf, request, typeOf, type Service, type Surroundings } from "./service";
import { reveal, type Values } from "./wire";

/** Cloud-specific behaviour in addition to the table. */
export interface Custom extends Pick<Service, "configure" | "checkConfig" | "replacesConfig"> {
  version: string;
  place: (inputs: Values) => Place;
  /** The inputs after the provider's check; types are checked before, names are generated after. */
  prepare?: (inputs: Values, schema: ResourceSchema) => Values;
  /** Failures of the cloud's API. The inputs are without secrets' wrappers. */
  refused?: (type: string, inputs: Values) => Failure[];
  /** Generated values that must stay secret. */
  secrets?: (type: string, state: Values) => string[];
}

const reject = (failures: readonly Failure[]) =>
  failures.map(({ property, reason }) => `${property}: ${reason}`).join("; ");

/** A provider that follows a table of rules and the SDK's types, and refuses unknown types. */
export function tableProvider(rules: Rules, { cloud, schema, write }: Surroundings, custom: Custom): Service {
  const look = (urn: string): { type: string; rule: Rule; types: ResourceSchema } => {
    const type = typeOf(urn);
    const [rule, types] = [rules[type], schema.resources[type]];
    if (rule === undefined || types === undefined)
      throw new Error(
        `${type}: the in-memory providers don't know it; add a rule in test/engine/providers/rules`,
      );
    return { type, rule, types };
  };

  /** The id that the cloud keeps a resource by. */
  const kept = (id: string, values: Values, { regional = false }: Rule) =>
    regional ? `${custom.place(values).region} ${id}` : id;

  const register = (urn: string, id: string, inputs: Values, state: Values) => {
    const { type, rule } = look(urn);
    const { uses, missing } = usesOf(inputs, rule, cloud);
    if (missing.length > 0) throw new Error(reject(missing));
    const names = namesOf(id, state, rule);
    const thing = { urn, type, id: kept(id, inputs, rule), names, uses };
    if (rule.overwrites?.(reveal(inputs) as Values) === true) cloud.remove(type, thing.id);
    if (!cloud.add(thing)) throw new Error(`${type} "${id}" already exists`);
    for (const secret of custom.secrets?.(type, state) ?? []) cloud.addSecret(secret);
  };

  return {
    ...custom,
    async check(urn: string, olds: Values, news: Values) {
      write({ note: "check", urn, news });
      const { type, rule, types } = look(urn);
      const shape = checkShape(news, types.inputs, schema.objects);
      const prepared = encoded(custom.prepare?.(news, types) ?? news, rule);
      const inputs = rule.name === undefined ? prepared : autoname(prepared, olds, rule.name, nameOf(urn));
      if (inputs !== prepared) write({ note: "name", urn, name: String(inputs[rule.name?.property ?? ""]) });
      // Documents as they were given: even one with unknown parts has a size.
      const given = Object.fromEntries((rule.documents ?? []).map((key) => [key, news[key]]));
      const refused = custom.refused?.(type, reveal({ ...inputs, ...given }) as Values) ?? [];
      return { inputs, failures: [...shape, ...checkRule(inputs, rule), ...refused] };
    },
    async diff(_id: string, urn: string, olds: Values, news: Values) {
      const { rule, types } = look(urn);
      const { oldInputs } = request();
      const found = changes({ state: olds, before: oldInputs, wanted: news }, rule, types);
      if (found.length > 0) write({ note: "changes", urn, changes: reveal(found) as Change[] });
      const replaces = found.filter((change) => change.replaces).map(({ property }) => property);
      const deleteBeforeReplace = replaces.length > 0 && keepsName(oldInputs, news, rule.name);
      return { changes: found.length > 0, replaces, deleteBeforeReplace };
    },
    async create(urn: string, inputs: Values) {
      const { rule, types } = look(urn);
      if (request().preview) return { id: "", outs: foresee(inputs, rule, types) };
      const { id, state } = create(inputs, rule, types, custom.place(inputs));
      register(urn, id, inputs, state);
      return { id, outs: state };
    },
    async update(id: string, urn: string, olds: Values, news: Values) {
      const { type, rule, types } = look(urn);
      const goes = (key: string) => news[key] === undefined && !(types.outputs[key]?.always ?? false);
      const removed = Object.keys(request().oldInputs).filter(goes);
      const stays = Object.fromEntries(Object.entries(olds).filter(([key]) => !removed.includes(key)));
      const state = { ...stays, ...normalise(news, rule) };
      if (request().preview) return { outs: state };
      const there = kept(id, news, rule);
      if (!cloud.has(type, there)) throw new Error(`${type} "${id}" doesn't exist`);
      cloud.remove(type, there);
      register(urn, id, news, state);
      return { outs: state };
    },
    async read(id: string, urn: string, props: Values) {
      const { type, rule } = look(urn);
      return cloud.has(type, kept(id, props, rule)) ? { id, props } : { id: "", props: {} };
    },
    async delete(id: string, urn: string, props: Values) {
      const { type, rule } = look(urn);
      const reason = rule.keep?.(reveal(props) as Values);
      if (reason !== undefined) throw new Error(`${type} "${id}" can't be deleted: ${reason}`);
      const users = rule.held ? cloud.users(type, namesOf(id, props, rule)) : [];
      if (users.length > 0) throw new Error(`${type} "${id}" can't be deleted: ${users.join(", ")} use it`);
      cloud.remove(type, kept(id, props, rule));
    },
  };
}

/** Refuses all functions: the program must not need any. */
export const noFunctions = (token: string) =>
  Promise.resolve({ failures: [refuse("", `${token}: the in-memory providers answer no functions`)] });
