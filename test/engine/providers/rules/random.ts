import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { refuse, type Rule, type Rules } from "../rule";
import type { Values } from "../wire";

/** A unique text of letters and digits. */
function madeUp(length: number): string {
  return `Canary0${randomBytes(length).toString("hex")}`.slice(0, length);
}

const length = (values: Values) =>
  Number(values["length"]) >= 1 ? [] : [refuse("length", "must be 1 or more")];

/** Any changed input replaces a random value: that is the purpose of `keepers`. */
const text: Rule = {
  id: "{hex16}",
  replace: [
    "keepers",
    "length",
    "special",
    "upper",
    "lower",
    "numeric",
    "number",
    "overrideSpecial",
    "minLower",
    "minUpper",
    "minNumeric",
    "minSpecial",
  ],
  defaults: {
    special: true,
    upper: true,
    lower: true,
    numeric: true,
    number: true,
    minLower: 0,
    minUpper: 0,
    minNumeric: 0,
    minSpecial: 0,
  },
  check: length,
};

/** Types of `@pulumi/random`. */
export const randomRules: Rules = {
  "random:index/randomPassword:RandomPassword": {
    ...text,
    id: "{hex16}",
    outputs: { result: ({ length }: Values) => madeUp(Number(length)), bcryptHash: () => madeUp(60) },
  },
  "random:index/randomString:RandomString": {
    ...text,
    outputs: { result: ({ length }: Values) => madeUp(Number(length)) },
  },
  "random:index/randomId:RandomId": {
    id: "{hex16}",
    replace: ["keepers", "byteLength", "prefix"],
    outputs: { hex: ({ byteLength }: Values) => randomBytes(Number(byteLength)).toString("hex") },
  },
  "random:index/randomInteger:RandomInteger": {
    id: "{hex16}",
    replace: ["keepers", "min", "max", "seed"],
    outputs: { result: ({ min, max }: Values) => randomInt(Number(min), Number(max) + 1) },
  },
  "random:index/randomUuid:RandomUuid": {
    id: "{hex16}",
    replace: ["keepers"],
    outputs: { result: () => randomUUID() },
  },
};
