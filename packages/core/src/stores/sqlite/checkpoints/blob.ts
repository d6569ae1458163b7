/**
 * Returns bytes as they are to be bound. The SQLite of Node 22 takes bytes without memory of their own for NULL, and so reads
 * an empty value that it has returned itself.
 */
export function blob(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === 0 ? NO_BYTES : bytes;
}

/** Is empty, and has memory. */
export const NO_BYTES: Uint8Array = Buffer.alloc(0);
