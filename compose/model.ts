/** The part of the Compose specification that is written here, and how parts of a file are put together. */

/** When a service that depends on another one starts. */
export type Condition = "service_started" | "service_healthy" | "service_completed_successfully";

export interface HealthCheck {
  readonly test: readonly string[];
  readonly interval: string;
  readonly timeout: string;
  readonly retries: number;
  readonly start_period: string;
}

/** A file that stands in the Compose file itself, and where a container finds it. */
export interface ConfigMount {
  readonly source: string;
  readonly target: string;
}

export interface Build {
  readonly context: string;
  readonly dockerfile?: string;
  readonly target?: string;
}

/** One service. Names of other services, volumes and configs are local ones until the file is put together. */
export interface Service {
  readonly image?: string;
  readonly build?: Build;
  readonly profiles?: readonly string[];
  readonly user?: string;
  readonly working_dir?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly configs?: readonly ConfigMount[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: Condition }>>;
  readonly healthcheck?: HealthCheck;
  /** Other names of the service on its system's network. */
  readonly aliases?: readonly string[];
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly stop_grace_period?: string;
  readonly restart?: "unless-stopped" | "no";
  readonly deploy?: object;
  readonly develop?: object;
}

/** A variable of `.env`: a value for this machine, and what it is for. */
export interface EnvVariable {
  readonly value: string;
  readonly comment: string;
}

/** A part of a system's file. Keys are local names: what they become in a file of several systems is `Names`' business. */
export interface Parts {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: readonly string[];
  /** Content of each config, with `$` doubled where it isn't a variable of `.env`. */
  readonly configs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, EnvVariable>>;
}

export const nothing: Parts = { services: {}, volumes: [], configs: {}, env: {} };

/** Parts together. Throws for two services or configs of one name. */
export function together(...all: readonly Partial<Parts>[]): Parts {
  const merged = <T>(what: "services" | "configs" | "env", same: boolean): Record<string, T> => {
    const result: Record<string, T> = {};
    for (const part of all)
      for (const [name, value] of Object.entries(part[what] ?? {})) {
        if (name in result && !same) throw new Error(`two ${what} are called ${name}`);
        result[name] = value as T;
      }
    return result;
  };
  return {
    services: merged("services", false),
    volumes: [...new Set(all.flatMap(({ volumes = [] }) => volumes))],
    configs: merged("configs", false),
    // A variable may be known to several parts: it is the same to all of them.
    env: merged("env", true),
  };
}

/** Text as it stands in a Compose file, where `$` begins a variable. */
export const literal = (text: string): string => text.replaceAll("$", "$$$$");

/** CPU and memory of a container at most. `M` is MiB to Compose. */
export const limits = (cpus: string, memory: string): object => ({ resources: { limits: { cpus, memory } } });

/** What keeps a container small in its rights, whatever runs in it. */
export const confined = { security_opt: ["no-new-privileges:true"] } as const;
