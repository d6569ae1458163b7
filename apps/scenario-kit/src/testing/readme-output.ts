import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the output that the README in a folder shows: the `text` block after the given command. */
export function readmeOutput(folder: string, command: string): string {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const [, afterCommand] = readme.split(`\n${command}\n`);
  const block = /\n```text\n(.*?)\n```\n/s.exec(afterCommand ?? '')?.[1];
  if (block === undefined) throw new Error(`${folder}/README.md shows no output of "${command}".`);
  return `${block}\n`;
}
