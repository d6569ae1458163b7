import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROCESS = fileURLToPath(new URL('agent-process.ts', import.meta.url));

/** Is what the upstream has seen of a run, and what the agent was told. */
export interface CrashReport {
  /** Holds the keys of the charges of each step, in the order in which they came. */
  readonly charges: ReadonlyMap<number, readonly string[]>;
  /** Lists charges of steps that the agent had been told before are recorded. */
  readonly late: readonly number[];
  readonly kills: number;
  /** Counts how often a process was started. */
  readonly starts: number;
}

/** Says how an agent is started and killed. */
export interface CrashOptions {
  readonly url: string;
  readonly runId: string;
  readonly steps: number;
  /** Is how often the process is killed at most; then it may work to the end. */
  readonly maxKills: number;
  readonly random: () => number;
  /** Lets each process begin a run of its own, as an agent does that resumes nothing: wrong, for the check to find. Default: false. */
  readonly forgets?: boolean;
  /** Does further harm while a process works. */
  readonly harm?: () => Promise<void>;
}

type Message =
  | { readonly kind: 'charge'; readonly step: number; readonly key: string }
  | { readonly kind: 'acknowledged'; readonly step: number }
  | { readonly kind: 'ready' | 'completed' };

/** Starts an agent again and again, kills it at random moments, and is the upstream that it charges. */
export async function runCrashingAgent(options: CrashOptions): Promise<CrashReport> {
  const { url, runId, steps, maxKills, random, forgets = false, harm } = options;
  const charges = new Map<number, string[]>();
  const acknowledged = new Set<number>();
  const late: number[] = [];
  const progress = { kills: 0, starts: 0, isCompleted: false };
  while (!progress.isCompleted) {
    const { kills, starts } = progress;
    if (starts > 3 * maxKills + 10) throw new Error(`The agent does not come to an end: ${starts} starts.`);
    progress.starts += 1;
    const child = fork(
      PROCESS,
      [JSON.stringify({ url, runId: forgets ? `${runId} ${progress.starts}` : runId, steps })],
      {
        execArgv: ['--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'ignore', harm === undefined ? 'inherit' : 'ignore', 'ipc'],
      },
    );
    let timer: NodeJS.Timeout | undefined;
    let harming: Promise<void> | undefined;
    // Somewhere on its way, and a little later: between any two things that it does.
    let left = kills < maxKills ? Math.floor(random() * steps) : Infinity;
    const pauseMs = random() * 4;
    child.on('message', (message: Message) => {
      if (left === 0) timer = setTimeout(() => child.kill('SIGKILL') && (progress.kills += 1), pauseMs);
      left -= 1;
      if (message.kind === 'ready') {
        harming = harm?.();
      } else if (message.kind === 'charge') {
        charges.set(message.step, [...(charges.get(message.step) ?? []), message.key]);
        if (acknowledged.has(message.step)) late.push(message.step);
        // It may be gone by now.
        if (child.connected) child.send(message.step, () => undefined);
      } else if (message.kind === 'acknowledged') {
        acknowledged.add(message.step);
      } else progress.isCompleted = true;
    });
    await Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
    clearTimeout(timer);
    await harming;
  }
  return { charges, late, kills: progress.kills, starts: progress.starts };
}
