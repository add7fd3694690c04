import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { packages } from "../plugins";
import { awsProvider } from "./aws";
import { Cloud } from "./cloud";
import { kubernetesProvider } from "./kubernetes";
import { randomProvider } from "./random";
import { readSchema, type PackageSchema } from "./schema";
import { answering, type Note, type Service } from "./service";
import type { Values } from "./wire";

/** `node_modules/@pulumi` of the repository. */
const sdks = path.join(__dirname, "../../../node_modules/@pulumi");
const schemas = new Map<string, PackageSchema>();

/** Schema of a package's SDK for the types of the in-memory providers; read once. */
export function schemaOf(name: string): PackageSchema {
  const known = schemas.get(name) ?? readSchema(path.join(sdks, name), packages[name] ?? []);
  schemas.set(name, known);
  return known;
}

const makers = { aws: awsProvider, kubernetes: kubernetesProvider, random: randomProvider } as const;

interface Made {
  id: string;
  inputs: Values;
  state: Values;
}

/** Response to a diff: whether anything differs, what requires a replacement, and whether that deletes first. */
interface Differs {
  changes: boolean;
  replaces: string[];
  first: "create" | "delete";
}

/** A provider, called as the engine calls it. */
export class Asked {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "plinth-providers-"));
  readonly cloud = new Cloud(this.folder);
  readonly notes: Note[] = [];
  readonly service: Service;

  constructor(name: keyof typeof makers, args: Values) {
    const write = (note: Note) => void this.notes.push(note);
    this.service = makers[name]("1.0.0", { cloud: this.cloud, schema: schemaOf(name), write });
    this.service.configure(args);
  }

  /** Failures of the check of some inputs, as `property: reason`. */
  async refusals(type: string, inputs: Values, name = "it"): Promise<string[]> {
    const checked = (await this.service.check?.(this.urn(type, name), {}, inputs)) ?? {};
    return (checked.failures ?? []).map(({ property, reason }) => `${property}: ${reason}`);
  }

  /** Creates a resource as `up` does, with a check first. */
  async make(type: string, inputs: Values, name = "it"): Promise<Made> {
    const urn = this.urn(type, name);
    const checked = (await this.service.check?.(urn, {}, inputs))?.inputs as Values;
    const made = await this.service.create?.(urn, checked);
    return { id: made?.id ?? "", inputs: checked, state: (made?.outs ?? {}) as Values };
  }

  /** The known state of a new resource in a preview. */
  async foresee(type: string, inputs: Values): Promise<Values> {
    const urn = this.urn(type, "it");
    const checked = (await this.service.check?.(urn, {}, inputs))?.inputs as Values;
    const made = await answering({ preview: true, oldInputs: {} }, async () =>
      this.service.create?.(urn, checked),
    );
    return (made?.outs ?? {}) as Values;
  }

  /** Differences between a resource and new inputs, and which of them replace it. */
  async diff(type: string, made: Made, wanted: Values): Promise<Differs> {
    const urn = this.urn(type, "it");
    const checked = (await this.service.check?.(urn, made.inputs, wanted))?.inputs as Values;
    const asked = { preview: false, oldInputs: made.inputs };
    const found = await answering(asked, async () => this.service.diff?.(made.id, urn, made.state, checked));
    const { changes = false, replaces = [], deleteBeforeReplace = false } = found ?? {};
    return { changes, replaces, first: deleteBeforeReplace ? "delete" : "create" };
  }

  /** Updates a resource with new inputs, as `up` does. */
  async update(type: string, made: Made, wanted: Values, name = "it"): Promise<void> {
    const urn = this.urn(type, name);
    const checked = (await this.service.check?.(urn, made.inputs, wanted))?.inputs as Values;
    await this.service.update?.(made.id, urn, made.state, checked);
  }

  async delete(type: string, { id, state }: Made): Promise<void> {
    await this.service.delete?.(id, this.urn(type, "it"), state);
  }

  /** Removes the folder. */
  end(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private urn(type: string, name: string): string {
    return `urn:pulumi:test::plinth::${type}::${name}`;
  }
}
