import type { Place } from "./answer";
import { refusedByModels } from "./models/conform";
import { awsRules } from "./rules/aws";
import { refuse, type Rules } from "./rule";
import type { PackageSchema, ResourceSchema } from "./schema";
import type { Service, Surroundings } from "./service";
import { noFunctions, tableProvider } from "./table";
import { isObject, mapValues, reveal, type Values } from "./wire";

const regionPattern = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** `@pulumi/aws` in memory. Its account is the one that the provider is limited to, since there are no credentials. */
export function awsProvider(version: string, surroundings: Surroundings): Service {
  let own: Values = {};
  const regionOf = (inputs: Values) => String(reveal(inputs["region"]) ?? own["region"]);
  const place = (inputs: Values): Place => ({
    region: regionOf(inputs),
    account: String((own["allowedAccountIds"] as unknown[])[0]),
  });
  return {
    ...tableProvider(taggable(surroundings.schema), surroundings, {
      version,
      configure: (args) => void (own = args),
      checkConfig,
      replacesConfig: (key) => key === "region",
      place,
      prepare: (inputs, schema) => withTags(inputs, schema, own),
      refused: refusedByModels,
      secrets: (type, state) => (secretOutputs[type] ?? []).map((key) => String(reveal(state[key]))),
    }),
    invoke: (token, args: Values) =>
      token === "aws:lb/getLoadBalancer:getLoadBalancer"
        ? Promise.resolve({ outputs: loadBalancer(args, place(args)) })
        : noFunctions(token),
  };
}

/** A load balancer that the cluster created: only its name is known here. */
function loadBalancer({ name }: Values, { region, account }: Place): Values {
  const arnSuffix = `app/${String(name)}/0123456789abcdef`;
  const arn = `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/${arnSuffix}`;
  return { id: arn, arn, arnSuffix, name };
}

/** The table, with the tags that AWS returns for every taggable resource. */
function taggable({ resources }: PackageSchema): Rules {
  return mapValues(awsRules, (rule, type) => {
    if (resources[type]?.outputs["tagsAll"] === undefined) return rule;
    const { answer = (values: Values) => values } = rule;
    return { ...rule, answer: (values) => ({ ...answer(values), tagsAll: values["tags"] ?? {} }) };
  });
}

/** Outputs that AWS generates and that must stay secret. */
const secretOutputs: Readonly<Record<string, readonly string[]>> = {
  "aws:iam/accessKey:AccessKey": ["secret", "sesSmtpPasswordV4"],
};

function checkConfig(args: Values) {
  const failures = [];
  const region = args["region"];
  const accounts = args["allowedAccountIds"];
  if (typeof region === "string" && !regionPattern.test(region))
    failures.push(refuse("region", `"${region}" isn't a region`));
  if (region === undefined) failures.push(refuse("region", "required: nothing else says where"));
  if (!Array.isArray(accounts) || accounts.length !== 1 || !/^\d{12}$/.test(String(accounts[0])))
    failures.push(refuse("allowedAccountIds", "required: the id of the one account that may be touched"));
  return failures;
}

/** The provider adds its default tags to every taggable resource. */
function withTags(inputs: Values, schema: ResourceSchema, own: Values): Values {
  const defaults = isObject(own["defaultTags"]) ? own["defaultTags"]["tags"] : undefined;
  if (schema.inputs["tags"] === undefined || schema.outputs["tagsAll"] === undefined || !isObject(defaults))
    return inputs;
  const given = isObject(inputs["tags"]) ? inputs["tags"] : {};
  return { ...inputs, tags: { ...defaults, ...given } };
}
