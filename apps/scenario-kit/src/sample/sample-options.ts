import { parseArgs } from 'node:util';

/** Describes a sample on the command line. */
export interface SampleDescription<Extra extends string = never> {
  /** Is the name of its package, without the scope. */
  readonly name: string;
  /** Says in one sentence what it shows. */
  readonly about: string;
  /** Describes options of its own; each takes a value. */
  readonly options?: Readonly<Record<Extra, { readonly value: string; readonly about: string }>>;
  /** Names the namespace of a run that goes on in another process; undefined for one that does not. */
  readonly namespace?: (options: SampleOptions<Extra>) => string | undefined;
}

/** Is what somebody asked for on the command line. */
export type SampleOptions<Extra extends string = never> = {
  readonly json: boolean;
  readonly offline: boolean;
  /** Is the URL of the store; it wins over the environment. */
  readonly store?: string;
} & { readonly [Name in Extra]?: string };

/** Reports a command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the command line of a sample.
 *
 * @throws UsageError for an option that does not exist or a value that is missing
 */
export function readSampleOptions<Extra extends string = never>(
  sample: SampleDescription<Extra>,
  argv: readonly string[],
): SampleOptions<Extra> & { readonly help: boolean } {
  const own = Object.keys(sample.options ?? {}).map((name) => [name, { type: 'string' }] as const);
  try {
    const { values } = parseArgs({
      // `pnpm demo -- --json` hands on the dashes, `node --run demo -- --json` does not.
      args: argv.filter((argument) => argument !== '--'),
      options: {
        json: { type: 'boolean', default: false },
        offline: { type: 'boolean', default: false },
        store: { type: 'string' },
        help: { type: 'boolean', default: false },
        ...Object.fromEntries(own),
      },
    });
    return values as SampleOptions<Extra> & { readonly help: boolean };
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. --help lists what there is.`, { cause: error });
  }
}

/** Writes what `--help` prints. */
export function usage({ name, about, options }: SampleDescription<string>): string {
  const rows = [
    ['--json', 'prints one JSON document instead of text'],
    ['--offline', 'uses the script, whatever model the environment names'],
    ['--store <url>', 'chooses the store, such as sqlite:./research.db or valkey://localhost'],
    ...Object.entries(options ?? {}).map(([option, { value, about: meaning }]) => [`--${option} <${value}>`, meaning]),
    ['--help', 'prints this'],
  ] as const;
  const width = Math.max(...rows.map(([option = '']) => option.length));
  return [
    `${name}: ${about}`,
    '',
    `Usage: pnpm --filter @keepstep/${name} demo -- [options]`,
    '',
    ...rows.map(([option = '', meaning = '']) => `  ${option.padEnd(width)}  ${meaning}`),
    '',
    'Environment: KEEPSTEP_STORE chooses the store (default: memory:), KEEPSTEP_NAMESPACE lets several runs share',
    'what is in it. OPENAI_API_KEY, ANTHROPIC_API_KEY or OLLAMA_BASE_URL choose a real model, AGENT_MODEL names one: openai:<model>, anthropic:<model>, ollama:<model>.',
  ].join('\n');
}
