import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

import type { Patch, Sabotage } from './sabotage.ts';

const SOURCES = new URL('../../../core/src/', import.meta.url);

/**
 * Breaks the store before it is loaded: modules as they are loaded, scripts as the server receives them.
 *
 * @returns what changes the text of a script
 * @throws Error when a patch does not fit the sources any more: it would break nothing
 */
export function applySabotage({ patches }: Sabotage): (script: string) => string {
  for (const patch of patches) checkPatch(patch);
  const modules = patches.filter(({ file }) => file.endsWith('.ts'));
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const own = modules.filter(({ file }) => url === new URL(file, SOURCES).href);
      if (own.length === 0) return loaded;
      return { ...loaded, source: own.reduce(patched, readFileSync(new URL(url), 'utf8')) };
    },
  });
  const scripts = patches.filter(({ file }) => file.endsWith('.lua'));
  return (script) => scripts.reduce((text, patch) => (text.includes(patch.find) ? patched(text, patch) : text), script);
}

/** @throws Error when what is to be replaced is not in the file exactly once */
export function checkPatch({ file, find }: Patch): void {
  const count = readFileSync(new URL(file, SOURCES), 'utf8').split(find).length - 1;
  if (count !== 1)
    throw new Error(`${JSON.stringify(find)} stands ${count} times in ${file}, and should stand there once`);
}

function patched(text: string, { find, replace }: Patch): string {
  return text.replace(find, () => replace);
}
