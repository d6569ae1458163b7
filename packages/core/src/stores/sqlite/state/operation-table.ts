import type { Clock } from '../../../clock.ts';
import { wireBytes } from '../../../codec/wire-text.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';
import { operationsSql } from './statements/operations.generated.ts';

/** Is who is asked to do something: a method, and the name of a space, a log or a run. */
export interface OperationSubject {
  readonly method: string;
  readonly name: string;
}

/** Carries out changes of durable state: each in one transaction, and once however often it is asked for. */
export class OperationTable {
  readonly #database: SqliteDatabase;
  readonly #namespace: number;
  readonly #clock: Clock;
  readonly #statements;

  constructor(database: SqliteDatabase, namespace: number, clock: Clock) {
    this.#database = database;
    this.#namespace = namespace;
    this.#clock = clock;
    this.#statements = database.prepare(operationsSql);
  }

  /**
   * Returns what the operation has answered, or carries it out and remembers its answer. Both happen in one transaction, so
   * that a crash leaves the change and the memory of it, or neither.
   *
   * @param run is given the time
   * @param refuses tells which answers have changed nothing, so that the memory of them need not wait for the disk
   */
  once<Answer>(
    { method, name }: OperationSubject,
    operation: string,
    run: (now: number) => Answer,
    refuses: (answer: Answer) => boolean = () => false,
  ): Answer {
    const key = {
      namespace: this.#namespace,
      subject: Buffer.concat([Buffer.from(`${method}\n`), wireBytes(name)]),
      id: wireBytes(operation),
    };
    const known = (): Answer | undefined => {
      const text = this.#statements.find.get(key)?.['answer'] as string | undefined;
      return text === undefined ? undefined : (JSON.parse(text) as Answer);
    };
    const remember = (answer: Answer): Answer => {
      this.#statements.add.run({ ...key, answer: JSON.stringify(answer), now: this.#clock.now() });
      return answer;
    };
    const answer = this.#database.write('keeps', () => {
      const before = known();
      if (before !== undefined) return before;
      const found = run(this.#clock.now());
      return refuses(found) ? found : remember(found);
    });
    return refuses(answer) ? this.#database.write('stores', () => known() ?? remember(answer)) : answer;
  }
}
