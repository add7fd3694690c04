import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parseDocument, type Document } from "yaml";

const root = path.join(__dirname, "..", "..");

const git = (folder: string, ...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=copy", "-c", "user.email=copy@localhost", ...args], {
    cwd: folder,
    encoding: "utf8",
  });

/** A copy of the repository in a temporary folder, to change as a person would. */
export class Copy {
  private constructor(readonly folder: string) {}

  /** Copies tracked and untracked files, but not ignored ones. */
  static make(): Copy {
    const folder = fs.mkdtempSync(path.join(tmpdir(), "plinth-change-"));
    const listed = git(root, "ls-files", "-co", "--exclude-standard", "-z");
    for (const file of listed
      .split("\0")
      .filter((name) => name !== "" && fs.existsSync(path.join(root, name)))) {
      fs.mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
      fs.copyFileSync(path.join(root, file), path.join(folder, file));
    }
    linkPackages(path.join(root, "node_modules"), path.join(folder, "node_modules"));
    git(folder, "init", "--quiet");
    git(folder, "add", "--all");
    git(folder, "commit", "--quiet", "--message", "Copy");
    return new Copy(folder);
  }

  read(file: string): string {
    return fs.readFileSync(path.join(this.folder, file), "utf8");
  }

  write(file: string, text: string): void {
    fs.writeFileSync(path.join(this.folder, file), text);
  }

  delete(...files: readonly string[]): void {
    for (const file of files) fs.rmSync(path.join(this.folder, file));
  }

  /** Replaces a text that occurs exactly once in a file. Fails otherwise, so that no change is silently skipped. */
  replace(file: string, old: string, text: string): void {
    const parts = this.read(file).split(old);
    assert.equal(parts.length, 2, `${file} has ${parts.length - 1} of: ${old}`);
    this.write(file, parts.join(text));
  }

  /** Names of the stacks, from their files. */
  stacks(): string[] {
    return fs.readdirSync(this.folder).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  }

  /** The stack files of the accounts' foundations. */
  foundations(): string[] {
    const names = fs.readdirSync(path.join(this.folder, "foundation"));
    return names.filter((name) => /^Pulumi\..+\.yaml$/.test(name)).map((name) => `foundation/${name}`);
  }

  /** Edits a stack file. Fails if nothing changes. */
  editStack(stack: string, ...edits: ((file: Document) => void)[]): void {
    this.edit(`Pulumi.${stack}.yaml`, ...edits);
  }

  /** Edits a file of YAML. Fails if nothing changes. */
  edit(name: string, ...edits: ((file: Document) => void)[]): void {
    const document = parseDocument(this.read(name));
    const before = JSON.stringify(document);
    for (const edit of edits) edit(document);
    assert.notEqual(JSON.stringify(document), before, `nothing changes in ${name}`);
    this.write(name, document.toString({ lineWidth: 0 }));
  }

  /** Reverts the changes, except for ignored files: the next change reuses compiled programs and recordings. */
  reset(): void {
    git(this.folder, "reset", "--quiet", "--hard");
    git(this.folder, "clean", "--quiet", "-d", "--force");
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * Links each installed package. The folder itself is the copy's own, since caches are kept in it, and links inside it
 * (the workspace's own package) must lead into the copy.
 */
function linkPackages(from: string, to: string): void {
  fs.mkdirSync(to, { recursive: true });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    if (entry.name === ".cache") continue;
    const target = entry.isSymbolicLink()
      ? fs.readlinkSync(path.join(from, entry.name))
      : path.join(from, entry.name);
    fs.symlinkSync(target, path.join(to, entry.name));
  }
}
