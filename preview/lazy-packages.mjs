import { Module } from "node:module";

/**
 * What the SDK loads at its start and needs only to ship a function to the cloud (dynamic providers, Lambda
 * callbacks): the TypeScript compiler and npm's dependency resolver. They are half of its loading time.
 */
const LAZY = new Set(["typescript", "@npmcli/arborist"]);
const SDK = /[\\/]@pulumi[\\/]pulumi[\\/]/;

/** From now on, lets the SDK load those packages when it first uses them, which a program may never do. */
export function loadLazily() {
  const load = Module._load;
  Module._load = function (request, parent, isMain) {
    if (!LAZY.has(request) || !SDK.test(parent?.filename ?? ""))
      return load.call(this, request, parent, isMain);
    let loaded;
    const get = (_, key) => (key === "__esModule" ? true : (loaded ??= load(request, parent, isMain))[key]);
    return new Proxy({}, { get });
  };
}
