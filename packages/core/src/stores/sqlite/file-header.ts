import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { corruptFile, mismatchedFile } from './sqlite-errors.ts';

/** Marks the files of Keepstep: "Kstp" in ASCII. */
export const APPLICATION_ID = 0x4b737470;

const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;

/**
 * Looks at the first bytes of a file, without the help of SQLite, which could change it by opening it.
 *
 * @param newest is the newest layout that this release knows
 * @returns whether there is anything in the file
 * @throws StoreError `store_mismatch` for a file of another program or of a later release, `store_corrupt` for one
 * that is cut short
 */
export function checkHeader(path: string, newest: number): boolean {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size === 0) return false;
    const header = Buffer.alloc(HEADER_BYTES);
    const read = readSync(file, header, 0, HEADER_BYTES, 0);
    if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) throw mismatchedFile(path, 'it is no SQLite file');
    if (read < HEADER_BYTES) throw corruptFile(path, 'it ends within its header');
    if (header.readUInt32BE(68) !== APPLICATION_ID) throw mismatchedFile(path, 'it belongs to another program');
    checkVersion(path, header.readUInt32BE(60), newest);
    return true;
  } finally {
    closeSync(file);
  }
}

/** @throws StoreError `store_mismatch` for the layout of a later release */
export function checkVersion(path: string, version: number, newest: number): void {
  if (version <= newest) return;
  throw mismatchedFile(path, `its layout is version ${version}, of a later release; this one knows up to ${newest}`);
}
