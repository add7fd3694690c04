/** The subset of the Compose specification in use, and how parts are merged into a file. */

/** When a service that depends on another one starts. */
export type Condition = "service_started" | "service_healthy" | "service_completed_successfully";

export interface HealthCheck {
  readonly test: readonly string[];
  readonly interval: string;
  readonly timeout: string;
  readonly retries: number;
  readonly start_period: string;
}

/** A config with inline content, and its path in the container. */
export interface ConfigMount {
  readonly source: string;
  readonly target: string;
}

export interface Build {
  readonly context: string;
  readonly dockerfile?: string;
  readonly target?: string;
}

/** One service. Names of other services, volumes and configs are local until the file is rendered. */
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

/** A variable of `.env`: its local value, and a description. */
export interface EnvVariable {
  readonly value: string;
  readonly comment: string;
}

/** A part of a system's file. Keys are local names; `Names` maps them to names in a file of several systems. */
export interface Parts {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: readonly string[];
  /** Content of each config, with `$` doubled where it isn't a variable of `.env`. */
  readonly configs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, EnvVariable>>;
}

export const nothing: Parts = { services: {}, volumes: [], configs: {}, env: {} };

/** Merges parts. Throws for two services or configs with the same name. */
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
    // Several parts may define the same variable, with the same value.
    env: merged("env", true),
  };
}

/** Text with `$` escaped, which starts a variable in a Compose file. */
export const literal = (text: string): string => text.replaceAll("$", "$$$$");

/** Limits on a container's CPU and memory. In Compose `M` means MiB. */
export const limits = (cpus: string, memory: string): object => ({ resources: { limits: { cpus, memory } } });

/** Restriction for all containers. */
export const confined = { security_opt: ["no-new-privileges:true"] } as const;
