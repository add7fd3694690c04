import type { Cloud } from "./cloud";
import { refuse, type Failure, type Rule } from "./rule";
import { at, reveal, texts, UNKNOWN, type Values } from "./wire";

/** Texts that can only be the id of something: `vpc-0123456789abcdef0`. */
const idPattern = /^(vpc|subnet|sg|sgr|igw|nat|rtb|rtbassoc|eipalloc|vpce|eni|acl|fl|fs|fsap)-[0-9a-f]{17}$/;

/** The ARN of one thing of an account, or of a bucket; AWS's own and those with a wildcard name no one thing. */
const arnPattern = /^arn:aws[a-z-]*:(s3:::[^/*]+|[^:*]*:[^:*]*:\d{12}:[^*]+)$/;

/** The account as a principal: `arn:aws:iam::123456789012:root`. */
const rootPattern = /^arn:aws[a-z-]*:iam::\d{12}:root$/;

/** What AWS itself makes in every account, such as the parameter group `default.postgres17`. */
const ownPattern = /^default\./;

/** By what other things may name this one. */
export function namesOf(id: string, state: Values, rule: Rule): string[] {
  const plain = reveal(state) as Values;
  const name = rule.name === undefined ? undefined : plain[rule.name.property];
  const names = [id, plain["arn"], name].filter(
    (text): text is string => typeof text === "string" && text !== "",
  );
  return [...new Set(names)];
}

/** What a resource's inputs refer to, and what of it doesn't exist. */
export function usesOf(inputs: Values, rule: Rule, cloud: Cloud): { uses: string[]; missing: Failure[] } {
  const plain = reveal(inputs) as Values;
  const read = { ...plain, ...documentsOf(plain, rule) };
  const free = [...(rule.free ?? []), ...(rule.documents ?? [])];
  const uses = new Set<string>();
  const named = new Set<string>();
  const missing: Failure[] = [];
  for (const [path, type] of Object.entries(rule.refs ?? {}))
    for (const name of at(read, path)) {
      if (typeof name !== "string" || name === "" || name === UNKNOWN || ownPattern.test(name)) continue;
      uses.add(`${type} ${name}`);
      named.add(name);
      if (!cloud.goesBy(type, name)) missing.push(refuse(path, `${type} "${name}" doesn't exist`));
    }
  for (const [path, text] of [...texts(plain)].flatMap(listed)) {
    if (named.has(text) || !namesOneThing(text) || free.some((prefix) => path.startsWith(prefix))) continue;
    uses.add(text);
    if (!cloud.knows(text)) missing.push(refuse(path, `nothing has the name "${text}"`));
  }
  return { uses: [...uses], missing };
}

/** One text that lists several things, as environment variables do, as several. */
const listed = ([path, text]: [string, string]) => text.split(",").map((part) => [path, part] as const);

const namesOneThing = (text: string) =>
  idPattern.test(text) || (arnPattern.test(text) && !rootPattern.test(text));

/** The documents as what they say, by input. Those that aren't known yet say nothing. */
function documentsOf(plain: Values, rule: Rule): Values {
  const texts = (rule.documents ?? []).flatMap((property) => {
    const text = plain[property];
    return typeof text === "string" && text !== UNKNOWN ? [[property, JSON.parse(text)] as const] : [];
  });
  return Object.fromEntries(texts);
}
