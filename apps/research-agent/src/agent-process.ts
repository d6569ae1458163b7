import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startValkey } from '@keepstep/test-servers';
import { onTestFinished } from 'vitest';

/** Is how a process has ended, and what it has said. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  readonly signal: string | undefined;
}

/** Runs a program of this sample as a process of its own, as its users do. */
export function startAgent(program: string, store: string | undefined, argv: readonly string[]): Promise<Ended> {
  const args = ['--conditions=keepstep-source', '--disable-warning=ExperimentalWarning', program, ...argv];
  const MEANINGFUL = /^(KEEPSTEP_.*|AGENT_MODEL|OPENAI_.*|ANTHROPIC_.*|OLLAMA_.*|FORCE_COLOR|NODE_OPTIONS)$/;
  const plain = Object.fromEntries(Object.entries(process.env).filter(([name]) => !MEANINGFUL.test(name)));
  const env = store === undefined ? plain : { ...plain, KEEPSTEP_STORE: store };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: join(import.meta.dirname, '..'), env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? -1);
      resolve({ stdout, stderr, code, signal: error?.signal ?? undefined });
    });
  });
}

/** Returns the URL of a store that outlives processes, and goes with the test. */
export async function lastingStore(kind: 'sqlite' | 'valkey'): Promise<string> {
  if (kind === 'valkey') {
    const server = await startValkey({ appendOnly: 'always' });
    onTestFinished(() => server.stop());
    return server.url;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'research-agent-'));
  onTestFinished(() => rmSync(scratch, { recursive: true, force: true }));
  return `sqlite:${join(scratch, 'research.db')}`;
}
