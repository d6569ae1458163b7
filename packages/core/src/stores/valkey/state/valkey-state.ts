import type { Clock } from '../../../clock.ts';
import type { DocumentStore } from '../../../store/document-store.ts';
import type { KeyPage, KeyPageRequest } from '../../../store/key-page.ts';
import type { LockStore } from '../../../store/lock-store.ts';
import type { LogStore } from '../../../store/log-store.ts';
import type { RunStore } from '../../../store/run-store.ts';
import type { StateStore } from '../../../store/state-store.ts';
import type { ValkeyConnection } from '../valkey-connection.ts';
import { Directory } from './directory.ts';
import { StateCommands } from './state-commands.ts';
import { StateKeys } from './state-keys.ts';
import { ValkeyDocuments } from './valkey-documents.ts';
import { ValkeyLocks } from './valkey-locks.ts';
import { ValkeyLog } from './valkey-log.ts';
import { ValkeyRuns } from './valkey-runs.ts';
import { WakeUps } from './wake-ups.ts';

/** Holds the durable state of one namespace on Valkey. */
export class ValkeyState implements StateStore {
  readonly locks: LockStore;
  readonly runs: RunStore;
  readonly #commands: StateCommands;
  readonly #keys: StateKeys;
  readonly #directory: Directory;
  readonly #wakeUps: WakeUps;

  constructor(connection: ValkeyConnection, namespace: string, clock: Clock, budgetMs: number) {
    const keys = new StateKeys(namespace);
    const commands = new StateCommands(connection, budgetMs);
    this.#commands = commands;
    this.#keys = keys;
    this.#directory = new Directory(commands, keys.spaces, clock);
    this.#wakeUps = new WakeUps(connection, keys.channel, clock);
    this.locks = new ValkeyLocks(commands, keys, this.#wakeUps);
    this.runs = new ValkeyRuns(commands, keys, new Directory(commands, keys.runs, clock), this.#wakeUps);
  }

  documents(space: string): DocumentStore {
    return new ValkeyDocuments(this.#commands, this.#keys.space(space), this.#directory, space);
  }

  spaces(request: KeyPageRequest): Promise<KeyPage> {
    return this.#directory.page(request, (names) =>
      this.#commands.existing(names.map((name) => this.#keys.space(name).documents)),
    );
  }

  log(name: string): LogStore {
    return new ValkeyLog(this.#commands, this.#keys.log(name), this.#wakeUps, this.#keys.channel);
  }

  close(): void {
    this.#wakeUps.close();
  }
}
