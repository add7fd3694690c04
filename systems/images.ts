import type { ImageContract } from "./spec";

/** What the documents' base images need to run as a non-root user: see `docs/image-contract.md`. */

/** `nginx:alpine` serving static files: its user is 101; it writes its cache, its pid file and temporary files. */
export const nginx = {
  user: 101,
  scratch: { cache: "/var/cache/nginx", run: "/var/run", tmp: "/tmp" },
} as const satisfies ImageContract;

/** `node:*-alpine`: the user `node` is 1000. */
export const node = { user: 1000, scratch: { tmp: "/tmp" } } as const satisfies ImageContract;

/** `python:*-slim`: it sets no user; 10001 is outside the range of system users. */
export const python = { user: 10001, scratch: { tmp: "/tmp" } } as const satisfies ImageContract;
