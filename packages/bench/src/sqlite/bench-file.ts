import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Is a place for the file of one contender; disposing it removes the file. */
export interface BenchFile extends Disposable {
  readonly path: string;
}

/** Makes a place in the folder for temporary files, which on many machines is memory: nothing here measures a disk. */
export function benchFile(): BenchFile {
  const folder = mkdtempSync(join(tmpdir(), 'keepstep-bench-'));
  return {
    path: join(folder, 'bench.db'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
