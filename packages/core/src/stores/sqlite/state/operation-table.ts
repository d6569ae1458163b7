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
   * Returns what the operation has answered, or carries it out and remembers its answer if it is one to keep. Both happen in
   * one transaction, so that a crash leaves the change and the memory of it, or neither.
   *
   * @param run is given the time
   */
  once<Answer>(
    { method, name }: OperationSubject,
    operation: string,
    run: (now: number) => Answer,
    keeps: (answer: Answer) => boolean = () => true,
  ): Answer {
    const key = {
      namespace: this.#namespace,
      subject: Buffer.concat([Buffer.from(`${method}\n`), wireBytes(name)]),
      id: wireBytes(operation),
    };
    return this.#database.write('keeps', () => {
      const known = this.#statements.find.get(key)?.['answer'];
      if (known !== undefined) return JSON.parse(known as string) as Answer;
      const now = this.#clock.now();
      const answer = run(now);
      if (keeps(answer)) this.#statements.add.run({ ...key, answer: JSON.stringify(answer), now });
      return answer;
    });
  }
}
