const { Module } = require("node:module");

/**
 * Modules that the SDK loads at startup, but needs only to serialize functions (dynamic providers, Lambda callbacks),
 * such as the TypeScript compiler, or to run the CLI (its Automation API). They are half of its loading time.
 */
const LAZY = new Set(["typescript", "@npmcli/arborist", "normalize-package-data", "./automation"]);
const SDK = /[\\/]@pulumi[\\/]pulumi[\\/]/;

/** From now on, the SDK loads those packages when it first uses them, which most programs never do. */
exports.loadLazily = function loadLazily() {
  const load = Module._load;
  Module._load = function (request, parent, isMain) {
    if (!LAZY.has(request) || !SDK.test(parent?.filename ?? ""))
      return load.call(this, request, parent, isMain);
    let loaded;
    const get = (_, key) => (key === "__esModule" ? true : (loaded ??= load(request, parent, isMain))[key]);
    return new Proxy({}, { get });
  };
};
