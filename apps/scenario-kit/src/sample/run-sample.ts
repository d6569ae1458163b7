import { closingLines } from '../account/closing-lines.ts';
import { paint } from '../account/paint.ts';
import { ModelError } from '../models/post-json.ts';
import { ModelChoiceError } from '../models/resolve-model.ts';
import { sampleDocument } from './sample-document.ts';
import { readSampleOptions, usage, UsageError, type SampleDescription, type SampleOptions } from './sample-options.ts';
import { Stage } from './stage.ts';

/** Plays a sample on a stage; what it returns is its outcome, for machines. */
export type Story<Extra extends string = never> = (stage: Stage, options: SampleOptions<Extra>) => Promise<object>;

/**
 * Is the `main` of a sample: reads the command line, sets the stage, plays the story and prints the account.
 *
 * @param elsewhere may take the command line over, for what is not a story; it says whether it has
 */
export async function runSample<Extra extends string = never>(
  sample: SampleDescription<Extra>,
  story: Story<NoInfer<Extra>>,
  elsewhere: (options: SampleOptions<Extra>) => Promise<boolean> = async () => false,
): Promise<void> {
  try {
    const options = readSampleOptions(sample, process.argv.slice(2));
    if (options.help) console.log(usage(sample));
    else if (!(await elsewhere(options))) await play(sample, story, options);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ModelChoiceError || error instanceof ModelError)) throw error;
    console.error(`${sample.name}: ${error.message}`);
    process.exitCode = error instanceof ModelError ? 1 : 2;
  }
}

async function play<Extra extends string>(
  sample: SampleDescription<Extra>,
  story: Story<Extra>,
  options: SampleOptions<Extra>,
): Promise<void> {
  const { json, offline, store }: SampleOptions = options;
  const environment = { ...process.env, ...(store !== undefined && { KEEPSTEP_STORE: store }) };
  const namespace = sample.namespace?.(options);
  const print = json ? () => undefined : (line: string) => console.log(line);
  await using stage = new Stage({ name: sample.name, environment, offline, namespace, print });
  print(`${paint('bold', sample.name)}: ${sample.about}`);
  print(`model: ${stage.resolved.notice}`);
  await stage.ready();
  print('');
  const outcome = await story(stage, options);
  print('');
  for (const line of closingLines(stage.account, stage.upstreams)) print(line);
  // One line for each sample, so that the output of several is one document a line.
  if (json)
    console.log(JSON.stringify(sampleDocument(sample.name, stage, outcome), null, process.stdout.isTTY ? 2 : 0));
}
