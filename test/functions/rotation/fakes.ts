import { Refused, type Connect } from "../../../functions/rotation/database";
import type { Secrets } from "../../../functions/rotation/secrets";

interface Version {
  text?: string;
  stages: string[];
}

/** The parts of Secrets Manager that rotation uses, in memory: versions, labels, refusals. */
export class FakeSecrets implements Secrets {
  readonly entries = new Map<string, Map<string, Version>>();
  /** Calls that changed something. */
  readonly writes: string[] = [];

  constructor(entries: Readonly<Record<string, object>>) {
    for (const [entry, value] of Object.entries(entries))
      this.entries.set(entry, new Map([["first", { text: JSON.stringify(value), stages: ["AWSCURRENT"] }]]));
  }

  /** As Secrets Manager does before it calls the function: a version without a value. */
  begin(entry: string, token: string): void {
    this.of(entry).set(token, { stages: ["AWSPENDING"] });
  }

  current(entry: string): Record<string, string> {
    const found = [...this.of(entry).values()].find(({ stages }) => stages.includes("AWSCURRENT"));
    return JSON.parse(found?.text ?? "{}") as Record<string, string>;
  }

  describe(entry: string) {
    const stages = [...this.of(entry)].map(([id, version]) => [id, [...version.stages]] as const);
    return Promise.resolve({ rotationEnabled: true, stages: Object.fromEntries(stages) });
  }

  read(entry: string, stage: string, version?: string) {
    const found = [...this.of(entry)].find(
      ([id, { stages }]) => stages.includes(stage) && (version === undefined || id === version),
    );
    return Promise.resolve(found?.[1].text);
  }

  write(entry: string, version: string, text: string, stage: string) {
    const known = this.of(entry).get(version);
    if (known?.text !== undefined && known.text !== text)
      return Promise.reject(new Error("ResourceExistsException"));
    if (known?.text === text) return Promise.resolve();
    this.writes.push(`${entry} ${stage}`);
    for (const each of this.of(entry).values()) each.stages = each.stages.filter((name) => name !== stage);
    this.of(entry).set(version, { text, stages: [stage] });
    return Promise.resolve();
  }

  promote(entry: string, to: string, from: string | undefined) {
    this.writes.push(`${entry} promote`);
    for (const [id, version] of this.of(entry)) {
      if (id === from) version.stages = ["AWSPREVIOUS"];
      else if (id === to) version.stages = ["AWSCURRENT"];
      else version.stages = [];
    }
    return Promise.resolve();
  }

  private of(entry: string): Map<string, Version> {
    const found = this.entries.get(entry);
    if (found === undefined) throw new Error(`no entry ${entry}`);
    return found;
  }
}

/** Servers with their valid logins, by login or by `login@host`, that record their statements. */
export function fakeServer(passwords: Record<string, string>): { connect: Connect; log: string[] } {
  const log: string[] = [];
  const connect: Connect = ({ host, user, password }) => {
    log.push(`${user}@${host}`);
    const known = passwords[`${user}@${host}`] ?? passwords[user];
    if (known !== undefined && known !== password) return Promise.reject(new Refused(user));
    return Promise.resolve({
      query: (text) => {
        log.push(text);
        return Promise.resolve([{ role: "ams", login: user }]);
      },
      close: () => Promise.resolve(void log.push(`bye ${user}`)),
    });
  };
  return { connect, log };
}
