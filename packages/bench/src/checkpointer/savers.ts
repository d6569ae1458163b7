import { sqliteStore } from '@keepstep/core/sqlite';
import { valkeyStore } from '@keepstep/core/valkey';
import { KeepstepSaver } from '@keepstep/langgraph';
import type { ValkeyServer } from '@keepstep/test-servers';
import { type BaseCheckpointSaver, MemorySaver } from '@langchain/langgraph-checkpoint';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import Database from 'better-sqlite3';

import { benchFile } from '../sqlite/bench-file.ts';

/** Is a checkpointer with a place of its own. */
export interface Saver extends AsyncDisposable {
  readonly contender: string;
  readonly package: string;
  readonly saver: BaseCheckpointSaver;
  /** Returns the bytes that its place takes; undefined where nobody can tell. */
  readonly size?: () => Promise<number>;
}

/** Starts every checkpointer that there is on this machine. */
export function startSavers(server: ValkeyServer): Saver[] {
  const memory = new KeepstepSaver();
  const file = benchFile();
  const inFile = new KeepstepSaver({ store: sqliteStore({ path: file.path, durability: 'process' }) });
  const onServer = new KeepstepSaver({ store: valkeyStore({ url: server.url }) });
  const peerFile = benchFile();
  const peer = SqliteSaver.fromConnString(peerFile.path);
  return [
    {
      contender: 'MemorySaver',
      package: '@langchain/langgraph-checkpoint',
      saver: new MemorySaver(),
      [Symbol.asyncDispose]: async () => {},
    },
    {
      contender: 'KeepstepSaver, memory',
      package: '@keepstep/langgraph',
      saver: memory,
      [Symbol.asyncDispose]: () => memory.close(),
    },
    {
      contender: 'SqliteSaver',
      package: '@langchain/langgraph-checkpoint-sqlite',
      saver: peer,
      size: async () => fileSize(peerFile.path),
      [Symbol.asyncDispose]: async () => {
        peer.db.close();
        peerFile[Symbol.dispose]();
      },
    },
    {
      contender: 'KeepstepSaver, SQLite',
      package: '@keepstep/langgraph',
      saver: inFile,
      size: async () => fileSize(file.path),
      [Symbol.asyncDispose]: async () => {
        await inFile.close();
        file[Symbol.dispose]();
      },
    },
    {
      contender: 'KeepstepSaver, Valkey',
      package: '@keepstep/langgraph',
      saver: onServer,
      size: async () => Number(await server.info('used_memory')),
      [Symbol.asyncDispose]: () => onServer.close(),
    },
  ];
}

function fileSize(path: string): number {
  const file = new Database(path, { readonly: true });
  try {
    const value = (name: string): number => file.pragma(name, { simple: true }) as number;
    // Deleted threads leave free pages, which the file does not give back.
    return (value('page_count') - value('freelist_count')) * value('page_size');
  } finally {
    file.close();
  }
}
