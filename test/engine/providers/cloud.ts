import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** A resource that exists in the in-memory cloud. */
export interface Thing {
  urn: string;
  type: string;
  id: string;
  /** Other texts that identify it, such as its ARN. */
  names: readonly string[];
  /** Its dependencies: an ARN, a generated id, or a name prefixed with the type. */
  uses: readonly string[];
}

/** Each name is stored on its own (an ARN, a generated id), and prefixed with the type. */
const allNames = ({ type, names }: Pick<Thing, "type" | "names">) =>
  names.flatMap((name) => [name, `${type} ${name}`]);

/** Type and URN of resources outside of the program. */
const outside = "outside";

const fileName = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 40);

/**
 * Everything that exists: a folder that the provider processes of one environment share, since the engine starts a
 * process per provider.
 *
 * A resource is found by its type and id, or by any of its names.
 */
export class Cloud {
  constructor(private readonly folder: string) {
    for (const part of ["things", "names", "users", "secrets"])
      fs.mkdirSync(path.join(folder, part), { recursive: true });
  }

  /** Adds a resource. False if one with its type and id exists. */
  add(thing: Thing): boolean {
    if (!this.create("things", `${thing.type} ${thing.id}`, JSON.stringify(thing))) return false;
    for (const name of allNames(thing)) this.create("names", name, thing.id);
    for (const used of thing.uses) {
      fs.mkdirSync(this.file("users", used), { recursive: true });
      fs.writeFileSync(path.join(this.file("users", used), fileName(`${thing.type} ${thing.id}`)), thing.urn);
    }
    return true;
  }

  has(type: string, id: string): boolean {
    return fs.existsSync(this.file("things", `${type} ${id}`));
  }

  get(type: string, id: string): Thing | undefined {
    if (!this.has(type, id)) return undefined;
    return JSON.parse(fs.readFileSync(this.file("things", `${type} ${id}`), "utf8")) as Thing;
  }

  /** Adds a resource outside of the program, which may be referred to. */
  admit(name: string): void {
    this.add({ urn: outside, type: outside, id: name, names: [name], uses: [] });
  }

  /** Whether a resource of this type has this name or id; resources outside of the program match any type. */
  goesBy(type: string, name: string): boolean {
    return (
      this.has(type, name) || this.has(outside, name) || fs.existsSync(this.file("names", `${type} ${name}`))
    );
  }

  /** Whether a resource with this ARN or other globally unique name exists. */
  knows(name: string): boolean {
    return fs.existsSync(this.file("names", name));
  }

  /** URNs of resources that depend on the one with this type and one of these names. */
  users(type: string, names: readonly string[]): string[] {
    return allNames({ type, names }).flatMap((name) => {
      const folder = this.file("users", name);
      if (!fs.existsSync(folder)) return [];
      return fs.readdirSync(folder).map((user) => fs.readFileSync(path.join(folder, user), "utf8"));
    });
  }

  remove(type: string, id: string): void {
    const thing = this.get(type, id);
    if (thing === undefined) return;
    fs.rmSync(this.file("things", `${type} ${id}`));
    for (const name of allNames(thing)) fs.rmSync(this.file("names", name), { force: true });
    for (const used of thing.uses)
      fs.rmSync(path.join(this.file("users", used), fileName(`${type} ${id}`)), { force: true });
  }

  /** All resources that the program created and that still exist. */
  things(): Thing[] {
    const folder = path.join(this.folder, "things");
    return fs
      .readdirSync(folder)
      .map((name) => JSON.parse(fs.readFileSync(path.join(folder, name), "utf8")) as Thing)
      .filter(({ type }) => type !== outside);
  }

  /** Stores a secret that a provider generated, so that tests can search for it where it must not be. */
  addSecret(secret: string): void {
    this.create("secrets", secret, secret);
  }

  secrets(): string[] {
    const folder = path.join(this.folder, "secrets");
    return fs.readdirSync(folder).map((name) => fs.readFileSync(path.join(folder, name), "utf8"));
  }

  private file(part: string, key: string): string {
    return path.join(this.folder, part, fileName(key));
  }

  private create(part: string, key: string, text: string): boolean {
    try {
      fs.writeFileSync(this.file(part, key), text, { flag: "wx" });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }
}
