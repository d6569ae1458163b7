import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Says how a Valkey server is started on this machine. */
export interface ValkeyProgram {
  /** Leads to the program. */
  readonly path: string;
  /** Holds what its environment needs on top of ours. */
  readonly environment: Readonly<Record<string, string>>;
}

const repositoryRoot = join(import.meta.dirname, '../../..');

/**
 * Finds the server: on PATH, or where `pnpm valkey` has put it.
 *
 * @throws Error that names the command that gets one
 */
export function findValkey(
  path: string = process.env['PATH'] ?? '',
  unpacked: string = join(repositoryRoot, 'node_modules/.cache/valkey/usr'),
): ValkeyProgram {
  const folder = path.split(delimiter).find((each) => each !== '' && existsSync(join(each, 'valkey-server')));
  if (folder !== undefined) return { path: join(folder, 'valkey-server'), environment: {} };
  const program = join(unpacked, 'bin/valkey-server');
  if (existsSync(program)) return { path: program, environment: librariesIn(join(unpacked, 'lib')) };
  throw new Error('valkey-server is missing: run "pnpm valkey" first.');
}

/** Names the libraries that were unpacked beside the server; there are none where the machine had them all. */
function librariesIn(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const found = readdirSync(folder).filter((name) => name.endsWith('-linux-gnu'));
  return found.length === 0 ? {} : { LD_LIBRARY_PATH: found.map((name) => join(folder, name)).join(delimiter) };
}
