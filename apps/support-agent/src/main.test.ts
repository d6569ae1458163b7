import { join } from 'node:path';
import { accountDiscrepancies, readmeOutput, runSampleProcess } from '@keepstep/scenario-kit/testing';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');

interface Step {
  readonly session: string;
  readonly tool: string;
  readonly answer: string;
  readonly why: string;
}

describe('the support agents', () => {
  it('print what their README shows', async () => {
    const { exitCode, stdout } = await runSampleProcess(folder);
    expect(stdout).toBe(readmeOutput(folder, 'pnpm --filter @keepstep/support-agent demo'));
    expect(exitCode).toBe(0);
  });

  it('never see what the other has cached', async () => {
    const { steps, upstream } = JSON.parse((await runSampleProcess(folder, ['--json'])).stdout);
    const readsOf = (session: string): string[] =>
      steps
        .filter((step: Step) => step.session === session && step.tool === 'get_ticket')
        .map(({ answer, why }: Step) => `${answer} · ${why.split(',')[0]}`);
    expect(readsOf('agent-B')).toEqual([
      'miss · first call of this session',
      'hit · 800 ms old',
      'hit · 1.6 s old',
      'miss · update_ticket changed ticket/T-100',
    ]);
    expect(readsOf('agent-A')).toEqual([
      'miss · first call of this session',
      'hit · 800 ms old',
      'miss · update_ticket changed ticket/T-100',
      // the session above has ended, and with it everything it had cached
      'miss · first call of this session',
    ]);
    expect(upstream['ticket desk'].requests).toEqual({ 'get ticket': 5, 'update ticket': 2 });
  });

  it('both find their changes on the ticket in the end', async () => {
    const { outcome } = JSON.parse((await runSampleProcess(folder, ['--json'])).stdout);
    expect(outcome.ticket.status).toBe('waiting_for_customer');
    expect(outcome.ticket.history.map(({ by }: { by: string }) => by)).toEqual([
      'Ada Byron',
      'desk',
      'agent-A',
      'agent-B',
    ]);
    expect(outcome.lastAnswer).toBe('T-100 is waiting_for_customer; 4 entries by Ada Byron, desk, agent-A, agent-B.');
  });

  it('give an account that adds up', async () => {
    const { stdout } = await runSampleProcess(folder, ['--offline', '--json']);
    expect(accountDiscrepancies(JSON.parse(stdout))).toEqual([]);
  });

  it('refuse an option that they do not know', async () => {
    const { exitCode, stderr } = await runSampleProcess(folder, ['--jsno']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe("support-agent: Unknown option '--jsno'. --help lists what there is.\n");
  });
});
