import { setTimeout as pause } from "node:timers/promises";
import { readEnvironment } from "./environment";
import { postgres } from "./postgres";
import { secretsManager } from "./secrets-manager";
import { rotate, type RotationEvent } from "./steps";

/** The function that Secrets Manager calls, one step of a rotation a call. */
export async function handler(event: RotationEvent): Promise<void> {
  const { target, database, port } = readEnvironment(process.env);
  await rotate(event, target, { secrets: secretsManager(), connect: postgres(database, port), pause });
}
