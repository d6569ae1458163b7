import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages';
import type { RunnableConfig } from '@langchain/core/runnables';
import { type BaseCheckpointSaver, emptyCheckpoint, uuid6 } from '@langchain/langgraph-checkpoint';

/** Is a thread whose list of messages gains one of about 300 bytes with every checkpoint. */
export class GrowingThread {
  readonly config: RunnableConfig;
  readonly #saver: BaseCheckpointSaver;
  readonly #messages: BaseMessage[] = [];
  #at: RunnableConfig;

  constructor(saver: BaseCheckpointSaver, id: string) {
    this.#saver = saver;
    this.config = { configurable: { thread_id: id, checkpoint_ns: '' } };
    this.#at = this.config;
  }

  /** Puts the next checkpoint, and returns the nanoseconds that it took. */
  async put(): Promise<number> {
    const step = this.#messages.length + 1;
    const content = `${step} `.padEnd(300, 'All about caches. ');
    this.#messages.push(step % 2 === 1 ? new HumanMessage(content) : new AIMessage(content));
    const checkpoint = {
      ...emptyCheckpoint(),
      id: uuid6(step),
      channel_values: { messages: [...this.#messages] },
      channel_versions: { messages: step },
    };
    const startedAt = process.hrtime.bigint();
    this.#at = await this.#saver.put(this.#at, checkpoint, { source: 'loop', step, parents: {} }, { messages: step });
    return Number(process.hrtime.bigint() - startedAt);
  }

  /** Puts the writes of one task beside the newest checkpoint. */
  async putWrites(): Promise<void> {
    await this.#saver.putWrites(this.#at, [['messages', this.#messages.at(-1)]], 'task');
  }
}
