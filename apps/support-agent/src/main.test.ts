import { join } from 'node:path';
import { accountDiscrepancies, readmeOutput, runSampleProcess, startProvider } from '@keepstep/scenario-kit/testing';
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

  it('work with a real provider over HTTP', async () => {
    await using provider = await startProvider(({ body: { messages } }) => {
      const last = messages.at(-1);
      if (last.role === 'tool') return completion({ content: `It is ${JSON.parse(last.content).status}.` });
      const call = { name: 'get_ticket', arguments: '{"ticketId":"T-100"}' };
      return completion({ content: null, tool_calls: [{ id: 'call_x', type: 'function', function: call }] });
    });
    const environment = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: provider.url, AGENT_MODEL: 'openai:gpt-test' };
    const { stdout, stderr, exitCode } = await runSampleProcess(folder, ['--json'], environment);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).outcome.lastAnswer).toBe('It is open.');
    const { tools, messages } = provider.requests[0]!.body;
    expect(messages.map(({ role }: { role: string }) => role)).toEqual(['system', 'user']);
    expect(tools.map((each: any) => each.function.name)).toEqual(['get_ticket', 'update_ticket']);
    expect(tools[1].function.parameters.required).toEqual(['ticketId', 'status', 'note']);
  });

  it('refuse an option that they do not know', async () => {
    const { exitCode, stderr } = await runSampleProcess(folder, ['--jsno']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe("support-agent: Unknown option '--jsno'. --help lists what there is.\n");
  });
});

function completion(message: object): { body: object } {
  return { body: { choices: [{ message }] } };
}
