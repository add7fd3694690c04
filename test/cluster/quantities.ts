import { amount } from "../../config/quantity";
import type { Container, PodSpec } from "./types";

/** CPU in cores, memory in bytes. */
export interface Amounts {
  cpu: number;
  memory: number;
}

export const NOTHING: Amounts = { cpu: 0, memory: 0 };

export function add(a: Amounts, b: Amounts): Amounts {
  return { cpu: a.cpu + b.cpu, memory: a.memory + b.memory };
}

export function times({ cpu, memory }: Amounts, factor: number): Amounts {
  return { cpu: cpu * factor, memory: memory * factor };
}

/**
 * Resources that the scheduler reserves for a pod: the sum of containers and sidecars, or the largest init container
 * that runs before them, whichever is more.
 */
export function requestsOf({ containers, initContainers = [] }: PodSpec): Amounts {
  const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === "Always";
  const running = [...containers, ...initContainers.filter(isSidecar)].map(requested).reduce(add, NOTHING);
  const starting = initContainers.filter((container) => !isSidecar(container)).map(requested);
  return {
    cpu: Math.max(running.cpu, ...starting.map(({ cpu }) => cpu)),
    memory: Math.max(running.memory, ...starting.map(({ memory }) => memory)),
  };
}

function requested({ resources }: Container): Amounts {
  const { requests = {}, limits = {} } = resources ?? {};
  const one = (name: "cpu" | "memory"): number => amount(requests[name] ?? limits[name] ?? "0");
  return { cpu: one("cpu"), memory: one("memory") };
}
