import type { Cloud } from "./cloud";
import { refuse, type Failure, type Rule } from "./rule";
import { at, reveal, texts, UNKNOWN, type Values } from "./wire";

/** Texts that can only be ids: `vpc-0123456789abcdef0`. */
const idPattern = /^(vpc|subnet|sg|sgr|igw|nat|rtb|rtbassoc|eipalloc|vpce|eni|acl|fl|fs|fsap)-[0-9a-f]{17}$/;

/** ARN of a single resource in an account, or of a bucket; not AWS's own, and without wildcards. */
const arnPattern = /^arn:aws[a-z-]*:(s3:::[^/*]+|[^:*]*:[^:*]*:\d{12}:[^*]+)$/;

/** The account as a principal: `arn:aws:iam::123456789012:root`. */
const rootPattern = /^arn:aws[a-z-]*:iam::\d{12}:root$/;

/** Resources that AWS creates in every account, such as the parameter group `default.postgres17`. */
const ownPattern = /^default\./;

/** Names by which other resources may refer to this one. */
export function namesOf(id: string, state: Values, rule: Rule): string[] {
  const plain = reveal(state) as Values;
  const name = rule.name === undefined ? undefined : plain[rule.name.property];
  const names = [id, plain["arn"], name].filter(
    (text): text is string => typeof text === "string" && text !== "",
  );
  return [...new Set(names)];
}

/** Resources that a resource's inputs refer to, and the missing ones. */
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
      const types = [type].flat();
      const known = types.find((each) => cloud.goesBy(each, name));
      named.add(name);
      if (known !== undefined) uses.add(`${known} ${name}`);
      else missing.push(refuse(path, `${types.join(" or ")} "${name}" doesn't exist`));
    }
  for (const [path, text] of [...texts(plain)].flatMap(listed)) {
    if (named.has(text) || !namesOneThing(text) || free.some((prefix) => path.startsWith(prefix))) continue;
    uses.add(text);
    if (!cloud.knows(text)) missing.push(refuse(path, `nothing has the name "${text}"`));
  }
  return { uses: [...uses], missing };
}

/** Splits a text that lists several values, such as an environment variable. */
const listed = ([path, text]: [string, string]) => text.split(",").map((part) => [path, part] as const);

const namesOneThing = (text: string) =>
  idPattern.test(text) || (arnPattern.test(text) && !rootPattern.test(text));

/** The parsed documents, by input. Unknown ones are empty. */
function documentsOf(plain: Values, rule: Rule): Values {
  const texts = (rule.documents ?? []).flatMap((property) => {
    const text = plain[property];
    return typeof text === "string" && text !== UNKNOWN ? [[property, JSON.parse(text)] as const] : [];
  });
  return Object.fromEntries(texts);
}
