/** Writes a file of a cache as a whole: without a writable cache, it does nothing. */
export function keepWhole(file: string, content: string | Uint8Array): void;
