import { databaseMemory } from "../stores/instance-classes";
import type { ParameterName, Parameters } from "../stores/parameters";

interface MemoryFault {
  readonly parameter: ParameterName;
  readonly message: string;
}

const page = 8 * 2 ** 10;
const kilobyte = 2 ** 10;
const gibibytes = (bytes: number) => `${Number((bytes / 2 ** 30).toFixed(1))} GiB`;
const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

/** RDS' formula, with its upper limit. Source: AWS prescriptive guidance, tuning PostgreSQL parameters. */
const bytesAConnection = 9_531_392;
const mostConnections = 5000;

/** Connections that an instance allows: the set value, or RDS' default by memory. */
export function maxConnections(instanceClass: string, { max_connections: set }: Parameters): number {
  return set === undefined
    ? Math.min(mostConnections, Math.floor(databaseMemory(instanceClass) / bytesAConnection))
    : Number(set);
}

/**
 * Maximum memory use of a database in bytes: the shared buffers, one `work_mem` per connection and one
 * `maintenance_work_mem` per autovacuum worker. RDS' defaults for the class: a quarter of the memory, 4 MB, 1/62 of the
 * memory but at least 64 MB, 3 workers.
 */
function demand(instanceClass: string, parameters: Parameters) {
  const memory = databaseMemory(instanceClass);
  const set = (name: ParameterName, unit: number, otherwise: number) =>
    parameters[name] === undefined ? otherwise : Number(parameters[name]) * unit;
  return {
    buffers: set("shared_buffers", page, memory / 4),
    connections: maxConnections(instanceClass, parameters),
    work: set("work_mem", kilobyte, 4 * 2 ** 20),
    workers: set("autovacuum_max_workers", 1, 3),
    maintenance: set("maintenance_work_mem", kilobyte, Math.max(memory / 62, 64 * 2 ** 20)),
  };
}

/** Parameters that exceed the memory of the class, each with the calculation. */
export function memoryFaults(instanceClass: string, parameters: Parameters): MemoryFault[] {
  const faults: MemoryFault[] = [];
  const memory = databaseMemory(instanceClass);
  const whole = `${gibibytes(memory)} that PostgreSQL has on a ${instanceClass}`;
  const cache = Number(parameters.effective_cache_size ?? 0) * page;
  if (cache > memory)
    faults.push({
      parameter: "effective_cache_size",
      message: `at most the ${whole}, not ${gibibytes(cache)}`,
    });
  const { buffers, connections, work, workers, maintenance } = demand(instanceClass, parameters);
  const terms: readonly (readonly [parameter: ParameterName, bytes: number])[] = [
    ["shared_buffers", buffers],
    ["max_connections", connections * work],
    ["work_mem", connections * work],
    ["maintenance_work_mem", workers * maintenance],
    ["autovacuum_max_workers", workers * maintenance],
  ];
  const total = buffers + connections * work + workers * maintenance;
  const set = terms.filter(([parameter]) => parameters[parameter] !== undefined);
  const [largest] = [...set].sort(([, one], [, other]) => other - one);
  if (largest !== undefined && total > memory)
    faults.push({
      parameter: largest[0],
      message: `less: shared_buffers ${gibibytes(buffers)} + ${connections} connections × work_mem ${mebibytes(work)} + ${workers} autovacuum workers × maintenance_work_mem ${gibibytes(maintenance)} = ${gibibytes(total)}, more than the ${whole}`,
    });
  return faults;
}
