import type { RotationVariables } from "../../components/data/credentials/variables";
import type { LoginSlot } from "../../components/data/credentials/logins";
import type { Target } from "./steps";

const list = (text: string) => text.split(",").filter((each) => each !== "");

/** The function's target, and its database's port. Throws with the name of a variable that isn't set. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): {
  readonly target: Target;
  readonly database: string;
  readonly port: number;
} {
  const get = (name: keyof RotationVariables): string => {
    const value = variables[name];
    if (value === undefined) throw new Error(`${name} is not set`);
    return value;
  };
  const [a, b] = list(get("LOGIN_ENTRIES"));
  const proxied: Record<LoginSlot, string> | undefined =
    a !== undefined && b !== undefined ? { a, b } : undefined;
  const proxy = get("PROXY");
  const target = {
    host: get("HOST"),
    replicas: list(get("REPLICAS")),
    entry: get("ENTRY"),
    master: get("MASTER_ENTRY"),
    ...(proxy === "" ? {} : { proxy }),
    ...(proxied === undefined ? {} : { proxied }),
  };
  return { target, database: get("DATABASE"), port: Number(get("PORT")) };
}
