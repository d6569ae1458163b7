import type { LuaMachine } from '../lua/lua-machine.ts';
import { ErrorReply, Status, type Reply } from '../resp/reply.ts';
import { CommandError, type Command, type CommandContext } from './command.ts';
import { connectionCommands } from './commands/connection-commands.ts';
import { dataCommands } from './commands/data-commands.ts';
import { Keyspace } from './keyspace.ts';
import type { ModelConnection } from './model-connection.ts';
import { ScriptLibrary } from './script-library.ts';
import { ScriptRunner, OUT_OF_MEMORY, READ_ONLY } from './script-runner.ts';
import { ServerIdentity } from './server-identity.ts';

const ALLOWED_TO_LISTENERS = new Set(['SUBSCRIBE', 'UNSUBSCRIBE', 'PING', 'QUIT']);
const ENDS_TRANSACTION = new Set(['EXEC', 'DISCARD', 'MULTI', 'QUIT']);
/** Is how much of an unknown command its refusal shows. */
const SHOWN = 128;
const QUEUED = new Status('QUEUED');
const LOADING = new ErrorReply('LOADING Valkey is loading the dataset in memory');

/** Configures the model of a server. */
export interface ModelServerOptions {
  readonly machine: LuaMachine;
  /** Returns the time of the server in milliseconds since the epoch, with fractions. */
  readonly now: () => number;
  /** Returns a number from 0 up to, not including, 1. */
  readonly random: () => number;
  /** Changes the text of a script before it is compiled. */
  readonly prepare?: ((text: string) => string) | undefined;
}

/**
 * Answers as a Valkey server does, for the commands that the store, its scripts and its client use. What is not known here
 * is refused as an unknown command, loudly: it never gets a made-up answer.
 */
export class ModelServer implements CommandContext {
  readonly now: () => number;
  readonly identity: ServerIdentity;
  readonly scripts: ScriptLibrary;
  readonly connections = new Set<ModelConnection>();
  keys: Keyspace;
  /** Says that memory is used up: commands that may need more are refused. */
  isFull = false;
  /** Says that this server copies another one: commands that change data are refused. */
  isReplica = false;
  /** Says that data is still being read from disk: all but a few commands are refused. */
  isLoading = false;

  readonly #runner: ScriptRunner;
  readonly #connectionCommands = connectionCommands(this);

  constructor({ machine, now, random, prepare }: ModelServerOptions) {
    this.now = () => Math.floor(now());
    this.keys = new Keyspace(this.now);
    this.identity = new ServerIdentity(random);
    this.scripts = new ScriptLibrary(machine, prepare);
    this.#runner = new ScriptRunner(machine, this);
  }

  /** Runs what a connection sent. A list holds several answers in a row. */
  execute(connection: ModelConnection, words: readonly string[]): readonly Reply[] {
    const name = words[0]?.toUpperCase() ?? '';
    if (connection.channels.size > 0 && !ALLOWED_TO_LISTENERS.has(name)) return [listeningError(words[0] ?? '')];
    if (connection.queued !== undefined && !ENDS_TRANSACTION.has(name)) return [this.#queue(connection, words)];
    const own = this.#connectionCommands.get(name);
    if (own === undefined) return [this.command(words)];
    try {
      checkCount(own, words);
      return own.run(connection, words);
    } catch (error) {
      return [replyOf(error)];
    }
  }

  /** Runs a command of data, or a script. */
  command(words: readonly string[]): Reply {
    const name = words[0]?.toUpperCase() ?? '';
    try {
      const isScript = ScriptRunner.runs(name);
      const command = dataCommands.get(name);
      if (!isScript && command === undefined) return unknownCommand(words);
      checkCount(command ?? ScriptRunner.words, words);
      if (this.isLoading && name !== 'INFO') return LOADING;
      if (command === undefined) return this.#runner.run(words);
      if (command.writes === true && this.isReplica) return new ErrorReply(READ_ONLY);
      if (command.grows === true && this.isFull) return new ErrorReply(OUT_OF_MEMORY);
      return command.run(this, words);
    } catch (error) {
      return replyOf(error);
    }
  }

  publish(channel: string, message: string): number {
    const listeners = [...this.connections].filter(({ channels }) => channels.has(channel));
    for (const listener of listeners) listener.push(['message', channel, message]);
    return listeners.length;
  }

  info(sections: readonly string[]): string {
    return this.identity.info(sections, this);
  }

  #queue(connection: ModelConnection, words: readonly string[]): Reply {
    const name = words[0]?.toUpperCase() ?? '';
    const command = ScriptRunner.runs(name) ? ScriptRunner.words : dataCommands.get(name);
    try {
      if (command === undefined) throw new CommandError(unknownCommand(words).message);
      checkCount(command, words);
      connection.queued?.push(words);
      return QUEUED;
    } catch (error) {
      connection.isSpoilt = true;
      return replyOf(error);
    }
  }
}

/** Refuses too few words, and too many. */
function checkCount({ least, most = Infinity }: Pick<Command, 'least' | 'most'>, words: readonly string[]): void {
  if (words.length >= least && words.length <= most) return;
  throw new CommandError(`ERR wrong number of arguments for '${words[0]?.toLowerCase()}' command`);
}

function unknownCommand([name = '', ...rest]: readonly string[]): ErrorReply {
  let beginning = '';
  for (const each of rest) {
    if (beginning.length >= SHOWN) break;
    // What follows a zero byte is lost, for the server writes its messages in C.
    beginning += `'${each.replace(/\0.*/s, '').slice(0, SHOWN - beginning.length)}' `;
  }
  return new ErrorReply(`ERR unknown command '${name.slice(0, SHOWN)}', with args beginning with: ${beginning}`);
}

function listeningError(name: string): ErrorReply {
  const allowed = '(P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context';
  return new ErrorReply(`ERR Can't execute '${name.toLowerCase()}': only ${allowed}`);
}

function replyOf(error: unknown): ErrorReply {
  if (error instanceof CommandError) return error.reply;
  throw error;
}
