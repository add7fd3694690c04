import type { Scenario } from "../scenario";
import { blueGreen } from "./blue-green";
import { canary } from "./canary";
import { certificates } from "./certificates";
import { engine } from "./engine";
import { header } from "./header";
import { maximum } from "./maximum";
import { messaging } from "./messaging";
import { queue } from "./queue";
import { scaling } from "./scaling";

/** By the names on the command line. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  canary,
  "blue-green": blueGreen,
  header,
  messaging,
  certificates,
  scaling,
  queue,
  maximum,
  engine,
};
