import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ToolMessage } from '@langchain/core/messages';
import { Command } from '@langchain/langgraph';
import { createAgent } from 'langchain';
import { expect, it } from 'vitest';

import { isOldest } from './langchain-set.ts';

const installed = (name: string): string => join(process.cwd(), 'node_modules', name);
const manifestOf = async (folder: string): Promise<any> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
const load = (name: string, file: string): Promise<any> => import(pathToFileURL(join(installed(name), file)).href);

it('tests with what is installed for this set of versions', async () => {
  expect((await load('langchain', 'dist/index.js')).createAgent).toBe(createAgent);
  expect((await load('@langchain/core', 'dist/messages/index.js')).ToolMessage).toBe(ToolMessage);
  expect((await load('@langchain/langgraph', 'dist/index.js')).Command).toBe(Command);
});

it('tests the oldest versions that users may have, and newer ones', async () => {
  const { peerDependencies } = await manifestOf(join(import.meta.dirname, '..'));
  for (const name of ['langchain', '@langchain/core']) {
    const { version } = await manifestOf(installed(name));
    expect(version === peerDependencies[name].replace('^', '')).toBe(isOldest);
  }
});
