import { fromWire, toWire } from '../../../codec/wire-text.ts';
import type { KeyPage } from '../../../store/key-page.ts';
import type { LogStore } from '../../../store/log-store.ts';
import type {
  RunListRequest,
  RunOpened,
  RunOpening,
  RunRecord,
  RunRecorded,
  RunStatus,
  RunStore,
  StoredRun,
} from '../../../store/run-store.ts';
import type { Directory } from './directory.ts';
import { runDeleteScript } from './lua/run-delete.generated.ts';
import { runOpenScript } from './lua/run-open.generated.ts';
import { runRecordScript } from './lua/run-record.generated.ts';
import type { StateCommands } from './state-commands.ts';
import type { StateKeys } from './state-keys.ts';
import { draftArguments, ValkeyLog } from './valkey-log.ts';
import type { WakeUps } from './wake-ups.ts';

/** Holds the runs of one namespace on Valkey. */
export class ValkeyRuns implements RunStore {
  readonly #commands: StateCommands;
  readonly #keys: StateKeys;
  readonly #directory: Directory;
  readonly #wakeUps: WakeUps;

  constructor(commands: StateCommands, keys: StateKeys, directory: Directory, wakeUps: WakeUps) {
    this.#commands = commands;
    this.#keys = keys;
    this.#directory = directory;
    this.#wakeUps = wakeUps;
  }

  async open(operation: string, request: RunOpening): Promise<RunOpened> {
    const { id, createdEvents, resumedEvents } = request;
    await this.#directory.add(id);
    const created = draftArguments(createdEvents);
    const args = [...this.#termsOf(request), created.length];
    const events = [...created, ...draftArguments(resumedEvents)];
    const reply = await this.#commands.run(runOpenScript, this.#keysOf(id, operation), [...args, ...events]);
    const [kind, ...fields] = reply as readonly Buffer[];
    if (String(kind) === 'stale') return { kind: 'stale', fence: Number(String(fields[0])) };
    const run = readRun(fields);
    return run === undefined ? { kind: 'gone' } : { kind: 'opened', run };
  }

  async record(operation: string, record: RunRecord): Promise<RunRecorded> {
    const { id, step, status = '', outcome, events } = record;
    const done = step === undefined ? ['', ''] : [toWire(`s${step.id}`), toWire(step.text)];
    const ended = [status, outcome === undefined ? '' : toWire(`+${outcome}`)];
    const args = [...this.#termsOf(record), ...done, ...ended];
    const keys = this.#keysOf(id, operation);
    const reply = String(await this.#commands.run(runRecordScript, keys, [...args, ...draftArguments(events)]));
    const [kind, number] = reply.split(' ');
    if (kind === 'recorded') return { kind, version: Number(number) };
    return kind === 'stale' ? { kind, fence: Number(number) } : { kind: 'gone' };
  }

  async read(id: string): Promise<StoredRun | undefined> {
    return readRun(await this.#commands.hash(this.#keys.run(id).run));
  }

  list({ status, ...request }: RunListRequest): Promise<KeyPage> {
    return this.#directory.page(request, async (ids) => {
      const found = await this.#commands.fields(
        ids.map((id) => this.#keys.run(id).run),
        's',
      );
      return found.map((each) => each !== null && (status === undefined || each === status));
    });
  }

  async delete(operation: string, id: string): Promise<boolean> {
    return Number(await this.#commands.run(runDeleteScript, this.#keysOf(id, operation), [])) === 1;
  }

  log(id: string): LogStore {
    return new ValkeyLog(this.#commands, this.#keys.run(id), this.#wakeUps, this.#keys.channel);
  }

  /** Returns the arguments with which the scripts about runs begin. */
  #termsOf({ fence, incarnation, ttlMs, maxEvents }: Terms): (string | Buffer | number)[] {
    return [fence, toWire(incarnation), Math.ceil(ttlMs), boundText(maxEvents), this.#keys.channel];
  }

  #keysOf(id: string, operation: string): string[] {
    const { run, log, operation: operationKey } = this.#keys.run(id);
    return [run, log, operationKey(operation)];
  }
}

function readRun(list: readonly Buffer[]): StoredRun | undefined {
  if (list.length === 0) return undefined;
  const fields = new Map<string, string>();
  const steps: { place: number; id: string; text: string }[] = [];
  for (let index = 0; index + 1 < list.length; index += 2) {
    const [name, value] = [fromWire(list[index] as Buffer), fromWire(list[index + 1] as Buffer)];
    if (!name.startsWith('s') || name === 's') {
      fields.set(name, value);
      continue;
    }
    const line = value.indexOf('\n');
    steps.push({ place: Number(value.slice(0, line)), id: name.slice(1), text: value.slice(line + 1) });
  }
  steps.sort((one, other) => one.place - other.place);
  const number = (name: string): number => Number(fields.get(name));
  return {
    incarnation: fields.get('i') as string,
    status: fields.get('s') as RunStatus,
    currentStep: fields.get('c'),
    steps: new Map(steps.map(({ id, text }) => [id, text])),
    outcome: fields.get('o'),
    version: number('v'),
    openings: number('n'),
    createdAt: number('a'),
    updatedAt: number('u'),
    expiresAt: number('e'),
  };
}

function boundText(length: number): string {
  return length === Infinity ? '' : String(length);
}

type Terms = Pick<RunRecord, 'fence' | 'incarnation' | 'ttlMs' | 'maxEvents'>;
