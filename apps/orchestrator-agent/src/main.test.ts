import { join } from 'node:path';
import { accountDiscrepancies, readmeOutput, runSampleProcess } from '@keepstep/scenario-kit/testing';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');

interface Step {
  readonly tool: string;
  readonly answer: string;
  readonly error?: string;
}

describe('the orchestrator', () => {
  it('prints what its README shows', async () => {
    const { exitCode, stdout } = await runSampleProcess(folder);
    expect(stdout).toBe(readmeOutput(folder, 'pnpm --filter @keepstep/orchestrator-agent demo'));
    expect(exitCode).toBe(0);
  });

  it('gets the errors of the payment API themselves, and is stopped before the fourth charge', async () => {
    const { outcome, steps, upstream } = JSON.parse((await runSampleProcess(folder, ['--json'])).stdout);
    const charges = steps.filter(({ tool }: Step) => tool === 'charge_payment');
    const declined = 'write: The card of ORD-1 was declined.';
    const stopped = 'Loop detected: charge_payment was called 4 times with the same arguments (limit 3)';
    expect(charges.map(({ answer, error }: Step) => `${answer}: ${error}`)).toEqual([
      declined,
      declined,
      declined,
      `refused: ${stopped}`,
    ]);
    expect(upstream.payment.requests).toEqual({ charge: 3 });
    expect(outcome).toMatchObject({
      charges: [],
      paymentCalls: 3,
      paymentErrors: 3,
      paymentErrorsUnchanged: true,
      stoppedBy: stopped,
    });
  });

  it('asks once for what three sub-agents need at the same time, in failure and in success', async () => {
    const { steps, upstream } = JSON.parse((await runSampleProcess(folder, ['--json'])).stdout);
    const quotes = steps.filter(({ tool }: Step) => tool === 'quote_shipping');
    expect(quotes.map(({ answer, error }: Step) => `${answer}${error === undefined ? '' : ' failed'}`)).toEqual([
      'miss failed',
      'coalesced failed',
      'coalesced failed',
      'miss',
      'coalesced',
      'coalesced',
    ]);
    expect(upstream.shipping.requests).toEqual({ quote: 2 });
  });

  it('goes on after the loop: it writes to the customer', async () => {
    const { outcome } = JSON.parse((await runSampleProcess(folder, ['--json'])).stdout);
    expect(outcome.mails).toEqual([
      {
        to: 'ada@example.com',
        subject: 'Payment of ORD-1',
        body: 'We could not charge €99.99. The card of ORD-1 was declined. Please name another card.',
      },
    ]);
  });

  it('gives an account that adds up', async () => {
    const { stdout } = await runSampleProcess(folder, ['--offline', '--json']);
    expect(accountDiscrepancies(JSON.parse(stdout))).toEqual([]);
  });

  it('refuses an option that it does not know', async () => {
    const { exitCode, stderr } = await runSampleProcess(folder, ['--jsno']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe("orchestrator-agent: Unknown option '--jsno'. --help lists what there is.\n");
  });
});
