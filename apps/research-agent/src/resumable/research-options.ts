import { parseArgs } from 'node:util';
import { UsageError } from '@keepstep/scenario-kit';

/** Names the steps of the run. */
export type ResearchStep = 'search' | 'analyze' | 'respond';

/** Is what somebody asked for on the command line. */
export interface ResearchOptions {
  /** Is the step during which the process kills itself. Default: none. */
  readonly crashAt: ResearchStep | undefined;
  /** Names the run. Default: "research". */
  readonly run: string;
  readonly help: boolean;
}

const STEPS: readonly ResearchStep[] = ['search', 'analyze', 'respond'];

export const researchUsage: string = [
  'research-agent, resumable: search, analyze, respond, and go on after a crash',
  '',
  'Usage: pnpm --filter @keepstep/research-agent resumable [options]',
  '',
  '  --crash-at <step>  kills the process with SIGKILL in the middle of search, analyze or respond',
  '  --run <name>       names the run (default: research)',
  '  --help             prints this',
  '',
  'Environment: KEEPSTEP_STORE chooses the store, such as sqlite:./research.db or valkey://localhost. Without it, the run',
  'is kept in memory and ends with the process.',
].join('\n');

/** Reads the command line. @throws UsageError for what it cannot understand */
export function readResearchOptions(argv: readonly string[]): ResearchOptions {
  const { 'crash-at': crashAt, run, help } = parse(argv.filter((argument) => argument !== '--'));
  if (crashAt !== undefined && !STEPS.some((step) => step === crashAt)) {
    throw new UsageError(`--crash-at takes search, analyze or respond, not ${JSON.stringify(crashAt)}.`);
  }
  if (run === '') throw new UsageError('--run takes a name that is not empty.');
  return { crashAt: crashAt as ResearchStep | undefined, run, help };
}

function parse(args: string[]) {
  try {
    const options = {
      'crash-at': { type: 'string' },
      run: { type: 'string', default: 'research' },
      help: { type: 'boolean', default: false },
    } as const;
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. --help lists what there is.`, { cause: error });
  }
}
