import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ResourcePath } from '@keepstep/core';

/** Is one recorded call of a tool. */
export interface RetailCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Says what the tool does: asks the database, changes it, computes, or nothing of these. */
  readonly kind: 'read' | 'write' | 'pure' | 'other';
  /** Lists the entities that determined the result. */
  readonly reads: readonly ResourcePath[];
  /** Lists the entities whose stored value really changed. */
  readonly writes: readonly ResourcePath[];
  readonly failed: boolean;
}

/** Is one recorded conversation of an agent with a customer. */
export interface RetailSession {
  readonly session: string;
  readonly calls: readonly RetailCall[];
}

/** Reads the recorded sessions from `retail-sessions.jsonl.gz` in a folder. */
export function readRetailSessions(folder: string): RetailSession[] {
  const lines = gunzipSync(readFileSync(join(folder, 'retail-sessions.jsonl.gz'))).toString('utf8');
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RetailSession);
}
