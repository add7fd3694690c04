import { setTimeout as pause } from "node:timers/promises";
import { readEnvironment } from "./environment";
import { postgres } from "./postgres";
import { secretsManager } from "./secrets-manager";
import { rotate, type RotationEvent } from "./steps";

/** Handler, which Secrets Manager invokes once per step of a rotation. */
export async function handler(event: RotationEvent): Promise<void> {
  const { target, database, port } = readEnvironment(process.env);
  await rotate(event, target, { secrets: secretsManager(), connect: postgres(database, port), pause });
}
