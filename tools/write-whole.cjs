const { mkdirSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { dirname } = require("node:path");

/**
 * Writes a file, and its folder. Another process sees the old file or the new one, never a part. Throws if the place can't
 * be written. CommonJS, since `typescript.cjs` needs it before anything else can be loaded.
 */
function writeWhole(file, content) {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, content);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** {@link writeWhole} for a file of a cache, which may be missing: without a writable cache, it does nothing. */
function keepWhole(file, content) {
  try {
    writeWhole(file, content);
  } catch {
    // It is made again.
  }
}

module.exports = { writeWhole, keepWhole };
